/** To whoever told us that a page is wrong: what became of it. Text: wrong-answered.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type WrongAnswered = {
  readonly kind: 'wrong-answered'
  readonly recipient: string
  readonly reportId: number
  readonly odsCode: string
  readonly pharmacyName: string
  readonly outcome: 'corrected' | 'right' | 'settled'
}

const render = emailText<{ pharmacyName: string; outcome: WrongAnswered['outcome']; address: string }>(
  'emails/wrong-answered.njk',
)

/** What names every email about a report to whoever told us, so that it can be forgotten with the address. */
export const wrongAnsweredEvent = (reportId: number): string => `wrong-answered ${reportId}`

/** Writes the email. Words of whoever told us are never sent: the address may not be theirs. */
export function writeWrongAnswered(facts: WrongAnswered, baseUrl: string): Email {
  const { recipient, reportId, odsCode, outcome } = facts
  const pharmacyName = oneLine(facts.pharmacyName)
  return {
    event: wrongAnsweredEvent(reportId),
    recipient,
    subject: oneLine(`What you told us about ${pharmacyName}`),
    text: render({ pharmacyName, outcome, address: `${baseUrl}/pharmacies/${odsCode}` }),
  }
}
