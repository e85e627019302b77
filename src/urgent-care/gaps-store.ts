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

const ROWS_AT_A_TIME = 500
const FORGOTTEN_AT_A_TIME = 5000

/** Adds to the counts there are, all or none. */
export async function addGaps(db: Db, gaps: readonly GapCount[]): Promise<void> {
  // In one order everywhere: two processes that add to the same rows then wait for each other, and never in a circle.
  const sorted = [...gaps].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await db.transact(async (tx) => {
    for (let start = 0; start < sorted.length; start += ROWS_AT_A_TIME) {
      const rows = sorted.slice(start, start + ROWS_AT_A_TIME)
      await sql`
        insert into search_gap as known (day, uid, test, symptom_group, searches)
        select day, uid, test, "symptomGroup", searches
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (
          day date, uid bigint, test text, "symptomGroup" integer, searches integer
        )
        on conflict (day, uid, test, symptom_group) do update set searches = known.searches + excluded.searches`.execute(
        tx,
      )
    }
  })
}

const keyOf = ({ day, uid, test, symptomGroup }: GapCount): string => `${day} ${uid} ${test} ${symptomGroup}`

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
