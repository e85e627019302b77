/**
 * Red or Amber from a later time on, such as a planned loss of staff. It waits in a table; a job of the outbox applies it.
 * One waits for each service: asking for another, or setting the service meanwhile, cancels it.
 */
import { sql } from 'kysely'
import { loadApiAccount } from '#src/accounts/api-accounts.ts'
import { grantsOf } from '#src/accounts/sessions.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import { decideCapacity, LONGEST_AHEAD_MINUTES, LONGEST_NOTE } from '#src/rules/capacity-setting.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import {
  type CapacityVia,
  LONGEST_STORED_NOTE,
  lockServicesByUid,
  type ServiceCapacity,
  type SetBy,
  setCapacityIn,
} from './set-capacity.ts'
import { type CapacitySetter, maySet } from './who-may-set.ts'

/** Runs `startScheduled`. */
export const CAPACITY_START = 'capacity-start'

const MINUTE_MS = 60_000

/** Something asked for a later time. Instants are UTC ISO text. */
export type ScheduledCapacity = {
  readonly id: number
  readonly uid: number
  readonly startsAt: string
  readonly status: CapacityStatus
  /** Minutes from its start until Green. */
  readonly resetInMinutes: number
  readonly note: string | null
  /** As in `audit.actor`. */
  readonly askedBy: string
  readonly via: CapacityVia
}

/**
 * Asks for Red or Amber from `startsAt` on; minutes count from then. Refused like `setCapacity`, and with the field
 * `startsAt` for a time that is over or more than four weeks away, and for Green.
 */
export async function scheduleCapacity(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  asked: ServiceCapacity & { readonly startsAt: Date },
  { actor, via }: SetBy,
): Promise<Result<{ readonly id: number }>> {
  const now = clock.now()
  const decided = decideCapacity(asked, { longestNote: via === 'api' ? LONGEST_STORED_NOTE : LONGEST_NOTE })
  if (!decided.ok) return decided
  const { status, resetInMinutes, note } = decided.value
  const problem = startProblem(asked.startsAt, now)
  if (problem || resetInMinutes === null) return refused(problem ?? GREEN_LATER)
  const { uid, startsAt } = asked
  return db.transact(async (tx) => {
    const service = (await lockServicesByUid(tx, [uid])).get(uid)
    if (service?.record.status !== 'ACTIVE') {
      return refused({
        field: String(uid),
        code: service ? 'inactive' : 'unknown',
        message: `Service ${uid} cannot be set`,
      })
    }
    const at = now.toISOString()
    await tx
      .updateTable('capacity_schedule')
      .set({ ended_at: at, outcome: 'cancelled' })
      .where('uid', '=', uid)
      .where('ended_at', 'is', null)
      .execute()
    const row = {
      uid,
      starts_at: startsAt.toISOString(),
      status: status as string,
      reset_minutes: resetInMinutes,
      note,
    }
    const { id } = await tx
      .insertInto('capacity_schedule')
      .values({ ...row, asked_at: at, asked_by: actor, via })
      .returning('id')
      .executeTakeFirstOrThrow()
    await enqueue(tx, CAPACITY_START, { scheduleId: id }, { runAt: startsAt, uniqueKey: String(id), maxAttempts: 40 })
    await appendToLedger(tx, at, [
      { actor, action: 'schedule-capacity', target: `service:${uid}`, detail: { via, ...row }, changes: [] },
    ])
    return accepted({ id })
  })
}

const GREEN_LATER: Problem = { field: 'startsAt', code: 'green', message: 'Only Red and Amber can start later' }

function startProblem(startsAt: Date, now: Date): Problem | undefined {
  const ahead = startsAt.getTime() - now.getTime()
  if (ahead > 0 && ahead <= LONGEST_AHEAD_MINUTES * MINUTE_MS) return undefined
  return { field: 'startsAt', code: 'invalid', message: 'The start must be later than now, and within four weeks' }
}

/** What waits for these services, by uid. */
export async function loadScheduled(
  db: Queryable,
  uids: readonly number[],
): Promise<ReadonlyMap<number, ScheduledCapacity>> {
  const { rows } = await sql<ScheduledCapacity>`
    select id, uid, starts_at as "startsAt", status, reset_minutes as "resetInMinutes", note, asked_by as "askedBy", via
    from capacity_schedule where uid = any(${[...uids]}::bigint[]) and ended_at is null order by id`.execute(db)
  return new Map(rows.map((row) => [row.uid, row]))
}

/**
 * Applies what was asked for, as whoever asked. Nothing when it was cancelled. Refused, and noted so, when they may not set
 * the service any more, when it is not active, and when we come so late that it would be over.
 */
export async function startScheduled(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { payload }: Job,
): Promise<void> {
  const { scheduleId } = payload as { readonly scheduleId: number }
  await db.transact(async (tx) => {
    const row = await tx.selectFrom('capacity_schedule').selectAll().where('id', '=', scheduleId).executeTakeFirst()
    if (!row || row.ended_at !== null) return
    await lockServicesByUid(tx, [row.uid])
    const now = clock.now()
    // Whoever sets the service locks it first: what is not ended now is not ended by anybody else.
    const taken = await tx
      .updateTable('capacity_schedule')
      .set({ ended_at: now.toISOString(), outcome: 'applied' })
      .where('id', '=', scheduleId)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (taken.numUpdatedRows === 0n) return
    const endsAt = Date.parse(row.starts_at) + row.reset_minutes * MINUTE_MS
    const setter = await setterOf(tx, row.asked_by, now)
    const isAllowed = setter !== undefined && (await maySet(tx, setter, [row.uid])).has(row.uid)
    const minutesLeft = Math.ceil((endsAt - now.getTime()) / MINUTE_MS)
    const asked = { uid: row.uid, status: row.status, resetInMinutes: minutesLeft, note: row.note }
    const by = { actor: row.asked_by, via: row.via as CapacityVia, now }
    const isApplied = isAllowed && minutesLeft > 0 && (await setCapacityIn(tx, [asked], by)).ok
    if (isApplied) return
    await tx.updateTable('capacity_schedule').set({ outcome: 'refused' }).where('id', '=', scheduleId).execute()
  })
}

/** Whoever asked, with the rights of now. */
async function setterOf(db: Queryable, actor: string, now: Date): Promise<CapacitySetter | undefined> {
  const [kind, name = ''] = splitActor(actor)
  if (kind === 'account') return await loadApiAccount(db, name)
  if (kind !== 'person') return undefined
  return { personId: 0, email: name, name, grants: await grantsOf(db, name, now) }
}

const splitActor = (actor: string): readonly [kind: string, name: string] => {
  const colon = actor.indexOf(':')
  return [actor.slice(0, colon), actor.slice(colon + 1)]
}
