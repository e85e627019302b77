/**
 * What professionals told of services that could not help: kept without a word about the patient, shown to the pharmacy,
 * and counted for whoever judges records.
 */
import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { pharmacyOf } from '#src/directory/indexed-service.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import type { ReferralProblem } from '#src/rules/referral-problems.ts'

const HOUR_MS = 3_600_000
/** One person has not that many patients. */
const MOST_AN_HOUR = 30

/** `again`: they told the same of this service within the hour, and it counts once. */
export type Told = 'told' | 'again' | 'too-many'

/** Keeps one tap. Services without a pharmacy are counted, and nobody is told. */
export async function tellProblem(
  db: Db,
  { service, problem }: { readonly service: UrgentCareService; readonly problem: ReferralProblem },
  { actor, now }: { readonly actor: Actor; readonly now: Date },
): Promise<Told> {
  const teller = auditNameOf(actor)
  return db.transact(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`referral problem ${actor.personId}`}, 0))`.execute(tx)
    const lately = await tx
      .selectFrom('referral_problem')
      .select(['uid', 'reason'])
      .where('told_by', '=', teller)
      .where('told_at', '>', new Date(now.getTime() - HOUR_MS).toISOString())
      .execute()
    const { uid } = service.shown
    if (lately.some((other) => other.uid === uid && other.reason === problem.key)) return 'again'
    if (lately.length >= MOST_AN_HOUR) return 'too-many'
    const ods_code = pharmacyOf(service.shown) ?? null
    await tx
      .insertInto('referral_problem')
      .values({ uid, ods_code, reason: problem.key, told_at: now.toISOString(), told_by: teller })
      .execute()
    return 'told'
  })
}

export type ToldProblem = { readonly uid: number; readonly reason: string; readonly toldAt: string }

/** What was told of a pharmacy's services since an instant, the latest first; at most so many. Not by whom. */
export async function loadProblems(
  db: Queryable,
  odsCode: string,
  { since, most }: { readonly since: Date; readonly most: number },
): Promise<readonly ToldProblem[]> {
  const rows = await db
    .selectFrom('referral_problem')
    .select(['uid', 'reason', 'told_at'])
    .where('ods_code', '=', odsCode)
    .where('told_at', '>=', since.toISOString())
    .orderBy('told_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ uid, reason, told_at }) => ({ uid, reason, toldAt: new Date(told_at).toISOString() }))
}

/**
 * How often each reason was told of each pharmacy since an instant: for whoever judges how good records are. Different
 * people count each, one person at most once an hour.
 */
export async function countProblems(
  db: Queryable,
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<readonly { readonly odsCode: string; readonly reason: string; readonly times: number }[]> {
  const { rows } = await sql<{ odsCode: string; reason: string; times: number }>`
    select ods_code as "odsCode", reason, count(*)::integer as times from referral_problem
    where ods_code is not null and told_at >= ${since.toISOString()} and told_at < ${until.toISOString()}
    group by ods_code, reason order by ods_code, count(*) desc, reason`.execute(db)
  return rows
}

/** Forgets what was told before an instant, and with it who told it. */
export async function forgetProblems(db: Queryable, before: Date): Promise<void> {
  await db.deleteFrom('referral_problem').where('told_at', '<', before.toISOString()).execute()
}
