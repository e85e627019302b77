/** "You asked for access": to whoever asked, with what happens next for each pharmacy. Text: access-asked.njk */
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { momentWords, type NamedPharmacy, pharmacyWords, roleWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type AccessAsked = {
  readonly kind: 'access-asked'
  /** The first request of those that were sent together. */
  readonly requestId: number
  readonly recipient: string
  readonly name: string
  readonly role: PharmacyRole
  readonly pharmacies: readonly (NamedPharmacy & {
    /** Who can say yes first. */
    readonly next: 'mailbox' | 'owners' | 'team'
  })[]
  /** UTC ISO text. */
  readonly askedAt: string
}

const render = emailText<{
  name: string
  askedOn: string
  role: string
  pharmacies: readonly { name: string; next: AccessAsked['pharmacies'][number]['next'] }[]
  requestsAddress: string
  contactAddress: string
}>('emails/access-asked.njk')

/** Writes the email. */
export function writeAccessAsked(facts: AccessAsked, baseUrl: string): Email {
  const [first, ...others] = facts.pharmacies
  const which = first && others.length === 0 ? pharmacyWords(first) : `${facts.pharmacies.length} pharmacies`
  return {
    event: `access-asked ${facts.requestId}`,
    recipient: facts.recipient,
    subject: oneLine(`You asked for access to ${which}`),
    text: render({
      name: oneLine(facts.name),
      askedOn: momentWords(facts.askedAt),
      role: roleWords(facts.role),
      pharmacies: facts.pharmacies.map((pharmacy) => ({ name: pharmacyWords(pharmacy), next: pharmacy.next })),
      requestsAddress: `${baseUrl}/manage/access/requests`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
