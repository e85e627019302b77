/** A search as it is kept: what programs sent is cut to size, and nothing stays that a person at a screen could not read. */
import type { AuditedSearch } from './search-audit.ts'

/** A row of `search_audit`. */
export type SearchRow = {
  readonly searched_at: string
  readonly username: string
  readonly api: string
  readonly version: string
  readonly operation: string
  readonly transaction_id: string | null
  readonly case_ref: string | null
  readonly case_id: string | null
  readonly kind: string
  readonly postcode_sector: string | null
  readonly parameters: unknown
  readonly outcome: string
  readonly uids: readonly number[]
  readonly duration_micros: number
}

const LONGEST_CASE = 100
const LONGEST_TEXT = 200
const LONGEST_WORD = 100
const MOST_ITEMS = 50
const MOST_UIDS = 500
const DEEPEST = 3
const MOST_MICROS = 2_147_483_647

/** Whole postcodes say where a patient lives; whatever is called one is not kept. */
const NEVER_KEPT = /postcode/i

/** The row that is written of a search. */
export function rowOf(search: AuditedSearch): SearchRow {
  return {
    searched_at: search.at,
    username: readable(search.username, LONGEST_WORD),
    api: search.api,
    version: readable(search.version, LONGEST_WORD),
    operation: readable(search.operation, LONGEST_WORD),
    transaction_id: readableOrNull(search.transactionId, LONGEST_WORD),
    case_ref: readableOrNull(search.caseRef, LONGEST_CASE),
    case_id: readableOrNull(search.caseId, LONGEST_CASE),
    kind: search.kind,
    postcode_sector: readableOrNull(search.postcodeSector, LONGEST_WORD),
    parameters: keepable(search.parameters, 0),
    outcome: readable(search.outcome, LONGEST_WORD),
    uids: search.uids.slice(0, MOST_UIDS),
    duration_micros: Math.min(MOST_MICROS, Math.max(0, Math.round(search.durationMicros))),
  }
}

/** A value with short texts, short lists and not too deep. */
function keepable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return readable(value, LONGEST_TEXT)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) return null
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => keepable(item, depth + 1))
  return keepableFields(value, depth + 1)
}

function keepableFields(fields: object, depth: number): object {
  const kept: Record<string, unknown> = {}
  let count = 0
  for (const name in fields) {
    if (++count > MOST_ITEMS) break
    const keptName = keptNameOf(name)
    if (keptName !== null) kept[keptName] = keepable((fields as Record<string, unknown>)[name], depth)
  }
  return kept
}

const knownNames = new Map<string, string | null>()
const MOST_NAMES = 500

/** The name under which a parameter is kept; null for one that is not. The same few names come with every search. */
function keptNameOf(name: string): string | null {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  const kept = NEVER_KEPT.test(name) ? null : readable(name, LONGEST_WORD)
  if (knownNames.size < MOST_NAMES && name.length <= LONGEST_WORD) knownNames.set(name, kept)
  return kept
}

const readableOrNull = (text: string | null, longest: number): string | null =>
  text === null ? null : readable(text, longest) || null

/** Printed ASCII that neither begins nor ends with a space. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu

/** At most `longest` characters, without those that are not seen: each run of them is one space. */
function readable(text: string, longest: number): string {
  if (text.length <= longest && PLAIN.test(text)) return text
  // Texts of a megabyte are cut before they are looked at.
  const start = text.slice(0, longest * 2)
  return start.toWellFormed().replace(UNSEEN, ' ').trim().slice(0, longest).toWellFormed()
}
