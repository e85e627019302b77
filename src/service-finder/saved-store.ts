/** What somebody keeps in the Service Finder. Nothing of it is about a patient, and no word of it was typed. */
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'

export const MOST_FAVOURITES = 100
export const MOST_SEARCHES = 30

/** What they want to find filled in; null: nothing. */
export type OwnChoice = { readonly role: number | null; readonly place: string | null }
export type SavedSearch = { readonly id: number; readonly address: string; readonly title: string }

export async function loadChoice(db: Queryable, personId: number): Promise<OwnChoice> {
  const row = await db
    .selectFrom('finder_choice')
    .select(['role', 'place'])
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row ?? { role: null, place: null }
}

/** Takes the place of what was chosen before; what is undefined stays. */
export async function saveChoice(tx: Tx, personId: number, choice: Partial<OwnChoice>): Promise<void> {
  await tx
    .insertInto('finder_choice')
    .values({ person_id: personId, role: choice.role ?? null, place: choice.place ?? null })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(choice))
    .execute()
}

/** Uids, the last saved first. */
export async function loadFavourites(db: Queryable, personId: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('finder_favourite')
    .select('uid')
    .where('person_id', '=', personId)
    .orderBy('saved_at', 'desc')
    .orderBy('uid')
    .execute()
  return rows.map(({ uid }) => uid)
}

/** The last saved first. */
export async function loadSearches(db: Queryable, personId: number): Promise<readonly SavedSearch[]> {
  return db
    .selectFrom('finder_search')
    .select(['id', 'address', 'title'])
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .execute()
}

/** False when there are as many as may be kept. One that is there already stays. */
export async function saveFavourite(tx: Tx, personId: number, uid: number, at: string): Promise<boolean> {
  await oneAtATime(tx, personId)
  const kept = await loadFavourites(tx, personId)
  if (kept.includes(uid)) return true
  if (kept.length >= MOST_FAVOURITES) return false
  await tx.insertInto('finder_favourite').values({ person_id: personId, uid, saved_at: at }).execute()
  return true
}

export async function dropFavourite(tx: Tx, personId: number, uid: number): Promise<void> {
  await tx.deleteFrom('finder_favourite').where('person_id', '=', personId).where('uid', '=', uid).execute()
}

/** False when there are as many as may be kept. One that is there already stays. */
export async function saveSearch(
  tx: Tx,
  personId: number,
  { address, title }: Omit<SavedSearch, 'id'>,
  at: string,
): Promise<boolean> {
  await oneAtATime(tx, personId)
  const kept = await loadSearches(tx, personId)
  if (kept.some((search) => search.address === address)) return true
  if (kept.length >= MOST_SEARCHES) return false
  await tx.insertInto('finder_search').values({ person_id: personId, address, title, saved_at: at }).execute()
  return true
}

/** Only their own. */
export async function dropSearch(tx: Tx, personId: number, id: number): Promise<void> {
  await tx.deleteFrom('finder_search').where('person_id', '=', personId).where('id', '=', id).execute()
}

/** So that two windows of one person cannot go past a limit. */
async function oneAtATime(tx: Tx, personId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`finder ${personId}`}, 0))`.execute(tx)
}
