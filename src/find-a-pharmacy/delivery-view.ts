/** What the public page says of how medicines get to people. Pure. */
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { registerAddress } from '#src/rules/premises-number.ts'

/** Lines of a list, each a sentence, and the pharmacy's page in the public register of the GPhC. */
export type DeliveryView = {
  readonly lines: readonly string[]
  readonly register: { readonly number: string; readonly href: string } | null
}

/** How a pharmacy that nobody visits delivers; null for all others, and for one that closed for good. */
export function deliveryView({ kind, status, delivery }: PublicProfileView): DeliveryView | null {
  if (!isRemoteOnly(kind) || status === 'closed') return null
  const { how, orderBy, workingDays, premisesNumber } = delivery ?? {}
  return {
    lines: [
      'This pharmacy delivers to every address in England.',
      ...(how ? [how] : []),
      ...(orderBy ? [`What you order by ${formatTime(orderBy)} on a working day is sent the same day.`] : []),
      ...(workingDays ? [`Delivery usually takes ${workingDays} working day${workingDays === 1 ? '' : 's'}.`] : []),
    ],
    register: premisesNumber ? { number: premisesNumber, href: registerAddress(premisesNumber) } : null,
  }
}
