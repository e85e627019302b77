/** What the outbox could not do: shown to people, never only logged. */
import type { Queryable } from '../db/db.ts'

export type StuckJob = {
  readonly id: number
  readonly queue: string
  readonly orderingKey: string | null
  readonly payload: unknown
  readonly attempts: number
  readonly lastError: string | null
  readonly createdAt: string
  readonly nextAttemptAt: string | null
  /** Given up: stays so until somebody tries it again. */
  readonly dead: boolean
}

const PATIENCE_MS = 3_600_000
const TROUBLING_ATTEMPTS = 3

/** Jobs given up, jobs that failed three times or more, and jobs nobody has taken for an hour; oldest first, at most 500. */
export async function stuckJobs(db: Queryable, now: Date): Promise<readonly StuckJob[]> {
  const patience = new Date(now.getTime() - PATIENCE_MS).toISOString()
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where('done_at', 'is', null)
    .where((row) =>
      row.or([
        row('dead_at', 'is not', null),
        row.and([row('attempts', '>=', TROUBLING_ATTEMPTS), row('last_error', 'is not', null)]),
        row.and([row('created_at', '<', patience), row('run_at', '<', patience), row('locked_until', 'is', null)]),
      ]),
    )
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    queue: row.queue,
    orderingKey: row.ordering_key,
    payload: row.payload,
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at,
    nextAttemptAt: row.dead_at ? null : row.run_at,
    dead: row.dead_at !== null,
  }))
}

/** Tries a stuck job again at once, with a full set of attempts; false when it is done or running. */
export async function retryJob(tx: Queryable, id: number): Promise<boolean> {
  const revived = await tx
    .updateTable('job')
    .set({ dead_at: null, attempts: 0, run_at: new Date(0).toISOString() })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .where('locked_until', 'is', null)
    .executeTakeFirst()
  return revived.numUpdatedRows === 1n
}

/** Removes jobs done before `before`. Their unique keys are free again, so keep them longer than any repeat can come. */
export async function deleteDoneJobs(db: Queryable, before: Date): Promise<number> {
  const deleted = await db.deleteFrom('job').where('done_at', '<', before.toISOString()).executeTakeFirst()
  return Number(deleted.numDeletedRows)
}
