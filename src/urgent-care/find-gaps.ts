/** Near misses for commissioners' reports. */
import { sql } from 'kysely'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

const GAPS_AT_A_TIME = 1000

export type GapRow = {
  readonly day: string
  readonly uid: number
  readonly name: string | null
  readonly test: string
  readonly symptomGroup: number
  readonly searches: number
}

/** Uids of the services that are asked about; null: all of them. */
export type GapServices = readonly number[] | null

const isAskedAbout = (uids: GapServices) => (uids === null ? sql`true` : sql`gap.uid = any(${[...uids]}::bigint[])`)

/** The counts of the days from `from` to `to`, both included, in their order, a thousand at a time. */
export async function* gapsBetween(
  db: Db,
  from: LocalDate,
  to: LocalDate,
  uids: GapServices = null,
): AsyncGenerator<readonly GapRow[]> {
  let last: GapRow | undefined
  do {
    const after = last
      ? sql`and (gap.day, gap.uid, gap.test, gap.symptom_group)
          > (${last.day}::date, ${last.uid}::bigint, ${last.test}, ${last.symptomGroup}::integer)`
      : sql``
    const { rows } = await sql<GapRow>`
      select gap.day, gap.uid, service.record ->> 'name' as name, gap.test, gap.symptom_group as "symptomGroup", gap.searches
      from search_gap as gap left join service on service.uid = gap.uid
      where gap.day between ${from}::date and ${to}::date and ${isAskedAbout(uids)} ${after}
      order by gap.day, gap.uid, gap.test, gap.symptom_group limit ${sql.lit(GAPS_AT_A_TIME)}`.execute(db.pool)
    if (rows.length > 0) yield rows
    last = rows.length === GAPS_AT_A_TIME ? rows.at(-1) : undefined
  } while (last)
}

/** How often one rule alone kept services from searches, and how many services that were. */
export type MissedRule = { readonly test: string; readonly searches: number; readonly services: number }
/** How often one rule alone kept a service from searches for a symptom group. */
export type MissedService = Omit<GapRow, 'day'> & { readonly odsCode: string | null }

/** The near misses of the days from `from` to `to`, both included, added up: every rule, and the `most` services; the most frequent first. */
export async function loadMostMissed(
  db: Queryable,
  {
    from,
    to,
    uids,
    most,
  }: { readonly from: LocalDate; readonly to: LocalDate; readonly uids: GapServices; readonly most: number },
): Promise<{ readonly rules: readonly MissedRule[]; readonly services: readonly MissedService[] }> {
  const these = sql`from search_gap as gap where gap.day between ${from}::date and ${to}::date and ${isAskedAbout(uids)}`
  const { rows: rules } = await sql<MissedRule>`
    select test, sum(searches)::integer as searches, count(distinct uid)::integer as services
    ${these} group by test order by 2 desc, 1`.execute(db)
  const { rows: services } = await sql<MissedService>`
    select missed.*, service.record ->> 'name' as name, service.record ->> 'odsCode' as "odsCode"
    from (
      select uid, test, symptom_group as "symptomGroup", sum(searches)::integer as searches
      ${these} group by uid, test, symptom_group order by 4 desc, 1, 2, 3 limit ${most}) as missed
    left join service on service.uid = missed.uid
    order by missed.searches desc, missed.uid, missed.test, missed."symptomGroup"`.execute(db)
  return { rules, services }
}
