/** What became of somebody's access: to that person. Text: your-access.njk */
import type { LocalDate } from '#src/rules/london-time.ts'
import { type PharmacyRole, roleInSentence } from '#src/rules/pharmacy-roles.ts'
import { type NamedPharmacy, pharmacyWords, quotedLine, roleWords, untilWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type YourAccess = {
  readonly kind: 'your-access'
  /** What caused the email, unique for ever: an audit number, a request. */
  readonly cause: string
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  readonly outcome: 'granted' | 'changed' | 'refused' | 'removed' | 'left' | 'ended' | 'ending'
  /** The role they have now; of those that lost it, the role they had or asked for. */
  readonly role: PharmacyRole
  readonly lastDay: LocalDate | null
  /** Who did it, as they are shown to others. Empty when nobody did. */
  readonly by: string
  /** Why it was refused; empty when nobody said. */
  readonly reason: string
}

const SUBJECTS: Readonly<Record<YourAccess['outcome'], string>> = {
  granted: 'You have access to',
  changed: 'Your access has changed to',
  refused: 'You were not given access to',
  removed: 'Your access has been removed from',
  left: 'You have left',
  ended: 'Your access has ended to',
  ending: 'Your access ends soon to',
}

const render = emailText<{
  outcome: YourAccess['outcome']
  pharmacy: string
  role: string
  label: string
  until: string
  by: string
  reason: string
  profileAddress: string
  askAddress: string
  contactAddress: string
}>('emails/your-access.njk')

/** Writes the email. */
export function writeYourAccess(facts: YourAccess, baseUrl: string): Email {
  return {
    event: `your-access ${facts.outcome} ${facts.cause}`,
    recipient: facts.recipient,
    subject: oneLine(`${SUBJECTS[facts.outcome]} ${pharmacyWords(facts.pharmacy)}`),
    text: render({
      outcome: facts.outcome,
      pharmacy: pharmacyWords(facts.pharmacy),
      role: roleWords(facts.role),
      label: roleInSentence(facts.role),
      until: untilWords(facts.lastDay),
      by: oneLine(facts.by),
      reason: facts.reason === '' ? '' : quotedLine(facts.reason),
      profileAddress: `${baseUrl}/manage/${facts.pharmacy.odsCode}`,
      askAddress: `${baseUrl}/manage/access`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
