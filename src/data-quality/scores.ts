/** Scores: of one pharmacy as it stands this moment, and of many as the last check found them. */
import { sql } from 'kysely'
import { pharmacyCounts, type Where } from '#src/directory/area.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { POINTS, QUALITY_RULES, type RuleFound } from '#src/rules/quality-rules.ts'
import { type QualityScore, qualityScore } from '#src/rules/quality-score.ts'
import { checkNow } from './check-now.ts'
import { isExempt } from './finding-scope.ts'

/** An exemption as the pharmacy reads it. */
export type Accepted = {
  readonly rule: string
  readonly subject: string
  readonly reason: string
  readonly endsOn: LocalDate
}

export type PharmacyQuality = {
  readonly score: QualityScore
  /** What counts. */
  readonly found: readonly RuleFound[]
  /** What was found and is accepted for a time. */
  readonly accepted: readonly (RuleFound & Accepted)[]
}

/** The quality of one pharmacy now, disagreements with files of the NHS left out. Reads only. */
export async function loadPharmacyQuality(
  db: Queryable,
  odsCode: string,
  day: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): Promise<PharmacyQuality> {
  const kinds = new Map(QUALITY_RULES.map(({ key, kind }) => [key, kind]))
  const all = (await checkNow(db, odsCode, day)).filter(({ rule }) => kinds.get(rule) === 'quality')
  const held = await exemptionsOf(db, all, day.today)
  const accepted = all.flatMap((found) => {
    const exemption = held.find(({ rule, subject }) => rule === found.rule && subject === found.subject)
    return exemption ? [{ ...found, ...exemption }] : []
  })
  const found = all.filter(
    (each) => !accepted.some(({ rule, subject }) => rule === each.rule && subject === each.subject),
  )
  return { score: qualityScore(found.map(({ rule }) => rule)), found, accepted }
}

async function exemptionsOf(
  db: Queryable,
  found: readonly RuleFound[],
  today: LocalDate,
): Promise<readonly Accepted[]> {
  if (found.length === 0) return []
  const rows = await db
    .selectFrom('quality_exemption')
    .select(['rule', 'subject', 'reason', 'ends_on'])
    .where('ended_at', 'is', null)
    .where('ends_on', '>=', today)
    .where('subject', '=', (value) => value.fn.any(value.val(found.map(({ subject }) => subject))))
    .execute()
  return rows.map(({ ends_on, ...row }) => ({ ...row, endsOn: ends_on as LocalDate }))
}

/** `qualityScore` in SQL: what each broken rule takes off. */
const pointsOf = () =>
  sql.join(
    QUALITY_RULES.filter(({ kind }) => kind === 'quality').map(
      ({ key, severity }) => sql`(${key}, ${POINTS[severity]}::integer)`,
    ),
  )

/** Writes the score of every pharmacy that trades, as the findings stand. Part of each check of everything. */
export async function writeScores(tx: Tx, today: LocalDate): Promise<void> {
  await sql`
    with points (rule, points) as (values ${pointsOf()}), broken as (
      select distinct finding.ods_code, finding.rule from quality_finding finding
      where finding.closed_on is null and finding.ods_code is not null and not ${isExempt(today)}
    ), lost as (
      select broken.ods_code, sum(points)::integer as points
      from broken join points on points.rule = broken.rule group by 1
    ), scored as (
      select pharmacy.ods_code, greatest(0, 100 - coalesce(lost.points, 0)) as score,
        pharmacy.document -> 'commissioning' ->> 'icbCode' as icb_code
      from profile pharmacy left join lost on lost.ods_code = pharmacy.ods_code
      where pharmacy.status in ('open', 'temporarily-closed') and pharmacy.ods_code <> ${TRAINING_PHARMACY}
    ), gone as (
      delete from quality_score old where not exists (select from scored where scored.ods_code = old.ods_code)
    )
    insert into quality_score as known (ods_code, score, icb_code) select ods_code, score, icb_code from scored
    on conflict (ods_code) do update set score = excluded.score, icb_code = excluded.icb_code
      where (known.score, known.icb_code) is distinct from (excluded.score, excluded.icb_code)`.execute(tx)
}

/** The scores within a reach: who reaches a pharmacy is asked of its profile as it is now. */
const inReach = (where: Where) =>
  where.reach.everywhere && where.area === undefined
    ? sql`true`
    : sql`quality_score.ods_code in (select pharmacy.ods_code from profile pharmacy where ${pharmacyCounts(where)})`

export type AreaScore = {
  /** Null: pharmacies of which nobody knows the ICB. */
  readonly icb: string | null
  readonly pharmacies: number
  /** To one decimal. */
  readonly mean: number
  readonly good: number
  readonly poor: number
}

/** The areas of a reach at the last check, the best first. */
export async function loadAreaScores(db: Queryable, where: Where): Promise<readonly AreaScore[]> {
  const { rows } = await sql<AreaScore>`
    select icb_code as icb, count(*)::integer as pharmacies, round(avg(score), 1)::double precision as mean,
      (count(*) filter (where score >= 80))::integer as good, (count(*) filter (where score < 50))::integer as poor
    from quality_score where ${inReach(where)} group by icb_code order by avg(score) desc, icb_code`.execute(db)
  return rows
}

export type RankedPharmacy = { readonly odsCode: string; readonly name: string; readonly score: number }

/** On one page. */
export const RANKED_A_PAGE = 50

/** The pharmacies of a reach at the last check, the lowest score first. */
export async function loadLowest(
  db: Queryable,
  { where, page }: { readonly where: Where; readonly page: number },
): Promise<{ readonly pharmacies: readonly RankedPharmacy[]; readonly total: number }> {
  const { rows } = await sql<RankedPharmacy & { readonly total: number }>`
    with ranked as (
      select ods_code, score, (count(*) over ())::integer as total from quality_score where ${inReach(where)}
      order by score, ods_code limit ${RANKED_A_PAGE} offset ${(page - 1) * RANKED_A_PAGE})
    select ods_code as "odsCode", profile.name, score, total from ranked join profile using (ods_code)
    order by score, ods_code`.execute(db)
  return { pharmacies: rows, total: rows[0]?.total ?? 0 }
}
