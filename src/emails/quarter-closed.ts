/** "The quarter is closed": the final position, to those who answer for an area or run a pharmacy. Text: quarter-closed.njk */
import { areaInWords } from '#src/rules/area-names.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { parseQuarter } from '#src/rules/financial-quarter.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type QuarterClosed = {
  readonly kind: 'quarter-closed'
  readonly recipient: string
  /** Null for somebody who has never signed in. */
  readonly name: string | null
  readonly quarterId: string
  /** Of the frozen report of all of England. */
  readonly rootHash: string
  /** Areas that the reader answers for, by their ICB's ODS code. */
  readonly areas: readonly { readonly area: string; readonly pharmacies: number; readonly complete: number }[]
  /** Pharmacies that the reader runs, with the titles of the sections that nobody checked. */
  readonly pharmacies: readonly {
    readonly odsCode: string
    readonly name: string
    readonly missing: readonly string[]
  }[]
}

/** A head office with hundreds of branches reads the rest on its own pages. */
const MOST_LISTED = 50

const render = emailText<{
  name: string | null
  quarter: string
  ended: string
  rootHash: string
  areas: readonly string[]
  done: number
  total: number
  missing: readonly string[]
  more: number
  address: string | null
  manageAddress: string
}>('emails/quarter-closed.njk')

/** Writes the email: one a person and quarter. */
export function writeQuarterClosed(facts: QuarterClosed, baseUrl: string): Email {
  const { quarterId, areas, pharmacies } = facts
  const quarter = parseQuarter(quarterId)
  const missing = pharmacies.filter((pharmacy) => pharmacy.missing.length > 0)
  const name = quarter?.name ?? quarterId
  return {
    event: `quarter-closed ${quarterId}`,
    recipient: facts.recipient,
    subject: `NHS profile checks, ${name}: the final position`,
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      quarter: name,
      ended: quarter ? formatDateShort(quarter.ends) : quarterId,
      rootHash: facts.rootHash,
      areas: areas.map(
        (each) => `${areaInWords(oneLine(each.area))}: ${each.complete} of ${each.pharmacies} checked everything`,
      ),
      done: pharmacies.length - missing.length,
      total: pharmacies.length,
      missing: missing
        .slice(0, MOST_LISTED)
        .map((each) => oneLine(`${each.name} (${each.odsCode}): not checked: ${each.missing.join(', ')}`)),
      more: Math.max(0, missing.length - MOST_LISTED),
      address: areas.length > 0 ? `${baseUrl}/reports/verification?quarter=${quarterId}` : null,
      manageAddress: `${baseUrl}/manage`,
    }),
  }
}
