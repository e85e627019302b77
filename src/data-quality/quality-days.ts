/** How many findings each rule had, day by day, in England and each region, ICB and local authority: the trend. */
import { sql } from 'kysely'
import type { Reach } from '#src/directory/area.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { QUALITY_RULES } from '#src/rules/quality-rules.ts'
import { isExempt } from './finding-scope.ts'

/** Stands for all of England. */
const ENGLAND = '*'
/** A little more than a year, so that a quarter can be laid beside the same one a year ago. */
const KEPT_DAYS = 400
/** As far back as trends are shown: there are many local authorities. */
const LOCAL_KEPT_DAYS = 100

/** Counts the findings as they stand, for a day; written again on the same day the last count holds. */
export async function writeDay(tx: Tx, day: LocalDate): Promise<void> {
  const rules = JSON.stringify(QUALITY_RULES.map(({ key, version }) => ({ key, version })))
  await sql`
    with finding as (
      select rule, subject, place, ods_code, uid, is_first, opened_on, closed_on from quality_finding
      where closed_on is null or closed_on = ${day}::date or opened_on = ${day}::date
    ), judged as (
      select finding.*, ${isExempt(day)} as exempt from finding
    ), pharmacy_area as (
      select pharmacy.ods_code, area.code
      from profile pharmacy
      left join ods_organisation ods on ods.ods_code = pharmacy.ods_code
      left join postcode on postcode.postcode_key = pharmacy.postcode_key
      cross join lateral (select distinct code from unnest(array[
        pharmacy.document -> 'commissioning' ->> 'icbCode', ods.icb_ods_code, ods.region_code, postcode.region_code,
        postcode.local_authority_code]) code where code is not null) area
    ), placed as (
      select judged.*, area.code as area_code from judged join pharmacy_area area on area.ods_code = judged.ods_code
      union all
      select judged.*, area.icb_ods_code
      from judged join service on service.uid = judged.uid
        join postcode on postcode.postcode_key = service.postcode_key
        join icb_area area on area.icb_code = postcode.icb_code
      where judged.ods_code is null
      union all
      select judged.*, area.code
      from judged join service on service.uid = judged.uid
        join postcode on postcode.postcode_key = service.postcode_key
        cross join lateral unnest(array[postcode.region_code, postcode.local_authority_code]) area (code)
      where judged.ods_code is null
      union all
      select judged.*, area.code
      from judged join ods_organisation organisation on organisation.ods_code = judged.place
        cross join lateral unnest(array[organisation.icb_ods_code, organisation.region_code]) area (code)
      where judged.ods_code is null and judged.uid is null
      union all
      select judged.*, ${ENGLAND} from judged
    ), counted as (
      select area_code, rule,
        count(*) filter (where closed_on is null and not exempt and not is_first)::integer as open,
        count(*) filter (where closed_on is null and exempt)::integer as exempt,
        count(*) filter (where opened_on = ${day}::date and not is_first)::integer as opened,
        count(*) filter (where closed_on = ${day}::date)::integer as closed
      from placed where area_code is not null group by 1, 2
    ), rule as (
      select key, version from jsonb_to_recordset(${rules}::jsonb) as rule (key text, version integer)
    ), everything as (
      select counted.area_code, rule.key, rule.version, counted.open, counted.exempt, counted.opened, counted.closed
      from counted join rule on rule.key = counted.rule
      union all
      select ${ENGLAND}, rule.key, rule.version, 0, 0, 0, 0 from rule
      where not exists (select from counted where counted.rule = rule.key and counted.area_code = ${ENGLAND})
    ), gone as (
      delete from quality_day old where day < ${day}::date - ${KEPT_DAYS}::integer
        or (day < ${day}::date - ${LOCAL_KEPT_DAYS}::integer
          and area_code in (select code from area_choice where kind = 'local'))
        or (day = ${day}::date and not exists (
          select from everything where everything.area_code = old.area_code and everything.key = old.rule))
    )
    insert into quality_day as known (day, area_code, rule, rule_version, open, exempt, opened, closed)
    select ${day}::date, area_code, key, version, open, exempt, opened, closed from everything
    on conflict (area_code, rule, day) do update
      set rule_version = excluded.rule_version, open = excluded.open, exempt = excluded.exempt,
          opened = excluded.opened, closed = excluded.closed
      where (known.rule_version, known.open, known.exempt, known.opened, known.closed)
        is distinct from (excluded.rule_version, excluded.open, excluded.exempt, excluded.opened, excluded.closed)`.execute(
    tx,
  )
}

/** One day of a rule's trend. */
export type RuleDay = {
  readonly day: LocalDate
  readonly ruleVersion: number
  readonly open: number
  readonly opened: number
  readonly closed: number
}

/**
 * The days on which everything was checked, the oldest first, by rule. `icbCodes` of a reach are summed; a service that
 * lies in two of them counts in both.
 */
export async function loadTrends(
  db: Queryable,
  {
    reach,
    area,
    since,
    rule,
  }: { readonly reach: Reach; readonly area: string | undefined; readonly since: LocalDate; readonly rule?: string },
): Promise<ReadonlyMap<string, readonly RuleDay[]>> {
  const areas = area === undefined ? (reach.everywhere ? [ENGLAND] : reach.icbCodes) : [area]
  const { rows } = await sql<RuleDay & { readonly rule: string }>`
    select england.rule, england.day, england.rule_version as "ruleVersion", coalesce(sum(here.open), 0)::integer as open,
      coalesce(sum(here.opened), 0)::integer as opened, coalesce(sum(here.closed), 0)::integer as closed
    from quality_day england
    left join quality_day here on here.rule = england.rule and here.day = england.day
      and here.area_code = any(${[...areas]}::text[])
    where england.area_code = ${ENGLAND} and england.day >= ${since}::date
      ${rule === undefined ? sql`` : sql`and england.rule = ${rule}`}
    group by 1, 2, 3 order by 1, 2`.execute(db)
  return Map.groupBy(rows, (row) => row.rule)
}

/** When everything was last checked, UTC ISO text; undefined before the first time. */
export async function lastCheckedAt(db: Queryable): Promise<string | undefined> {
  const row = await db
    .selectFrom('quality_run')
    .select('finished_at')
    .where('finished_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.finished_at ?? undefined
}
