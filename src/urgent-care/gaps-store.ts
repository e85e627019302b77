/** The table of near misses. */
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

/** How many searches of a London day missed a service by this test alone. */
export type GapCount = {
  readonly day: LocalDate
  readonly uid: number
  readonly test: string
  readonly symptomGroup: number
  searches: number
}

const FORGOTTEN_AT_A_TIME = 5000

/** Adds to the counts there are. */
export async function addGaps(db: Db, gaps: readonly GapCount[]): Promise<void> {
  await sql`
    insert into search_gap as known (day, uid, test, symptom_group, searches)
    select day, uid, test, "symptomGroup", searches
    from jsonb_to_recordset(${JSON.stringify(gaps)}::jsonb) as given (
      day date, uid bigint, test text, "symptomGroup" integer, searches integer
    )
    on conflict (day, uid, test, symptom_group) do update set searches = known.searches + excluded.searches`.execute(
    db.pool,
  )
}

/** Deletes the counts of days before `day`, a little at a time. Answers with how many went. */
export async function deleteGapsBefore(db: Db, day: LocalDate): Promise<number> {
  let gone = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from search_gap where (day, uid, test, symptom_group) in (
        select day, uid, test, symptom_group from search_gap where day < ${day}::date limit ${sql.lit(FORGOTTEN_AT_A_TIME)}
      )`.execute(db.pool)
    gone += Number(numAffectedRows)
    if (numAffectedRows < FORGOTTEN_AT_A_TIME) return gone
  }
}
