/** Which services a pharmacy is asked about, and on which page. */
import type { Profile } from '#src/profiles/profile.ts'
import { askedServices, canOffer } from '#src/profiles/remote-offers.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'

type Asked = Pick<Profile, 'kind' | 'services'>

/** Whether a service is asked about on the page of urgent care services: those that change whom NHS 111 sends here. */
export const isUrgentCare = ({ group, dosType, zCode }: OfferedServiceKind): boolean =>
  group === 'urgent' || dosType !== null || zCode !== null

/** The services of the page of urgent care services, first those that the directory has a code for. */
export const urgentCareKinds = (profile: Asked): readonly OfferedServiceKind[] =>
  askedServices(profile)
    .filter(isUrgentCare)
    .toSorted((a, b) => (a.zCode ?? Number.POSITIVE_INFINITY) - (b.zCode ?? Number.POSITIVE_INFINITY) || 0)

/** The services of the long list: all others. */
export const listedKinds = (profile: Asked): readonly OfferedServiceKind[] =>
  askedServices(profile).filter((kind) => !isUrgentCare(kind))

/** How many services are offered, and how many of those that are asked about nobody has answered. */
export function countOffers(profile: Profile): { readonly offered: number; readonly unanswered: number } {
  const answers = askedServices(profile)
    .filter((kind) => canOffer(profile.kind, kind))
    .map(({ code }) => profile.services?.[code])
  return {
    offered: answers.filter((answer) => answer?.offered).length,
    unanswered: answers.filter((answer) => answer === undefined).length,
  }
}
