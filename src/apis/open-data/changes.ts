/** The change feed: every public change of every service, in the order in which they were committed. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Queryable } from '#src/platform/db/db.ts'
import { type ServiceField, visibleTo } from '#src/rules/audience.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { readParameters, text } from './parameters.ts'

export type ChangesRequest = { readonly after: number; readonly limit: number }

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
/** Cursors are numbers to us and ordered text to others: of this many digits, so that text order is their order. */
const CURSOR_DIGITS = 16
const WHERE_CURSORS_COME_FROM = 'Give a cursor from an answer of this feed, or leave it out to begin at the start'

export const changesParameters = z.strictObject({
  after: text('a cursor')
    .regex(new RegExp(`^\\d{${CURSOR_DIGITS}}$`), { error: WHERE_CURSORS_COME_FROM, abort: true })
    .transform(Number)
    .refine(Number.isSafeInteger, { error: WHERE_CURSORS_COME_FROM })
    .optional()
    .meta({ description: 'The cursor of the last change you know. Absent: from the start.', example: cursorOf(4711) }),
  limit: text(`a number from 1 to ${MAX_LIMIT}`)
    .regex(/^\d{1,9}$/, { error: `Give a whole number from 1 to ${MAX_LIMIT}`, abort: true })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, { error: `Give a number from 1 to ${MAX_LIMIT}` })
    .optional()
    .meta({ description: `How many changes, 1 to ${MAX_LIMIT}. Absent: ${DEFAULT_LIMIT}.`, example: '100' }),
})

export function readChangesRequest(query: unknown): Result<ChangesRequest> {
  const read = readParameters(changesParameters, query)
  if (!read.ok) return read
  return accepted({ after: read.value.after ?? 0, limit: read.value.limit ?? DEFAULT_LIMIT })
}

/** Names of changed fields in the ledger that are parts of a record's field. */
const PARTS: Readonly<Record<string, ServiceField>> = {
  weekly: 'hours',
  bankHoliday: 'hours',
  openAllHours: 'hours',
  specified: 'hours',
  /** A new service: that there is one is as public as its number. */
  created: 'uid',
}
const WHOLE: readonly ServiceField[] = [
  'name',
  'publicName',
  'typeId',
  'odsCode',
  'status',
  'address',
  'postcode',
  'easting',
  'northing',
  'latitude',
  'longitude',
  'phone',
  'web',
  'publicInformation',
]
/** What the feed may name. Anything else, known or not, is left out; a change of nothing else is not in the feed. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  ...WHOLE.filter((field) => visibleTo('public', `service.${field}`)),
  ...Object.keys(PARTS).filter((part) => visibleTo('public', `service.${PARTS[part] ?? 'other'}`)),
])
const PUBLIC_FIELDS_ARRAY = `{${[...PUBLIC_FIELDS]}}`

/**
 * One page of the feed as JSON text, `next` being the cursor to ask with afterwards (the same one when nothing came).
 * Refuses a cursor beyond the last change. Ledger numbers are given out in commit order, so that what a page has passed
 * can never change: no reader skips or repeats.
 */
export async function changesAnswer(db: Queryable, { after, limit }: ChangesRequest): Promise<Result<string>> {
  const rows = await db
    .selectFrom('service_change')
    .select(['seq', 'recorded_at', 'uid', 'ods_code', 'fields'])
    .where('seq', '>', after)
    .where('fields', '&&', sql<string[]>`${PUBLIC_FIELDS_ARRAY}::text[]`)
    .orderBy('seq')
    .limit(limit)
    .execute()
  if (rows.length === 0 && (await isBeyondTheEnd(db, after))) {
    return refused({ field: 'after', code: 'future', message: `after: ${WHERE_CURSORS_COME_FROM}` })
  }
  const changes = rows.map((row) => ({
    cursor: cursorOf(row.seq),
    at: row.recorded_at,
    uid: row.uid,
    odsCode: row.ods_code,
    fields: row.fields.filter((field) => PUBLIC_FIELDS.has(field)),
  }))
  return accepted(JSON.stringify({ changes, next: cursorOf(rows.at(-1)?.seq ?? after) }))
}

async function isBeyondTheEnd(db: Queryable, after: number): Promise<boolean> {
  const head = await db.selectFrom('ledger_head').select('change_seq').where('id', '=', 1).executeTakeFirstOrThrow()
  return after > head.change_seq
}

function cursorOf(seq: number): string {
  return String(seq).padStart(CURSOR_DIGITS, '0')
}
