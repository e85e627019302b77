/** Who may act for a pharmacy has changed: to its owners, and where somebody new came in to its shared mailbox. Text: people-changed.njk */
import type { LocalDate } from '#src/rules/london-time.ts'
import { type PharmacyRole, ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'
import { type NamedPharmacy, pharmacyWords, untilWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type PeopleChanged = {
  readonly kind: 'people-changed'
  /** What caused the email, unique for ever. */
  readonly cause: string
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  readonly what: 'granted' | 'changed' | 'invited' | 'declined' | 'refused' | 'removed' | 'left' | 'ended' | 'ending'
  /** Whose access it is: an email address. */
  readonly person: string
  readonly role: PharmacyRole
  readonly lastDay: LocalDate | null
  /** Who did it; empty when nobody did. */
  readonly by: string
}

const WORDS: Readonly<Record<PeopleChanged['what'], string>> = {
  granted: 'has access now',
  changed: 'has other access now',
  invited: 'was invited',
  declined: 'declined the invitation',
  refused: 'was refused access',
  removed: 'was removed',
  left: 'left',
  ended: 'no longer has access',
  ending: 'has access that ends soon',
}

const render = emailText<{
  pharmacy: string
  person: string
  words: string
  role: string
  until: string
  by: string
  peopleAddress: string
  contactAddress: string
}>('emails/people-changed.njk')

/** Writes the email. */
export function writePeopleChanged(facts: PeopleChanged, baseUrl: string): Email {
  const words = WORDS[facts.what]
  return {
    event: `people-changed ${facts.what} ${facts.cause}`,
    recipient: facts.recipient,
    subject: oneLine(`${pharmacyWords(facts.pharmacy)}: ${facts.person} ${words}`),
    text: render({
      pharmacy: pharmacyWords(facts.pharmacy),
      person: facts.person,
      words,
      role: ROLE_WORDS[facts.role].label,
      until: untilWords(facts.lastDay),
      by: oneLine(facts.by),
      peopleAddress: `${baseUrl}/manage/${facts.pharmacy.odsCode}/people`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
