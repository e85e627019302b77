/** Who gets the changes of their area by email each morning, and on which days. */
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type Actor, auditNameOf, type Grant, ROLES } from './actor.ts'
import { PERMISSIONS, scopeOf } from './can.ts'

export const DAILY_EMAIL_DAYS = ['all-days', 'working-days', 'none'] as const
export type DailyEmailDays = (typeof DAILY_EMAIL_DAYS)[number]

/** What somebody gets who has not chosen: leads answer for their area, so they are told unless they say no. */
export const usualDays = (grants: readonly Pick<Grant, 'role'>[]): DailyEmailDays =>
  grants.some(({ role }) => role === 'lead') ? 'all-days' : 'none'

/** What this person gets: their choice, else what is usual. */
export async function loadDailyEmailDays(db: Queryable, actor: Actor): Promise<DailyEmailDays> {
  const row = await db
    .selectFrom('daily_email_choice')
    .select('days')
    .where('email', '=', actor.email)
    .executeTakeFirst()
  return (row?.days as DailyEmailDays | undefined) ?? usualDays(actor.grants)
}

/** Saves a choice; the same again changes nothing. */
export async function saveDailyEmailDays(db: Db, actor: Actor, days: DailyEmailDays, now: Date): Promise<void> {
  const chosen_at = now.toISOString()
  const by = auditNameOf(actor)
  await db.transact(async (tx) => {
    const saved = await tx
      .insertInto('daily_email_choice')
      .values({ email: actor.email, days, chosen_at })
      .onConflict((on) =>
        on.column('email').doUpdateSet({ days, chosen_at }).where('daily_email_choice.days', '<>', days),
      )
      .returning('email')
      .executeTakeFirst()
    if (!saved) return
    const entry = { actor: by, action: 'choose-daily-email', target: by, detail: { days }, changes: [] }
    await appendToLedger(tx, chosen_at, [entry])
  })
}

/** Somebody who gets the email, and about where: some ICBs, or all of England. */
export type DailyEmailReader = {
  readonly email: string
  /** Null for somebody who has never signed in. */
  readonly name: string | null
  readonly days: Exclude<DailyEmailDays, 'none'>
  /** Empty: all of England. */
  readonly icbCodes: readonly string[]
}

const REPORT_ROLES = ROLES.filter((role) => PERMISSIONS[role].may.includes('see-daily-changes'))

/**
 * Everybody who gets it, by the rights they hold at `now`, in one statement. Without a choice only what a lead answers for
 * counts; with one, every area whose reports the person may see. Whoever sees all of England and has no area gets England.
 */
export async function loadDailyEmailReaders(db: Queryable, now: Date): Promise<readonly DailyEmailReader[]> {
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .leftJoin('daily_email_choice', 'daily_email_choice.email', 'role_grant.email')
    .select(['role_grant.email', 'role', 'scope', 'person.name', 'days'])
    .where('role', 'in', REPORT_ROLES)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('role_grant.email')
    .orderBy('scope')
    .execute()
  return [...Map.groupBy(rows, ({ email }) => email)].flatMap(([email, theirs]): DailyEmailReader[] => {
    const chosen = theirs[0]?.days as DailyEmailDays | null | undefined
    const all = theirs as readonly (Grant & { readonly name: string | null })[]
    const grants = chosen ? all : all.filter(({ role }) => role === 'lead')
    const days = chosen ?? usualDays(grants)
    const name = theirs[0]?.name ?? null
    const { everywhere, icbCodes } = scopeOf({ personId: 0, email, name: name ?? '', grants }, 'see-daily-changes')
    if (days === 'none' || (!everywhere && icbCodes.length === 0)) return []
    return [{ email, name, days, icbCodes }]
  })
}
