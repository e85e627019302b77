/**
 * Acting for a pharmacy: begun with a reason and a time of review, then one act after the other through the same change
 * as everybody's. An act is written down before its change, with a job that finishes it: where a process dies in
 * between, its notices are still sent, and only once.
 */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { ClosureSaved } from '#src/closures/change-closure.ts'
import { loadClosure, loadClosureEvents } from '#src/closures/closure-records.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import { instantOf, toLondon } from '#src/rules/london-time.ts'
import { lineAt, lineChangesAfter } from '#src/rules/on-call.ts'
import type { Result } from '#src/rules/problems.ts'
import { loadCall, lockCall, updateCall } from './call-store.ts'
import type { DeskDeps } from './desk-deps.ts'
import { tellOfAct } from './notices.ts'
import { queueReview } from './review-calls.ts'

export type ActKind = 'close' | 'reopen' | 'expect'
export type StoredAct = {
  readonly id: number
  readonly callId: number
  readonly begunAt: string
  readonly actor: string
  readonly what: ActKind
  readonly closureId: string
  readonly doneAt: string | null
}

/** Finishes an act whose process did not. */
export const UNFINISHED_ACT = 'on-call-act'
const UNFINISHED_AFTER_MS = 120_000
const HOUR_MS = 3_600_000

/** What the closure's own history calls each act. */
const EVENTS: Readonly<Record<ActKind, string>> = { close: 'told', reopen: 'reopened', expect: 'changed' }

/** When a review is due: after so many hours, or when the service desk opens next. */
export function reviewTime(hours: number | null, { clock, holidays }: Pick<DeskDeps, 'clock' | 'holidays'>): Date {
  const now = clock.now()
  if (hours !== null) return new Date(now.getTime() + hours * HOUR_MS)
  const time = toLondon(now)
  const next = lineChangesAfter(time, holidays())
  return instantOf(lineAt(next, holidays()) === 'service-desk' ? next : lineChangesAfter(next, holidays()))
}

/** Begins to act for the pharmacy of a call. Throws `Forbidden` before the caller has shown who they are. */
export async function beginActing(
  deps: DeskDeps,
  actor: Actor,
  callId: number,
  { reason, reviewAt }: { readonly reason: string; readonly reviewAt: Date },
): Promise<void> {
  const now = deps.clock.now()
  const by = auditNameOf(actor)
  await deps.db.transact(async (tx) => {
    const call = await lockCall(tx, callId)
    if (!call || call.endedAt) throw new NotFound('There is no such open call')
    if (!call.provedAt) throw new Forbidden('The caller has not shown yet that they belong to the pharmacy')
    await updateCall(tx, callId, {
      reason,
      acting_since: now.toISOString(),
      acting_by: by,
      review_at: reviewAt.toISOString(),
      review_asked_at: null,
      review_taken_at: null,
      review_taken_by: null,
    })
    await queueReview(tx, callId, reviewAt)
    const detail = { call: callId, reason, proved: call.provedHow, review: reviewAt.toISOString() }
    const entry = { actor: by, action: 'act-for-pharmacy', target: `profile:${call.odsCode}`, detail, changes: [] }
    await appendToLedger(tx, now.toISOString(), [entry])
  })
}

/**
 * Does one act of a call: `change` makes the change under the closure's id. Waits until this process shows it. Throws
 * `Forbidden` for everybody but whoever acts in this call.
 */
export async function act(
  deps: DeskDeps,
  actor: Actor,
  asked: { readonly callId: number; readonly what: ActKind; readonly closureId: string },
  change: () => Promise<Result<ClosureSaved>>,
): Promise<Result<ClosureSaved>> {
  const { callId, what, closureId } = asked
  const by = auditNameOf(actor)
  const call = await loadCall(deps.db.pool, callId)
  if (!call || call.endedAt) throw new NotFound('There is no such open call')
  if (call.actingBy !== by) throw new Forbidden('You do not act for the pharmacy in this call')
  const begun = deps.clock.now()
  const actId = await deps.db.transact(async (tx) => {
    const { id } = await tx
      .insertInto('on_call_act')
      .values({ call_id: callId, begun_at: begun.toISOString(), actor: by, what, closure_id: closureId })
      .returning('id')
      .executeTakeFirstOrThrow()
    const runAt = new Date(begun.getTime() + UNFINISHED_AFTER_MS)
    await enqueue(tx, UNFINISHED_ACT, { actId: id }, { uniqueKey: String(id), runAt })
    return id
  })
  const saved = await change()
  if (!saved.ok) {
    const refused_at = deps.clock.now().toISOString()
    await deps.db.pool.updateTable('on_call_act').set({ refused_at }).where('id', '=', actId).execute()
    return saved
  }
  await deps.db.transact((tx) => finishAct(tx, actId, deps.clock.now()))
  await deps.follower.reached(saved.value.seq)
  return saved
}

/** Notes that an act is done and tells whom it concerns, once; where its change never happened it does nothing. */
export async function finishAct(tx: Tx, actId: number, now: Date): Promise<void> {
  const row = await tx
    .selectFrom('on_call_act')
    .selectAll()
    .where('id', '=', actId)
    .where('done_at', 'is', null)
    .where('refused_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return
  const happened = (await loadClosureEvents(tx, row.closure_id)).some(
    ({ event, actor, happenedAt }) =>
      event === EVENTS[row.what as ActKind] &&
      actor === row.actor &&
      Date.parse(happenedAt) >= Date.parse(row.begun_at),
  )
  const [call, closure] = [await loadCall(tx, row.call_id), await loadClosure(tx, row.closure_id)]
  if (!happened || !call || !closure) return
  await tx.updateTable('on_call_act').set({ done_at: now.toISOString() }).where('id', '=', actId).execute()
  await tellOfAct(tx, { act: actOf(row), call, closure }, now)
}

/** What was done in a call, first to last. */
export async function loadActs(db: Queryable, callId: number): Promise<readonly StoredAct[]> {
  const rows = await db
    .selectFrom('on_call_act')
    .selectAll()
    .where('call_id', '=', callId)
    .where('done_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(actOf)
}

const actOf = (row: {
  id: number
  call_id: number
  begun_at: string
  actor: string
  what: string
  closure_id: string
  done_at: string | null
}): StoredAct => ({
  id: row.id,
  callId: row.call_id,
  begunAt: row.begun_at,
  actor: row.actor,
  what: row.what as ActKind,
  closureId: row.closure_id,
  doneAt: row.done_at,
})
