/**
 * The outbox: work that a transaction causes and that happens after it, such as an email. A job exists if and only if
 * its transaction committed. It is done at least once, so handlers must be idempotent.
 *
 * Jobs are claimed by locking rows, never by remembering the last id seen: ids can commit out of order, and a cursor
 * would then skip one.
 */
import { sql } from 'kysely'
import type { Queryable } from '../db/db.ts'

export type Job = {
  readonly id: number
  readonly queue: string
  readonly payload: unknown
  /** 1 for the first attempt. */
  readonly attempts: number
  readonly maxAttempts: number
}

export type EnqueueOptions = {
  /** A second job of this queue with the same key is not added, even after the first is done. */
  readonly uniqueKey?: string
  /** Jobs of this queue with the same key run one at a time, oldest first. */
  readonly orderingKey?: string
  /** Not before this instant. Default: at once. */
  readonly runAt?: Date
  /** Default 8, which spans about two and a half hours. */
  readonly maxAttempts?: number
}

/** A handler throws this when trying again cannot help; the job is given up at once and shown among the stuck ones. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}

const LONGEST_WAIT_S = 3600
const FIRST_WAIT_S = 5

/** Adds a job in the caller's transaction; false when its unique key is taken. `payload` must survive JSON. */
export async function enqueue(
  tx: Queryable,
  queue: string,
  payload: object,
  options: EnqueueOptions = {},
): Promise<boolean> {
  const added = await tx
    .insertInto('job')
    .values({
      queue,
      payload: JSON.stringify(payload),
      unique_key: options.uniqueKey ?? null,
      ordering_key: options.orderingKey ?? null,
      ...(options.runAt && { run_at: options.runAt.toISOString() }),
      ...(options.maxAttempts && { max_attempts: options.maxAttempts }),
    })
    .onConflict((conflict) => conflict.columns(['queue', 'unique_key']).where('unique_key', 'is not', null).doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** One of many jobs that are added together. */
export type NewJob = { readonly payload: object; readonly uniqueKey: string }

const JOBS_AT_ONCE = 1000

/** Adds many jobs in few statements; says how many were new. Those whose unique key is taken are left out. */
export async function enqueueMany(
  tx: Queryable,
  queue: string,
  jobs: readonly NewJob[],
  { maxAttempts = 8 }: Pick<EnqueueOptions, 'maxAttempts'> = {},
): Promise<number> {
  let added = 0
  for (let start = 0; start < jobs.length; start += JOBS_AT_ONCE) {
    const rows = jobs
      .slice(start, start + JOBS_AT_ONCE)
      .map(({ payload, uniqueKey }) => ({ payload, unique_key: uniqueKey }))
    const { numAffectedRows } = await sql`
      insert into job (queue, payload, unique_key, max_attempts)
      select ${queue}, payload, unique_key, ${maxAttempts}::integer
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (payload jsonb, unique_key text)
      on conflict (queue, unique_key) where unique_key is not null do nothing`.execute(tx)
    added += Number(numAffectedRows ?? 0)
  }
  return added
}

export type Claim = {
  readonly worker: string
  readonly queues: readonly string[]
  readonly now: Date
  readonly leaseMs: number
}

/** Takes the oldest job that is ready, until the lease ends; undefined when there is none. */
export async function claimJob(db: Queryable, { worker, queues, now, leaseMs }: Claim): Promise<Job | undefined> {
  const at = now.toISOString()
  const until = new Date(now.getTime() + leaseMs).toISOString()
  await giveUpAbandoned(db, queues, at)
  const { rows } = await sql<Job>`
    update job set locked_until = ${until}, locked_by = ${worker}, attempts = attempts + 1
    where id = (
      select candidate.id from job as candidate
      where candidate.done_at is null and candidate.dead_at is null
        and candidate.queue = any(${queues}::text[])
        and candidate.run_at <= ${at}
        and (candidate.locked_until is null or candidate.locked_until < ${at})
        and not exists (
          select from job as older
          where older.queue = candidate.queue and older.ordering_key = candidate.ordering_key and older.id < candidate.id
            and older.done_at is null and older.dead_at is null
        )
      order by candidate.id
      limit 1
      for update skip locked
    )
    returning id, queue, payload, attempts, max_attempts as "maxAttempts"`.execute(db)
  return rows[0]
}

/** Jobs whose last allowed attempt ended with the death of its process would otherwise be tried for ever. */
async function giveUpAbandoned(db: Queryable, queues: readonly string[], at: string): Promise<void> {
  await sql`
    update job set dead_at = ${at}, locked_until = null,
      last_error = coalesce(last_error || '; then ', '') || 'the process that did it died'
    where done_at is null and dead_at is null and queue = any(${queues}::text[])
      and attempts >= max_attempts and locked_until < ${at}`.execute(db)
}

/** Prolongs the lease; false when another worker has taken the job over. */
export async function renewLease(db: Queryable, job: Job, { worker, now, leaseMs }: Claim): Promise<boolean> {
  const until = new Date(now.getTime() + leaseMs).toISOString()
  const renewed = await held(db, job, worker).set({ locked_until: until }).executeTakeFirst()
  return renewed.numUpdatedRows === 1n
}

/** Marks the job as done, unless another worker has taken it over. */
export async function finishJob(db: Queryable, job: Job, worker: string, now: Date): Promise<void> {
  await held(db, job, worker).set({ done_at: now.toISOString(), locked_until: null, last_error: null }).execute()
}

/** Puts the job back for a later attempt, or gives it up after the last one or when `error` is a `GiveUp`. */
export async function failJob(
  db: Queryable,
  job: Job,
  worker: string,
  now: Date,
  error: unknown,
): Promise<'again' | 'dead'> {
  const dead = error instanceof GiveUp || job.attempts >= job.maxAttempts
  const message = (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, 500)
  const again = new Date(now.getTime() + waitSeconds(job.attempts) * 1000).toISOString()
  await held(db, job, worker)
    .set({ locked_until: null, last_error: message, ...(dead ? { dead_at: now.toISOString() } : { run_at: again }) })
    .execute()
  return dead ? 'dead' : 'again'
}

/** Seconds until the next attempt after `attempts` of them: 5, 20, 80, 320, 1280, then an hour each. */
export function waitSeconds(attempts: number): number {
  return Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 4 ** (attempts - 1))
}

const held = (db: Queryable, job: Job, worker: string) =>
  db.updateTable('job').where('id', '=', job.id).where('locked_by', '=', worker).where('done_at', 'is', null)
