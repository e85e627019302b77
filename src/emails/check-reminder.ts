/** "Check your profile": to whoever may check pharmacies whose quarter is not done, all of theirs in one email. Text: check-reminder.njk */
import { formatDateShort } from '#src/rules/clock-time.ts'
import { type LocalDate, parseLocalDate } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type CheckReminder = {
  readonly kind: 'check-reminder'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  /** `2026-27-Q3`, and the day of it that this reminder is for. */
  readonly quarterId: string
  readonly day: number
  /** The quarter's last day. */
  readonly finishBy: LocalDate
  readonly pharmacies: readonly PharmacyToCheck[]
}

export type PharmacyToCheck = {
  readonly odsCode: string
  readonly name: string
  readonly postcode: string
  /** Titles of the sections that are not checked. */
  readonly sections: readonly string[]
  /** Holidays that must be answered first. */
  readonly unanswered: number
}

const render = emailText<{
  name: string | null
  finishBy: string
  many: boolean
  pharmacies: readonly { readonly heading: string; readonly left: string }[]
  address: string
  contactAddress: string
}>('emails/check-reminder.njk')

/** Writes the email. One reminder day of a quarter, one email a recipient. */
export function writeCheckReminder(facts: CheckReminder, baseUrl: string): Email {
  const finishBy = formatDateShort(parseLocalDate(facts.finishBy) ?? facts.finishBy)
  const [first] = facts.pharmacies
  const many = facts.pharmacies.length > 1
  const which = many || !first ? `${facts.pharmacies.length} pharmacies` : first.name
  return {
    event: `check-reminder ${facts.quarterId} day ${facts.day}`,
    recipient: facts.recipient,
    subject: oneLine(`Check the NHS profile of ${which} by ${finishBy}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      finishBy,
      many,
      pharmacies: facts.pharmacies.map((pharmacy) => ({ heading: pharmacyLine(pharmacy), left: leftToDo(pharmacy) })),
      address: many || !first ? `${baseUrl}/manage?show=due` : `${baseUrl}/manage/${first.odsCode}/check-everything`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

/** `Hill & Sons, M33 7AB (FX123)`. */
export const pharmacyLine = ({ name, postcode, odsCode }: Omit<PharmacyToCheck, 'sections' | 'unanswered'>): string =>
  oneLine(`${name}, ${postcode} (${odsCode})`)

function leftToDo({ sections, unanswered }: PharmacyToCheck): string {
  const days = unanswered === 1 ? '1 bank holiday needs an answer' : `${unanswered} bank holidays need an answer`
  return `${sections.join(', ')}${unanswered > 0 ? `; ${days} first` : ''}`
}
