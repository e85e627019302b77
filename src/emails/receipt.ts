/** "Keep this as evidence": a receipt, to whoever submitted it and to the pharmacy's shared mailbox. Text: receipt.njk */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { parseQuarter } from '#src/rules/financial-quarter.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ReceiptEmail = {
  readonly kind: 'receipt'
  readonly recipient: string
  /** Of the recipient; empty for a mailbox that several people share, and where we do not know it. */
  readonly name: string
  /** Whether the recipient is who submitted it. */
  readonly own: boolean
  readonly reference: string
  /** What fits the reference on the page that verifies it. */
  readonly code: string
  readonly pharmacyName: string
  readonly odsCode: string
  /** `2026-27-Q3`. */
  readonly quarter: string
  /** UTC ISO text. */
  readonly submittedAt: string
  readonly submittedBy: string
  /** What was checked or changed, in words; no value that is not public. */
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[]
}

const render = emailText<{
  name: string
  own: boolean
  submittedBy: string
  submittedOn: string
  pharmacyName: string
  odsCode: string
  quarter: string
  reference: string
  code: string
  sections: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  receiptAddress: string
  verifyAddress: string
  contactAddress: string
}>('emails/receipt.njk')

/** Writes the email. One receipt, one email to each recipient. */
export function writeReceipt(facts: ReceiptEmail, baseUrl: string): Email {
  const { reference, code, odsCode } = facts
  const { day, minute } = toLondon(new Date(facts.submittedAt))
  const pharmacyName = oneLine(facts.pharmacyName)
  return {
    event: `receipt ${reference}`,
    recipient: facts.recipient,
    subject: `Receipt ${reference}: ${pharmacyName}`,
    text: render({
      name: oneLine(facts.name),
      own: facts.own,
      submittedBy: oneLine(facts.submittedBy),
      submittedOn: `${formatDate(dateOf(day))} at ${formatTime(minute)}`,
      pharmacyName,
      odsCode,
      quarter: parseQuarter(facts.quarter)?.name ?? facts.quarter,
      reference,
      code,
      sections: facts.sections.map(({ heading, lines }) => ({ heading: oneLine(heading), lines: lines.map(oneLine) })),
      receiptAddress: `${baseUrl}/manage/${odsCode}/receipts/${reference}`,
      verifyAddress: `${baseUrl}/verify/${reference}?code=${code}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
