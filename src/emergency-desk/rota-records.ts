/** Shifts and handover notes, as the database holds them. */
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { aWeekOn, onCallAt, type Place, type Shift, type Spell } from '#src/rules/on-call.ts'

export type StoredShift = Shift & {
  readonly id: number
  readonly email: string
  /** As they signed in, or their address. */
  readonly name: string
  readonly phone: string
}

export type NewShift = Shift & { readonly email: string; readonly phone: string }

/** Who changes the rota, and when. `by` as in audit.actor. */
type By = { readonly by: string; readonly now: Date }

/** The shifts that lie in a spell, wholly or in part, first to begin first. */
export async function loadShifts(db: Queryable, { startsAt, endsAt }: Spell): Promise<readonly StoredShift[]> {
  const rows = await db
    .selectFrom('on_call_shift')
    .leftJoin('person', 'person.email', 'on_call_shift.email')
    .selectAll('on_call_shift')
    .select('person.name')
    .where('ends_at', '>', new Date(startsAt).toISOString())
    .where('starts_at', '<', new Date(endsAt).toISOString())
    .orderBy('starts_at')
    .orderBy('place')
    .orderBy('on_call_shift.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name ?? row.email,
    phone: row.phone,
    place: row.place as Place,
    startsAt: Date.parse(row.starts_at),
    endsAt: Date.parse(row.ends_at),
  }))
}

/** Who is on call at an instant. */
export async function loadOnCall(db: Queryable, instant: number) {
  return onCallAt(await loadShifts(db, { startsAt: instant, endsAt: instant + 1 }), instant)
}

/** Who can be put on the rota: everybody who may act for pharmacies everywhere. */
export async function loadRotaPeople(
  db: Queryable,
  now: Date,
): Promise<readonly { readonly email: string; readonly name: string }[]> {
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email', 'name'])
    .distinct()
    .where('role', 'in', ['on-call', 'admin'])
    .where('scope', '=', '')
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('role_grant.email')
    .execute()
  return rows.map(({ email, name }) => ({ email, name: name ?? email }))
}

/** Adds shifts to the rota; one that is there already is not added again. Says how many were new. */
export async function addShifts(tx: Tx, shifts: readonly NewShift[], { by, now }: By): Promise<number> {
  let added = 0
  for (const { email, phone, place, startsAt, endsAt } of shifts) {
    const row = {
      email,
      phone,
      place,
      starts_at: new Date(startsAt).toISOString(),
      ends_at: new Date(endsAt).toISOString(),
    }
    const there = await tx
      .selectFrom('on_call_shift')
      .select('id')
      .where('email', '=', email)
      .where('place', '=', place)
      .where('starts_at', '=', row.starts_at)
      .where('ends_at', '=', row.ends_at)
      .executeTakeFirst()
    if (there) continue
    await tx
      .insertInto('on_call_shift')
      .values({ ...row, made_at: now.toISOString(), made_by: by })
      .execute()
    added += 1
  }
  if (added > 0) await noteRotaChange(tx, { by, now }, { added })
  return added
}

/** Copies the shifts that begin in a spell to the same clock times a week later. Says how many were new. */
export async function copyAWeekOn(tx: Tx, week: Spell, by: By): Promise<number> {
  const shifts = (await loadShifts(tx, week)).filter(({ startsAt }) => startsAt >= week.startsAt)
  return await addShifts(
    tx,
    shifts.map((shift) => ({ ...shift, ...aWeekOn(shift) })),
    by,
  )
}

/** Takes a shift off the rota; false when it is not there. */
export async function removeShift(tx: Tx, id: number, { by, now }: By): Promise<boolean> {
  const gone = await tx
    .deleteFrom('on_call_shift')
    .where('id', '=', id)
    .returning(['email', 'place', 'starts_at', 'ends_at'])
    .executeTakeFirst()
  if (gone) await noteRotaChange(tx, { by, now }, { removed: gone })
  return gone !== undefined
}

async function noteRotaChange(tx: Tx, { by, now }: By, detail: object): Promise<void> {
  await appendToLedger(tx, now.toISOString(), [
    { actor: by, action: 'change-rota', target: 'on-call:rota', detail, changes: [] },
  ])
}

export type HandoverNote = {
  readonly id: number
  readonly writtenAt: string
  /** As in audit.actor. */
  readonly writtenBy: string
  readonly words: string
  /** In the order in which they read it. */
  readonly readBy: readonly { readonly person: string; readonly readAt: string }[]
}

/** The last notes, newest first. */
export async function loadNotes(db: Queryable, limit: number): Promise<readonly HandoverNote[]> {
  const notes = await db.selectFrom('on_call_note').selectAll().orderBy('id', 'desc').limit(limit).execute()
  if (notes.length === 0) return []
  const ids = notes.map(({ id }) => id)
  const reads = await db
    .selectFrom('on_call_note_read')
    .selectAll()
    .where('note_id', 'in', ids)
    .orderBy('read_at')
    .orderBy('person')
    .execute()
  return notes.map(({ id, written_at, written_by, words }) => ({
    id,
    writtenAt: written_at,
    writtenBy: written_by,
    words,
    readBy: reads.filter((read) => read.note_id === id).map(({ person, read_at }) => ({ person, readAt: read_at })),
  }))
}

/** Keeps a note for the next on call. */
export async function addNote(tx: Tx, words: string, { by, now }: By): Promise<void> {
  await tx.insertInto('on_call_note').values({ written_at: now.toISOString(), written_by: by, words }).execute()
}

/** Notes that somebody has read a note; false when there is none. The first time counts. */
export async function markRead(tx: Tx, noteId: number, { by, now }: By): Promise<boolean> {
  const note = await tx.selectFrom('on_call_note').select('id').where('id', '=', noteId).executeTakeFirst()
  if (!note) return false
  await tx
    .insertInto('on_call_note_read')
    .values({ note_id: noteId, person: by, read_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}
