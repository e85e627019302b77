/** "Somebody says that a page is wrong": to the pharmacy, and later to the lead of its area. Text: wrong-reported.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type WrongReported = {
  readonly kind: 'wrong-reported'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  readonly reportId: number
  /** `flagged`: several came within a day. */
  readonly side: 'pharmacy' | 'lead' | 'flagged'
  readonly odsCode: string
  readonly pharmacyName: string
  /** What is wrong, in our own words. */
  readonly what: string
  /** By when the pharmacy answers, in words; empty for leads. */
  readonly due: string
}

const render = emailText<Omit<WrongReported, 'kind' | 'recipient' | 'reportId'> & { readonly address: string }>(
  'emails/wrong-reported.njk',
)

/** Writes the email. What somebody wrote stays on the page. */
export function writeWrongReported(facts: WrongReported, baseUrl: string): Email {
  const { side, odsCode, reportId, recipient, what, due } = facts
  const pharmacyName = oneLine(facts.pharmacyName)
  const subject = {
    pharmacy: `Is this wrong? ${what}`,
    lead: 'Not answered: somebody says that a page is wrong',
    flagged: 'Several people say that a page is wrong',
  }[side]
  return {
    event: `wrong-reported ${reportId} ${side}`,
    recipient,
    subject: oneLine(`${subject}, ${pharmacyName} (${odsCode})`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      ...{ side, odsCode, pharmacyName, what, due },
      address:
        side === 'pharmacy' ? `${baseUrl}/manage/${odsCode}/wrong-reports` : `${baseUrl}/workspace/wrong-reports`,
    }),
  }
}
