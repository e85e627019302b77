/** Closures and what happened to them, as the database holds them. */
import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { Tables } from '#src/platform/db/tables.ts'
import type { ClosureEnd, ClosureTimes } from '#src/rules/closure-states.ts'

/** From where a closure was told. */
export type ClosureVia = 'profile-manager' | 'code' | 'desk'

export type StoredClosure = ClosureTimes & {
  readonly id: string
  readonly odsCode: string
  /** Uids of the DoS services that are shut; null: the whole pharmacy. */
  readonly services: readonly number[] | null
  readonly reason: string
  readonly advice: string | null
  /** UTC ISO text: when the request reached us. */
  readonly toldAt: string
  /** As in `audit.actor`. */
  readonly toldBy: string
  readonly via: ClosureVia
  readonly filledInBy: string | null
  readonly phone: string | null
  readonly lastWordAt: number
  readonly reminded: boolean
  /** Ledger sequence of its last change. */
  readonly seq: number
}

export const CLOSURE_EVENTS = [
  'told',
  'changed',
  'confirmed',
  'asked',
  'reminded',
  'reopened',
  'expired',
  'cancelled',
  'written-on',
] as const
export type ClosureEventName = (typeof CLOSURE_EVENTS)[number]

export type ClosureEvent = {
  readonly id: number
  /** UTC ISO text. */
  readonly happenedAt: string
  /** As in `audit.actor`. */
  readonly actor: string
  readonly event: ClosureEventName
  readonly detail: Readonly<Record<string, unknown>>
}

/** One closure; undefined when there is none of that id. */
export async function loadClosure(db: Queryable, id: string): Promise<StoredClosure | undefined> {
  const row = await db.selectFrom('closure').selectAll().where('id', '=', id).executeTakeFirst()
  return row && closureOf(row)
}

/** The closures of a pharmacy that nobody has ended, first to start first. Some may be expired all the same: ask their state. */
export async function loadOpenClosures(db: Queryable, odsCode: string): Promise<readonly StoredClosure[]> {
  const rows = await db
    .selectFrom('closure')
    .selectAll()
    .where('ods_code', '=', odsCode)
    .where('ended_at', 'is', null)
    .orderBy('starts_at')
    .execute()
  return rows.map(closureOf)
}

/** What happened to a closure, in order. */
export async function loadClosureEvents(db: Queryable, id: string): Promise<readonly ClosureEvent[]> {
  const rows = await db.selectFrom('closure_event').selectAll().where('closure_id', '=', id).orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    happenedAt: row.happened_at,
    actor: row.actor,
    event: row.event as ClosureEventName,
    detail: row.detail as Readonly<Record<string, unknown>>,
  }))
}

/** Writes a closure as it is now, new or changed. */
export async function storeClosure(tx: Tx, closure: StoredClosure): Promise<void> {
  const { id, ...row } = rowOf(closure)
  await tx
    .insertInto('closure')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Adds to what happened to a closure. */
export async function noteClosureEvent(
  tx: Tx,
  closureId: string,
  { happenedAt, actor, event, detail }: Omit<ClosureEvent, 'id'>,
): Promise<void> {
  await tx
    .insertInto('closure_event')
    .values({ closure_id: closureId, happened_at: happenedAt, actor, event, detail: JSON.stringify(detail) })
    .execute()
}

const instant = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString()

const rowOf = (closure: StoredClosure) => ({
  id: closure.id,
  ods_code: closure.odsCode,
  starts_at: new Date(closure.startsAt).toISOString(),
  expected_at: instant(closure.expectedAt),
  ended_at: instant(closure.endedAt),
  how_ended: closure.end,
  services: closure.services === null ? null : [...closure.services],
  reason: closure.reason,
  advice: closure.advice,
  told_at: closure.toldAt,
  told_by: closure.toldBy,
  via: closure.via,
  filled_in_by: closure.filledInBy,
  phone: closure.phone,
  last_word_at: new Date(closure.lastWordAt).toISOString(),
  reminded: closure.reminded,
  seq: closure.seq,
})

function closureOf(row: Selectable<Tables['closure']>): StoredClosure {
  return {
    id: row.id,
    odsCode: row.ods_code,
    startsAt: Date.parse(row.starts_at),
    expectedAt: row.expected_at === null ? null : Date.parse(row.expected_at),
    endedAt: row.ended_at === null ? null : Date.parse(row.ended_at),
    end: row.how_ended as ClosureEnd | null,
    services: row.services,
    reason: row.reason,
    advice: row.advice,
    toldAt: row.told_at,
    toldBy: row.told_by,
    via: row.via as ClosureVia,
    filledInBy: row.filled_in_by,
    phone: row.phone,
    lastWordAt: Date.parse(row.last_word_at),
    reminded: row.reminded,
    seq: row.seq,
  }
}
