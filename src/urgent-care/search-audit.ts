/**
 * Who asked what of the directory, and what they got: a record of every search, written behind the answer.
 *
 * Records wait in memory for a quarter of a second and are written together, so that a process that is killed loses
 * what was recorded in its last second at most. In a rush they are put away in pieces, which costs a tenth, and written
 * to their table when it is quiet again. While the database is away they wait, up to a limit; then the oldest go.
 */

import { DatabaseError } from '#src/platform/db/database-error.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Gauge } from '#src/platform/http/operations.ts'
import type { Log } from '#src/platform/log.ts'
import {
  deleteSearchesBefore,
  fileOldestPiece,
  insertSearches,
  spoolSearches,
  takeOldestPiece,
} from './search-audit-store.ts'
import { rowOf } from './search-record.ts'

export const SEARCH_KINDS = ['live', 'what-if', 'test', 'monitoring'] as const
/** Tests and monitoring are the two case ids that suppliers agreed on; a search for a given moment is a what-if. */
export type SearchKind = (typeof SEARCH_KINDS)[number]

export type AuditedSearch = {
  /** UTC ISO text. */
  readonly at: string
  readonly username: string
  readonly api: 'soap' | 'rest' | 'finder'
  /** `1.5`, `1.3`, `1.0`. */
  readonly version: string
  /** `CheckCapacitySummary`, `ServiceDetailsById`, `byServiceType` … */
  readonly operation: string
  readonly transactionId: string | null
  readonly caseRef: string | null
  readonly caseId: string | null
  readonly kind: SearchKind
  /** `M33 7`, never the whole postcode. */
  readonly postcodeSector: string | null
  /** What was asked, age in the unit that was given; never the whole postcode. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** `ok`, `catch-all`, or the code of the fault. */
  readonly outcome: string
  /** In the order in which they were returned. */
  readonly uids: readonly number[]
  readonly durationMicros: number
}

export type SearchAudit = {
  /** Keeps one search for writing. Never waits, never throws. */
  record(search: AuditedSearch): void
  /** Resolves when what was recorded before can be looked up, or when writing failed. */
  flush(): Promise<void>
  /** Writes what is left and ends. */
  stop(): Promise<void>
  readonly counts: { readonly written: number; readonly waiting: number; readonly dropped: number }
}

const WAIT_MS = 250
const RETRY_MS = 1000
/** Written by one statement: few enough that neither this thread nor the embedded database is busy for long. */
const ROWS_AT_A_TIME = 250
/** More than this in a quarter of a second is a rush: some thousand searches a second. */
const RUSH_ROWS = 400
/** About 50 MB, and ten seconds of the busiest hour anyone has. */
const MOST_WAITING = 50_000
const DAY_MS = 86_400_000

/** Records searches in `db` until stopped. `mostWaiting` is how many are kept while they cannot be written. */
export function createSearchAudit(
  db: Db,
  { log, mostWaiting = MOST_WAITING }: { readonly log: Log; readonly mostWaiting?: number },
): SearchAudit {
  /** Rows as JSON texts: one text each keeps the collector from walking over all that a search is made of. */
  const waiting: string[] = []
  const counts = { written: 0, dropped: 0 }
  const outage = createOutage(log, () => counts.dropped)
  let timer: NodeJS.Timeout | undefined
  /** In a rush nothing waits its time: what is old when it is let go costs the collector most. */
  let hurry: NodeJS.Immediate | undefined
  let writing: Promise<void> | undefined
  let isStopped = false
  /** Pieces may be left from before the start. */
  let mayHavePieces = true

  const lose = (count: number): void => {
    counts.dropped += count
    if (count > 0) outage.losing()
  }
  const writeAll = async (): Promise<void> => {
    const isRush = waiting.length > RUSH_ROWS && !isStopped
    // Only what waits now: who flushes need not wait for those that come meanwhile.
    for (let left = waiting.length; left > 0; left -= ROWS_AT_A_TIME) {
      const batch = waiting.splice(0, Math.min(left, ROWS_AT_A_TIME))
      try {
        const written = isRush ? await putAway(batch) : await insertWhatCanBe(db, batch)
        counts.written += written
        counts.dropped += batch.length - written
        outage.over()
      } catch (error) {
        waiting.unshift(...batch)
        outage.began(error)
        return
      }
    }
    if (!isRush) await fileSome()
  }
  const putAway = async (rows: readonly string[]): Promise<number> => {
    await spoolSearches(db.pool, rows)
    mayHavePieces = true
    return rows.length
  }
  /** One piece at a time: there may be a rush again before the next. */
  const fileSome = async (): Promise<void> => {
    try {
      if (mayHavePieces) mayHavePieces = (await fileOldest(db)) > 0
    } catch (error) {
      outage.began(error)
    }
  }
  const write = (): Promise<void> => {
    clearTimeout(timer)
    clearImmediate(hurry)
    timer = undefined
    hurry = undefined
    writing ??= writeAll().finally(() => {
      writing = undefined
      if ((waiting.length > 0 || mayHavePieces) && !isStopped)
        timer ??= setTimeout(write, outage.isOn() ? RETRY_MS : WAIT_MS)
    })
    return writing
  }
  return {
    record(search) {
      if (isStopped) return lose(1)
      const row = rowText(search)
      if (row === undefined) counts.dropped++
      else waiting.push(row)
      if (waiting.length > mostWaiting) lose(waiting.splice(0, Math.ceil(mostWaiting / 100)).length)
      if (writing !== undefined) return
      timer ??= setTimeout(write, WAIT_MS)
      if (waiting.length > RUSH_ROWS && !outage.isOn()) hurry ??= setImmediate(write)
    },
    async flush() {
      await writing
      await write()
      while (mayHavePieces && !outage.isOn()) await write()
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      clearImmediate(hurry)
      await writing
      await write()
      lose(waiting.splice(0).length)
    },
    counts: {
      get written() {
        return counts.written
      },
      get waiting() {
        return waiting.length
      },
      get dropped() {
        return counts.dropped
      },
    },
  }
}

/** The numbers of `/metrics` about the record of searches. */
export function searchAuditGauges({ counts }: SearchAudit): readonly Gauge[] {
  return [
    { name: 'signpost_searches_recorded', help: 'Searches written since the start.', value: counts.written },
    { name: 'signpost_searches_waiting', help: 'Searches that are still to be written.', value: counts.waiting },
    { name: 'signpost_searches_dropped', help: 'Searches that could not be recorded.', value: counts.dropped },
  ]
}

/** Deletes the records of searches older than `days`; answers with how many. */
export function forgetSearches(db: Db, { now, days }: { readonly now: Date; readonly days: number }): Promise<number> {
  return deleteSearchesBefore(db.pool, new Date(now.getTime() - days * DAY_MS))
}

/** Which kind a search is, by its case id and whether it asks for a moment of its own. */
export function kindOf(caseId: string | null | undefined, searchDateTimeGiven: boolean): SearchKind {
  const id = caseId?.trim().toUpperCase()
  if (id === 'TEST') return 'test'
  if (id === 'MONITORING') return 'monitoring'
  return searchDateTimeGiven ? 'what-if' : 'live'
}

/** Undefined for a record that cannot even be read; its fault must not stop the others. */
function rowText(search: AuditedSearch): string | undefined {
  try {
    return JSON.stringify(rowOf(search))
  } catch {
    return undefined
  }
}

/** SQLSTATE classes of values that a table refuses: trying again is no use. */
const REFUSED_VALUE = /^2[23]/

/** Writes the rows; of a batch that holds a row which cannot be stored, the others. Answers with how many were. */
async function insertWhatCanBe(db: Db, rows: readonly string[]): Promise<number> {
  if (rows.length === 0) return 0
  try {
    await insertSearches(db.pool, rows)
    return rows.length
  } catch (error) {
    if (!(error instanceof DatabaseError) || !REFUSED_VALUE.test(error.code ?? '')) throw error
    if (rows.length === 1) return 0
    const half = Math.ceil(rows.length / 2)
    return (await insertWhatCanBe(db, rows.slice(0, half))) + (await insertWhatCanBe(db, rows.slice(half)))
  }
}

/** Files the oldest piece that was put away; of one that holds a row which cannot be stored, the others. */
async function fileOldest(db: Db): Promise<number> {
  try {
    return await fileOldestPiece(db.pool)
  } catch (error) {
    if (!(error instanceof DatabaseError) || !REFUSED_VALUE.test(error.code ?? '')) throw error
    const rows = await takeOldestPiece(db.pool)
    await insertWhatCanBe(db, rows)
    return rows.length
  }
}

/** Says once that searches cannot be recorded, once that some are lost, and when all is well again. */
function createOutage(log: Log, dropped: () => number) {
  let state: 'none' | 'waiting' | 'losing' = 'none'
  return {
    isOn: () => state !== 'none',
    began(error: unknown) {
      if (state !== 'none') return
      state = 'waiting'
      log.error({ err: error }, 'Searches cannot be recorded; they are kept in memory and tried again')
    },
    losing() {
      if (state === 'losing') return
      state = 'losing'
      log.error('Searches could not be recorded and are lost')
    },
    over() {
      if (state === 'none') return
      state = 'none'
      log.warn({ lostSinceTheStart: dropped() }, 'Searches are recorded again')
    },
  }
}
