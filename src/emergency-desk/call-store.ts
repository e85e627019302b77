/** Calls, as the database holds them. */
import { type Selectable, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { Tables } from '#src/platform/db/tables.ts'
import { inScope, matchesText } from '#src/profiles/match-pharmacies.ts'
import type { FactKind } from '#src/rules/challenge-facts.ts'

/** How a call ended. `used-tool`: the caller did it themselves; `not-proved`: they did not show who they are. */
export const OUTCOMES = ['sent-to-desk', 'used-tool', 'acted', 'not-proved', 'nothing'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Instants are UTC ISO text; people as in audit.actor. */
export type StoredCall = {
  readonly id: number
  readonly openedAt: string
  readonly openedBy: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly callerName: string
  /** Null once it was blotted out. */
  readonly callback: string | null
  readonly inHours: boolean
  readonly overrideReason: string | null
  readonly triedTool: boolean | null
  readonly whyNot: string | null
  readonly linkSentAt: string | null
  readonly facts: readonly FactKind[] | null
  readonly codeId: string | null
  readonly provedAt: string | null
  readonly provedHow: 'code' | 'facts' | null
  readonly reason: string | null
  readonly actingSince: string | null
  readonly actingBy: string | null
  readonly reviewAt: string | null
  readonly reviewAskedAt: string | null
  readonly reviewTakenAt: string | null
  readonly reviewTakenBy: string | null
  readonly endedAt: string | null
  readonly outcome: Outcome | null
}

export type NewCall = Pick<
  StoredCall,
  'openedAt' | 'openedBy' | 'odsCode' | 'callerName' | 'callback' | 'inHours' | 'overrideReason'
>

/** Keeps a new call. Says its number. */
export async function insertCall(tx: Tx, call: NewCall, ended: Outcome | null): Promise<number> {
  const { id } = await tx
    .insertInto('on_call_call')
    .values({
      opened_at: call.openedAt,
      opened_by: call.openedBy,
      ods_code: call.odsCode,
      caller_name: call.callerName,
      callback: call.callback,
      in_hours: call.inHours,
      override_reason: call.overrideReason,
      ...(ended && { outcome: ended, ended_at: call.openedAt, ended_by: call.openedBy }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Changes a call that has not ended; false when it has. The caller's transaction holds it locked from then on. */
export async function updateCall(
  tx: Tx,
  id: number,
  change: Partial<Omit<Tables['on_call_call'], 'id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('on_call_call')
    .set(change)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const calls = (db: Queryable) =>
  db
    .selectFrom('on_call_call')
    .innerJoin('profile', 'profile.ods_code', 'on_call_call.ods_code')
    .selectAll('on_call_call')
    .select('profile.name')

/** One call; undefined when there is none of this number. */
export async function loadCall(db: Queryable, id: number): Promise<StoredCall | undefined> {
  const row = await calls(db).where('on_call_call.id', '=', id).executeTakeFirst()
  return row && callOf(row)
}

/** One call, locked until the transaction ends. */
export async function lockCall(tx: Tx, id: number): Promise<StoredCall | undefined> {
  await tx.selectFrom('on_call_call').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  return await loadCall(tx, id)
}

/** The call in which somebody acts for a pharmacy now: the last they began. */
export async function loadActingCall(db: Queryable, actor: string): Promise<StoredCall | undefined> {
  const row = await calls(db)
    .where('acting_by', '=', actor)
    .where('ended_at', 'is', null)
    .orderBy('acting_since', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && callOf(row)
}

/** Calls of the pharmacies in a scope that have not ended, oldest first. */
export async function loadOpenCalls(db: Queryable, scope: Scope): Promise<readonly StoredCall[]> {
  const rows = await calls(db).where('ended_at', 'is', null).where(within(scope)).orderBy('on_call_call.id').execute()
  return rows.map(callOf)
}

/** Calls whose review is due at an instant, the longest due first. */
export async function loadDueReviews(db: Queryable, scope: Scope, now: Date): Promise<readonly StoredCall[]> {
  const rows = await calls(db)
    .where('review_at', '<=', now.toISOString())
    .where(within(scope))
    .orderBy('review_at')
    .orderBy('on_call_call.id')
    .execute()
  return rows.map(callOf)
}

export const CALLS_A_PAGE = 25

export type CallSearch = {
  readonly scope: Scope
  /** ODS code, name or postcode of a pharmacy; empty finds all. */
  readonly text: string
  /** UTC: calls opened from the one up to but not at the other. */
  readonly from: Date | null
  readonly to: Date | null
  readonly page: number
}

/** A page of all calls, newest first, and how many there are. */
export async function findCalls(
  db: Queryable,
  { scope, text, from, to, page }: CallSearch,
): Promise<{ readonly calls: readonly StoredCall[]; readonly matching: number }> {
  const found = sql<boolean>`on_call_call.ods_code in (
    select ods_code from profile where ${inScope(scope)} and ${matchesText(text)})`
  const between = sql<boolean>`opened_at >= ${from?.toISOString() ?? '-infinity'} and opened_at < ${to?.toISOString() ?? 'infinity'}`
  const rows = await calls(db)
    .where(found)
    .where(between)
    .orderBy('on_call_call.id', 'desc')
    .limit(CALLS_A_PAGE)
    .offset((page - 1) * CALLS_A_PAGE)
    .execute()
  const { matching } = await db
    .selectFrom('on_call_call')
    .select((row) => row.fn.countAll<number>().as('matching'))
    .where(found)
    .where(between)
    .executeTakeFirstOrThrow()
  return { calls: rows.map(callOf), matching: Number(matching) }
}

const within = (scope: Scope) =>
  sql<boolean>`on_call_call.ods_code in (select ods_code from profile where ${inScope(scope)})`

/** How long callback numbers are kept. */
export const CALLBACK_KEPT_DAYS = 90

/** Blots out the callback numbers of calls that were opened before an instant. */
export async function blotCallbacks(db: Queryable, before: Date): Promise<void> {
  await db
    .updateTable('on_call_call')
    .set({ callback: null })
    .where('callback', 'is not', null)
    .where('opened_at', '<', before.toISOString())
    .execute()
}

function callOf(row: Selectable<Tables['on_call_call']> & { readonly name: string }): StoredCall {
  return {
    id: row.id,
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    odsCode: row.ods_code,
    pharmacy: row.name,
    callerName: row.caller_name,
    callback: row.callback,
    inHours: row.in_hours,
    overrideReason: row.override_reason,
    triedTool: row.tried_tool,
    whyNot: row.why_not,
    linkSentAt: row.link_sent_at,
    facts: row.facts as readonly FactKind[] | null,
    codeId: row.code_id,
    provedAt: row.proved_at,
    provedHow: row.proved_how as StoredCall['provedHow'],
    reason: row.reason,
    actingSince: row.acting_since,
    actingBy: row.acting_by,
    reviewAt: row.review_at,
    reviewAskedAt: row.review_asked_at,
    reviewTakenAt: row.review_taken_at,
    reviewTakenBy: row.review_taken_by,
    endedAt: row.ended_at,
    outcome: row.outcome as Outcome | null,
  }
}
