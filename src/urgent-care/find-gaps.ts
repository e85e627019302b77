/** Near misses for commissioners' reports. */
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
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

/** The counts of the days from `from` to `to`, both included, in their order, a thousand at a time. */
export async function* gapsBetween(db: Db, from: LocalDate, to: LocalDate): AsyncGenerator<readonly GapRow[]> {
  let last: GapRow | undefined
  do {
    const after = last
      ? sql`and (gap.day, gap.uid, gap.test, gap.symptom_group)
          > (${last.day}::date, ${last.uid}::bigint, ${last.test}, ${last.symptomGroup}::integer)`
      : sql``
    const { rows } = await sql<GapRow>`
      select gap.day, gap.uid, service.record ->> 'name' as name, gap.test, gap.symptom_group as "symptomGroup", gap.searches
      from search_gap as gap left join service on service.uid = gap.uid
      where gap.day between ${from}::date and ${to}::date ${after}
      order by gap.day, gap.uid, gap.test, gap.symptom_group limit ${sql.lit(GAPS_AT_A_TIME)}`.execute(db.pool)
    if (rows.length > 0) yield rows
    last = rows.length === GAPS_AT_A_TIME ? rows.at(-1) : undefined
  } while (last)
}
