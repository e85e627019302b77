/** Requests for another name, address or pin as the database keeps them. */
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { inScope, type ListScope } from './match-pharmacies.ts'
import type { AskedPlace, PlaceKind, PlaceNow } from './place-change.ts'

export type PlaceChangeStatus = 'waiting' | 'applied' | 'approved' | 'refused' | 'withdrawn'

export type PlaceChange = {
  readonly id: number
  readonly odsCode: string
  readonly kind: PlaceKind
  readonly asked: AskedPlace
  readonly was: PlaceNow
  /** How whoever asked knows it. */
  readonly evidence: string
  /** Of the asked point from the middle of its postcode; null when that is not known. */
  readonly distanceMetres: number | null
  /** `person:EMAIL`. */
  readonly person: string
  /** UTC ISO text. */
  readonly askedAt: string
  readonly status: PlaceChangeStatus
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly reason: string | null
}

export const REQUESTS_SHOWN = 50

const columns = sql`id, place_change.ods_code as "odsCode", kind, asked, was, evidence, distance_metres as "distanceMetres",
  person, asked_at as "askedAt", place_change.status, decided_by as "decidedBy", decided_at as "decidedAt", reason`

/** The requests of a pharmacy, newest first. */
export async function loadPlaceChanges(db: Queryable, odsCode: string): Promise<readonly PlaceChange[]> {
  const { rows } = await sql<PlaceChange>`
    select ${columns} from place_change where ods_code = ${odsCode} order by id desc limit ${REQUESTS_SHOWN}`.execute(
    db,
  )
  return rows
}

/** One request; undefined when there is none. */
export async function loadPlaceChange(db: Queryable, id: number): Promise<PlaceChange | undefined> {
  const { rows } = await sql<PlaceChange>`select ${columns} from place_change where id = ${id}`.execute(db)
  return rows[0]
}

/** As `loadPlaceChange`, and locks it until the transaction ends. */
export async function lockPlaceChange(tx: Tx, id: number): Promise<PlaceChange | undefined> {
  const { rows } = await sql<PlaceChange>`select ${columns} from place_change where id = ${id} for update`.execute(tx)
  return rows[0]
}

export type QueuedPlaceChange = PlaceChange & { readonly pharmacyName: string }

/** What waits for an answer in a scope, the oldest first, and how many that are. */
export async function loadWaitingPlaceChanges(
  db: Queryable,
  scope: ListScope,
): Promise<{ readonly waiting: readonly QueuedPlaceChange[]; readonly total: number }> {
  const { rows } = await sql<QueuedPlaceChange & { total: number }>`
    select ${columns}, name as "pharmacyName", (count(*) over ())::integer as total
    from place_change join (select ods_code, name, document from profile) as pharmacy using (ods_code)
    where place_change.status = 'waiting' and ${inScope(scope)}
    order by id limit ${REQUESTS_SHOWN}`.execute(db)
  return { waiting: rows, total: rows[0]?.total ?? 0 }
}

/** Adds a request; undefined when one of the same kind waits for the same pharmacy. */
export async function insertPlaceChange(
  tx: Tx,
  given: Omit<PlaceChange, 'id' | 'decidedBy' | 'decidedAt' | 'reason'>,
): Promise<number | undefined> {
  const added = await tx
    .insertInto('place_change')
    .values({
      ods_code: given.odsCode,
      kind: given.kind,
      asked: JSON.stringify(given.asked),
      was: JSON.stringify(given.was),
      evidence: given.evidence,
      distance_metres: given.distanceMetres,
      person: given.person,
      asked_at: given.askedAt,
      status: given.status,
      decided_by: null,
      decided_at: null,
      reason: null,
    })
    .onConflict((conflict) => conflict.columns(['ods_code', 'kind']).where('status', '=', 'waiting').doNothing())
    .returning('id')
    .executeTakeFirst()
  return added?.id
}

/** Writes the answer to a request that is locked. */
export async function answerPlaceChange(
  tx: Tx,
  id: number,
  { status, by, at, reason }: { status: PlaceChangeStatus; by: string; at: string; reason: string | null },
): Promise<void> {
  await tx
    .updateTable('place_change')
    .set({ status, decided_by: by, decided_at: at, reason })
    .where('id', '=', id)
    .execute()
}
