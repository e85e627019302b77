/**
 * Who asked to be told of closures by email: pharmacies, of those near them, and GP surgeries, of one pharmacy. Nobody is
 * told before the receiver said yes by the link in an email, and everybody can stop it by a link in each.
 */
import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { listenerKeyId } from '#src/emails/closure-nearby.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { METRES_PER_MILE } from '#src/rules/distance.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

export type ListenerKind = 'pharmacy' | 'surgery'

export type Listener = {
  readonly id: number
  readonly kind: ListenerKind
  /** Of a pharmacy: the one that is told. Of a surgery: the one whose closures it is told of. */
  readonly odsCode: string
  readonly name: string
  readonly email: string
  /** How far away a pharmacy wants to know; null for a surgery. */
  readonly withinMetres: number | null
  /** UTC ISO text; null: not yet. */
  readonly confirmedAt: string | null
  readonly endedAt: string | null
  /** Whether it was the receiver who ended it, who may begin again. */
  readonly stopped: boolean
}

/** How far away a pharmacy may want to know, in miles. */
export const LISTENING_MILES = [1, 3, 5, 10] as const
export const metresOf = (miles: number): number => Math.round(miles * METRES_PER_MILE)

/** So that nobody can use us to write to many strangers. */
const MOST_ALIVE = 30
const MOST_A_DAY = 10
const DAY_MS = 86_400_000

const columns = [
  'id',
  'kind',
  'ods_code',
  'name',
  'email',
  'within_metres',
  'confirmed_at',
  'ended_at',
  'how_ended',
] as const

type Row = {
  id: number
  kind: string
  ods_code: string
  name: string
  email: string
  within_metres: number | null
  confirmed_at: string | null
  ended_at: string | null
  how_ended: string | null
}
const listenerOf = (row: Row): Listener => ({
  id: row.id,
  kind: row.kind as ListenerKind,
  odsCode: row.ods_code,
  name: row.name,
  email: row.email,
  withinMetres: row.within_metres,
  confirmedAt: row.confirmed_at,
  endedAt: row.ended_at,
  stopped: row.how_ended === 'stopped',
})

/** Those that a pharmacy manages: surgeries told of its closures, and addresses of its own. Ended ones are left out. */
export async function loadListeners(db: Queryable, odsCode: string): Promise<readonly Listener[]> {
  const rows = await db
    .selectFrom('closure_listener')
    .select(columns)
    .where('ods_code', '=', odsCode)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(listenerOf)
}

/** One of them, ended or not. */
export async function loadListener(db: Queryable, id: number): Promise<Listener | undefined> {
  const row = await db.selectFrom('closure_listener').select(columns).where('id', '=', id).executeTakeFirst()
  return row && listenerOf(row)
}

export type NewListener = Pick<Listener, 'kind' | 'odsCode' | 'name' | 'email' | 'withinMetres'> & {
  /** What they are told of, after "an email": `when Hill & Sons (FX123) closes or reopens`. */
  readonly what: string
  /** Who adds it: as in `audit.actor`, and by name. */
  readonly addedBy: string
  readonly addedByName: string
  /** Whether the address is that of whoever is signed in: they need not confirm it. */
  readonly isOwn: boolean
}

/** Adds an address and asks it for a yes. */
export async function addListener(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  added: NewListener,
): Promise<Result<Listener>> {
  return db.transact(async (tx) => {
    // Two presses of the button, or two people, add it once.
    await lockProfiles(tx, [added.odsCode])
    const now = clock.now()
    const problem = await problemOf(tx, added, now)
    if (problem) return refused(problem)
    const at = now.toISOString()
    const row = await tx
      .insertInto('closure_listener')
      .values({
        kind: added.kind,
        ods_code: added.odsCode,
        name: added.name,
        email: added.email,
        within_metres: added.withinMetres,
        added_at: at,
        added_by: added.addedBy,
        confirmed_at: added.isOwn ? at : null,
      })
      .returning(columns)
      .executeTakeFirstOrThrow()
    const { name, email: recipient, what, addedByName: addedBy } = added
    if (!added.isOwn) {
      await queueEmail(tx, { kind: 'confirm-listener', recipient, listenerId: row.id, name, what, addedBy })
    }
    return accepted(listenerOf(row))
  })
}

async function problemOf(
  tx: Tx,
  { kind, odsCode, email, isOwn }: NewListener,
  now: Date,
): Promise<Problem | undefined> {
  const since = new Date(now.getTime() - DAY_MS).toISOString()
  const rows = await tx
    .selectFrom('closure_listener')
    .select(['kind', 'email', 'added_at', 'ended_at', 'how_ended'])
    .where('ods_code', '=', odsCode)
    .execute()
  const alive = rows.filter(({ ended_at }) => ended_at === null)
  const field = `${kind}-email`
  if (alive.some((row) => row.kind === kind && row.email === email)) {
    return { field, code: 'twice', message: 'This address is on the list already' }
  }
  if (!isOwn && rows.some((row) => row.kind === kind && row.email === email && row.how_ended === 'stopped')) {
    return { field, code: 'stopped', message: 'Whoever reads this address wants no more of these emails' }
  }
  if (alive.length >= MOST_ALIVE) {
    return { field, code: 'too-many', message: `There can be up to ${MOST_ALIVE} addresses. Remove one first` }
  }
  if (rows.filter(({ added_at }) => added_at > since).length >= MOST_A_DAY) {
    return { field, code: 'too-fast', message: `You can add up to ${MOST_A_DAY} addresses a day. Try again tomorrow` }
  }
  return undefined
}

/** The receiver says yes, also after they stopped it; again changes nothing. False when the pharmacy removed it. */
export async function confirmListener(db: Queryable, id: number, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update closure_listener as listener
    set confirmed_at = coalesce(confirmed_at, ${now.toISOString()}), ended_at = null, how_ended = null
    where id = ${id} and how_ended is distinct from 'removed'
      and not exists (
        select from closure_listener as other
        where other.id <> listener.id and other.kind = listener.kind and other.ods_code = listener.ods_code
          and other.email = listener.email and other.ended_at is null)`.execute(db)
  return numAffectedRows === 1n
}

/** Ends it: by the receiver, or by the pharmacy (then only one of its own). False when it had ended, or is not its own. */
export async function endListener(
  db: Queryable,
  id: number,
  given: { readonly how: 'stopped' | 'removed'; readonly now: Date; readonly odsCode?: string },
): Promise<boolean> {
  const ending = db
    .updateTable('closure_listener')
    .set({ ended_at: given.now.toISOString(), how_ended: given.how })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
  const updated = await (given.odsCode === undefined
    ? ending
    : ending.where('ods_code', '=', given.odsCode)
  ).executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Whether a key is the one in the emails to a listener. Takes the same time for every wrong one. */
export function isListenerKey(key: string, id: number, linkKeyOf: (keyId: string) => string): boolean {
  const [one, other] = [Buffer.from(key), Buffer.from(linkKeyOf(listenerKeyId(id)))]
  return one.length === other.length && timingSafeEqual(one, other)
}

const UNCONFIRMED_DAYS = 30

/** Deletes addresses that nobody confirmed: who never said yes is not kept. */
export async function forgetUnconfirmed(db: Queryable, now: Date): Promise<void> {
  const before = new Date(now.getTime() - UNCONFIRMED_DAYS * DAY_MS).toISOString()
  await db.deleteFrom('closure_listener').where('confirmed_at', 'is', null).where('added_at', '<', before).execute()
}
