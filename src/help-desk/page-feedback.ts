/** "Is there something wrong with this page?": what people say, and nothing of who they are. */
import { sql } from 'kysely'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { HelpDeskDeps, Writing } from './desk-deps.ts'
import { isOneTooMany } from './help-limits.ts'

export const LONGEST_FEEDBACK = 1_000
export const FEEDBACK_SHOWN = 100

/** A path as the footer of a page gives it; null for anything else. Never throws. */
export const parsePage = (text: string): string | null =>
  /^\/[A-Za-z0-9/._*-]{0,150}$/.test(text) && !text.startsWith('//') ? text : null

/** Keeps it; false when too much came from there. */
export function saveFeedback(
  deps: Pick<HelpDeskDeps, 'db' | 'clock' | 'pepper' | 'limits'>,
  { page, words, address }: { readonly page: string | null; readonly words: string; readonly address: string },
): Promise<boolean> {
  const now = deps.clock.now()
  return deps.db.transact(async (tx) => {
    if (await isOneTooMany(tx, { address, mailbox: null }, { now, ...deps })) return false
    await tx
      .insertInto('page_feedback')
      .values({ page, words, sent_at: now.toISOString(), done_at: null, done_by: null })
      .execute()
    return true
  })
}

export type PageCount = { readonly page: string | null; readonly count: number }
export type Feedback = {
  readonly id: number
  readonly page: string | null
  readonly words: string
  readonly sentAt: string
}

/** What waits: how much for each page, most first, and the words, the latest first; of one page, if it is given. */
export async function loadFeedback(
  db: Queryable,
  page: string | null,
): Promise<{ readonly pages: readonly PageCount[]; readonly feedback: readonly Feedback[] }> {
  const pages = await sql<PageCount>`
    select page, count(*)::integer as count from page_feedback where done_at is null
    group by page order by count desc, page limit ${FEEDBACK_SHOWN}`.execute(db)
  const feedback = await sql<Feedback>`
    select id, page, words, sent_at as "sentAt" from page_feedback
    where done_at is null ${page === null ? sql`` : sql`and page = ${page}`}
    order by id desc limit ${FEEDBACK_SHOWN}`.execute(db)
  return { pages: pages.rows, feedback: feedback.rows }
}

/** How many wait. */
export async function countFeedback(db: Queryable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from page_feedback where done_at is null`.execute(db)
  return rows[0]?.count ?? 0
}

/** Takes one off the list; false when there is none, or somebody else did. */
export function settleFeedback(db: Db, id: number, { actor, now }: Writing): Promise<boolean> {
  return db.transact(async (tx) => {
    const settled = await tx
      .updateTable('page_feedback')
      .set({ done_at: now.toISOString(), done_by: actor })
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .returning('page')
      .executeTakeFirst()
    if (!settled) return false
    const entry = { actor, action: 'settle-page-feedback', target: `page-feedback:${id}`, detail: {}, changes: [] }
    await appendToLedger(tx, now.toISOString(), [entry])
    return true
  })
}
