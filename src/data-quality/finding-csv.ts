/** Findings as CSV, piece by piece. */
import { csvLine } from '#src/platform/csv-line.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { qualityRule } from '#src/rules/quality-rules.ts'
import { type Finding, type FindingsQuestion, findingsInPieces } from './findings.ts'

const COLUMNS = [
  ...['rule', 'severity', 'odsCode', 'pharmacy', 'icb', 'uid', 'service', 'finding', 'ours', 'theirs'],
  ...['foundOn', 'goneOn', 'lastSeenOn', 'fromFirstComparison', 'exemptUntil', 'exemptBecause'],
]

/** The file, head first. A list of ten thousand is never held whole. */
export async function* findingsCsv(db: Queryable, question: FindingsQuestion): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(COLUMNS)}`
  for await (const piece of findingsInPieces(db, question)) yield piece.map(lineOf).join('')
}

/** Numbers and texts as they are, nothing as an empty cell. */
const cell = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value)

function lineOf(finding: Finding): string {
  const { rule, odsCode, place, pharmacy, icb, uid, service, detail, ours, theirs } = finding
  const { openedOn, closedOn, lastSeenOn, isFirst, exemption } = finding
  const code = odsCode ?? (place.startsWith('uid:') ? null : place)
  const cells = [
    ...[rule, qualityRule(rule)?.severity, code, pharmacy, icb, uid, service, detail, ours, theirs],
    ...[openedOn, closedOn, lastSeenOn, isFirst ? 'yes' : 'no', exemption?.endsOn, exemption?.reason],
  ]
  return csvLine(cells.map(cell))
}
