/** What a receipt says, line by line: the same words on its page, in its PDF and in its email. */
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { parseQuarter } from '#src/rules/financial-quarter.ts'
import { type Receipt, type ReceiptSection, type ReceiptValue, receiptCode, type SignedReceipt } from './receipt.ts'

/** A section of a receipt in words. */
export type SectionLines = {
  /** `Standard opening times: changed`. */
  readonly heading: string
  readonly lines: readonly string[]
}

/** The heading and lines of a section. */
export const sectionLines = ({ title, act, values }: ReceiptSection): SectionLines => ({
  heading: `${title}: ${act === 'checked' ? 'checked, everything is correct' : 'changed'}`,
  lines: values.map((value) => lineOf(value, act)),
})

function lineOf(value: ReceiptValue, act: ReceiptSection['act']): string {
  if ('withheld' in value) {
    return `${value.label}: ${act === 'checked' ? 'checked' : 'changed'} (not public, so not shown here)`
  }
  if ('text' in value) return `${value.label}: ${value.text}`
  const { label, before, after } = value
  if (before === null) return `${label}: ${after ?? 'not given'} (not given before)`
  return `${label}: ${after ?? 'removed'} (before: ${before})`
}

/** A receipt as people read it. */
export type ReceiptWords = {
  readonly title: string
  readonly facts: readonly { readonly label: string; readonly text: string }[]
  readonly sections: readonly SectionLines[]
  /** What proves it, for whoever checks by program. */
  readonly proof: readonly { readonly label: string; readonly text: string }[]
  readonly verifyAddress: string
  readonly submittedAt: Date
}

/** Everything that a receipt says. `baseUrl` is where it can be verified. */
export function receiptWords(
  { receipt, hash, signature }: Omit<SignedReceipt, 'document'>,
  baseUrl: string,
): ReceiptWords {
  const { reference, pharmacy, quarter, submittedAt, submittedBy, ledgerEntry, previousHash, keyId } = receipt
  return {
    title: `Receipt ${reference}`,
    facts: [
      { label: 'Pharmacy', text: `${pharmacy.name} (${pharmacy.odsCode})` },
      { label: 'Quarter', text: quarterInWords(quarter) },
      { label: 'Submitted', text: formatMomentIn(submittedAt) },
      { label: 'Submitted by', text: submittedBy },
      { label: 'Reference', text: reference },
      { label: 'Code', text: receiptCode(hash) },
    ],
    sections: receipt.sections.map(sectionLines),
    proof: [
      ...receipt.sections.map(({ title, contentHash }) => ({
        label: `Content hash, ${title.toLowerCase()}`,
        text: contentHash,
      })),
      { label: 'Hash of this receipt', text: hash },
      { label: 'Hash of the receipt before', text: previousHash ?? 'None: this is the first' },
      { label: 'Entry in the audit', text: String(ledgerEntry) },
      { label: 'Key', text: keyId },
      { label: 'Signature', text: signature },
    ],
    verifyAddress: verifyAddress(baseUrl, receipt, hash),
    submittedAt: new Date(submittedAt),
  }
}

/** `Checked: contact details, bank holidays. Changed: services.` */
export function actsInWords(sections: readonly Pick<ReceiptSection, 'title' | 'act'>[]): string {
  const named = (act: ReceiptSection['act']) =>
    sections.filter((section) => section.act === act).map(({ title }) => title.toLowerCase())
  const parts = [
    ['Checked', named('checked')],
    ['Changed', named('changed')],
  ] as const
  return parts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${names.join(', ')}.`)
    .join(' ')
}

/** Where anybody sees that a receipt is genuine. */
export const verifyAddress = (baseUrl: string, { reference }: Pick<Receipt, 'reference'>, hash: string): string =>
  `${baseUrl}/verify/${reference}?code=${receiptCode(hash)}`

/** `October to December 2026`. */
export const quarterInWords = (quarter: string): string => parseQuarter(quarter)?.name ?? quarter

/** A receipt as plain lines, for a terminal. */
export function receiptLines(signed: SignedReceipt): readonly string[] {
  const { facts, sections } = receiptWords(signed, signed.receipt.issuer)
  return [
    ...facts.map(({ label, text }) => `${label}: ${text}`),
    ...sections.flatMap(({ heading, lines }) => [heading, ...lines.map((line) => `  ${line}`)]),
  ].map(oneLine)
}

/** What somebody wrote may not move a terminal's cursor. */
const oneLine = (text: string): string => text.replaceAll(/\p{C}+/gu, ' ')
