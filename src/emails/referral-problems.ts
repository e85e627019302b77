/** "Patients were sent to you whom you could not help": once a day at most, to a pharmacy. Text: referral-problems.njk */
import { formatDateShort } from '#src/rules/clock-time.ts'
import { type LocalDate, parseLocalDate } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ReferralProblems = {
  readonly kind: 'referral-problems'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  readonly odsCode: string
  readonly pharmacyName: string
  /** The London day that it is about. */
  readonly date: LocalDate
  /** What was told, and how often. */
  readonly reasons: readonly { readonly words: string; readonly times: number }[]
}

const render = emailText<{
  name: string | null
  pharmacy: string
  date: string
  reasons: readonly { words: string; times: number }[]
  address: string
}>('emails/referral-problems.njk')

/** Writes the email: one a pharmacy, day and recipient. Nothing is known of the patients. */
export function writeReferralProblems(facts: ReferralProblems, baseUrl: string): Email {
  const { odsCode, pharmacyName, date } = facts
  const day = formatDateShort(parseLocalDate(date) ?? date)
  return {
    event: `referral-problems ${odsCode} ${date}`,
    recipient: facts.recipient,
    subject: oneLine(`Patients whom ${pharmacyName} could not help on ${day}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      date: day,
      reasons: facts.reasons.map(({ words, times }) => ({ words: oneLine(words), times })),
      address: `${baseUrl}/manage/${odsCode}/referral-problems`,
    }),
  }
}
