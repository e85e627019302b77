/** What a receipt says, line by line: the same words on its page, in its PDF and in its email. */
import { parseQuarter } from '#src/rules/financial-quarter.ts'
import type { ReceiptSection, ReceiptValue } from './receipt.ts'

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

/** `October to December 2026`. */
export const quarterInWords = (quarter: string): string => parseQuarter(quarter)?.name ?? quarter
