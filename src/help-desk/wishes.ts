/** The public wishlist: what people suggest, who votes for it, and what the desk says becomes of it. */
import { sql } from 'kysely'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { HelpDeskDeps, Writing } from './desk-deps.ts'
import { isOneTooMany } from './help-limits.ts'

/** What the desk decides; the last one is not shown to the public. In the order of the list. */
export const WISH_DECISIONS = ['planned', 'thinking', 'done', 'not-doing', 'refused'] as const
export type WishDecision = (typeof WISH_DECISIONS)[number]
/** `waiting`: nobody has decided that it may be shown. */
export type WishState = WishDecision | 'waiting'

export const WISH_WORDS: Readonly<Record<WishState, { readonly text: string; readonly colour: string }>> = {
  waiting: { text: 'Not shown yet', colour: 'nhsuk-tag--yellow' },
  planned: { text: 'Planned', colour: 'nhsuk-tag--blue' },
  thinking: { text: 'We are thinking about it', colour: 'nhsuk-tag--white' },
  done: { text: 'Done', colour: 'nhsuk-tag--green' },
  'not-doing': { text: 'We are not doing this', colour: 'nhsuk-tag--grey' },
  refused: { text: 'Not shown', colour: 'nhsuk-tag--grey' },
}

export const LONGEST_TITLE = 100
export const LONGEST_WISH = 1_000
export const LONGEST_ANSWER = 500
export const WISHES_SHOWN = 200

export type Wish = {
  readonly id: number
  readonly title: string
  readonly words: string
  readonly state: WishState
  readonly answer: string | null
  readonly version: number
  readonly suggestedAt: string
  readonly votes: number
  /** Whether the person who asks has voted for it. */
  readonly isMine: boolean
}

const columns = (me: number | null) => sql`id, title, words, state, answer, version, suggested_at as "suggestedAt",
  (select count(*) from wish_vote where wish_id = id)::integer as votes,
  exists (select from wish_vote where wish_id = id and person_id = ${me ?? -1}) as "isMine"`

/** What the public sees: what is planned first, then by votes; or by when it was suggested, the latest first. */
export async function loadWishes(
  db: Queryable,
  { me, sort }: { readonly me: number | null; readonly sort: 'votes' | 'new' },
): Promise<readonly Wish[]> {
  const order =
    sort === 'new' ? sql`id desc` : sql`array_position(${[...WISH_DECISIONS]}::text[], state), votes desc, id`
  const { rows } = await sql<Wish>`
    select * from (select ${columns(me)} from wish where state not in ('waiting', 'refused')) as shown
    order by ${order} limit ${WISHES_SHOWN}`.execute(db)
  return rows
}

/** What the desk sees: what waits first, then all else by votes. */
export async function loadWishesForDesk(db: Queryable): Promise<readonly Wish[]> {
  const { rows } = await sql<Wish>`
    select * from (select ${columns(null)} from wish) as known
    order by state <> 'waiting', state = 'refused', votes desc, id limit ${WISHES_SHOWN}`.execute(db)
  return rows
}

/** One wish, for the desk. */
export async function loadWish(db: Queryable, id: number): Promise<Wish | undefined> {
  const { rows } = await sql<Wish>`select ${columns(null)} from wish where id = ${id}`.execute(db)
  return rows[0]
}

/** How many wait for the desk. */
export async function countWaitingWishes(db: Queryable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from wish where state = 'waiting'`.execute(db)
  return rows[0]?.count ?? 0
}

/** Keeps a suggestion, which nobody sees before the desk has; false when too much came from there. */
export function suggest(
  deps: Pick<HelpDeskDeps, 'db' | 'clock' | 'pepper' | 'limits'>,
  { title, words, address }: { readonly title: string; readonly words: string; readonly address: string },
): Promise<boolean> {
  const now = deps.clock.now()
  return deps.db.transact(async (tx) => {
    if (await isOneTooMany(tx, { address, mailbox: null }, { now, ...deps })) return false
    const suggested = { title, words, suggested_at: now.toISOString(), state: 'waiting' }
    await tx
      .insertInto('wish')
      .values({ ...suggested, answer: null, decided_at: null, decided_by: null })
      .execute()
    return true
  })
}

/** Gives a person's one vote, or takes it back; false when the wish is not one that the public sees. */
export function vote(
  db: Db,
  { id, personId, wants }: { readonly id: number; readonly personId: number; readonly wants: boolean },
  now: Date,
): Promise<boolean> {
  return db.transact(async (tx) => {
    const wish = await tx
      .selectFrom('wish')
      .select('id')
      .where('id', '=', id)
      .where('state', 'not in', ['waiting', 'refused'])
      .executeTakeFirst()
    if (!wish) return false
    if (wants) {
      await tx
        .insertInto('wish_vote')
        .values({ wish_id: id, person_id: personId, voted_at: now.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    } else {
      await tx.deleteFrom('wish_vote').where('wish_id', '=', id).where('person_id', '=', personId).execute()
    }
    return true
  })
}

type Decided = {
  readonly id: number
  readonly expectedVersion: number
  readonly title: string
  readonly words: string
  readonly state: WishDecision
  readonly answer: string
}

/** Says what becomes of a wish, in which words it is shown. `conflict`: somebody else has decided since it was read. */
export function decideWish(
  db: Db,
  { id, expectedVersion, title, words, state, answer }: Decided,
  { actor, now }: Writing,
): Promise<'done' | 'conflict' | 'not-found'> {
  return db.transact(async (tx) => {
    const wish = await tx.selectFrom('wish').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!wish) return 'not-found'
    if (wish.version !== expectedVersion) return 'conflict'
    await tx
      .updateTable('wish')
      .set({ title, words, state, answer: answer || null, decided_at: now.toISOString(), decided_by: actor })
      .set({ version: expectedVersion + 1 })
      .where('id', '=', id)
      .execute()
    const detail = { was: wish.state, is: state, title, words, answer }
    await appendToLedger(tx, now.toISOString(), [
      { actor, action: 'decide-wish', target: `wish:${id}`, detail, changes: [] },
    ])
    return 'done'
  })
}
