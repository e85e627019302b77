/** The table of searches. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'

const FORGOTTEN_AT_A_TIME = 2000

/** How a row is written as JSON. */
const GIVEN = sql`given (
  searched_at timestamptz, username text, api text, version text, operation text, transaction_id text,
  case_ref text, case_id text, kind text, postcode_sector text, parameters jsonb, outcome text, uids bigint[],
  duration_micros integer
)`
const COLUMNS = sql`searched_at, username, api, version, operation, transaction_id, case_ref, case_id, kind,
  postcode_sector, parameters, outcome, uids, duration_micros`

/** Writes rows, given as JSON texts of `SearchRow`, with one statement. */
export async function insertSearches(db: Queryable, rows: readonly string[]): Promise<void> {
  await sql`
    insert into search_audit (${COLUMNS})
    select ${COLUMNS} from jsonb_to_recordset(${listOf(rows)}::jsonb) as ${GIVEN}`.execute(db)
}

/** Puts rows away in one piece: a tenth of the work of writing them. */
export async function spoolSearches(db: Queryable, rows: readonly string[]): Promise<void> {
  await db
    .insertInto('search_spool')
    .values({ searches: listOf(rows) })
    .execute()
}

const listOf = (rows: readonly string[]): string => `[${rows.join(',')}]`

/** Writes the rows of the oldest piece that was put away; answers with how many, none when nothing is left. */
export async function fileOldestPiece(db: Queryable): Promise<number> {
  const { rows } = await sql<{ filed: number }>`
    with taken as (
      delete from search_spool where id in (select id from search_spool order by id limit 1 for update skip locked)
      returning searches
    ), filed as (
      insert into search_audit (${COLUMNS})
      select ${COLUMNS} from taken cross join lateral jsonb_to_recordset(taken.searches::jsonb) as ${GIVEN}
      returning 1
    )
    select count(*)::integer as filed from filed`.execute(db)
  return rows[0]?.filed ?? 0
}

/** The rows of the oldest piece, taken out of it: for when one of them cannot be stored. */
export async function takeOldestPiece(db: Queryable): Promise<readonly string[]> {
  const { rows } = await sql<{ searches: string }>`
    delete from search_spool where id in (select id from search_spool order by id limit 1) returning searches`.execute(
    db,
  )
  return rows.flatMap(({ searches }) => (JSON.parse(searches) as unknown[]).map((row) => JSON.stringify(row)))
}

/** Deletes what was searched before `before`, a little at a time. Answers with how many went. */
export async function deleteSearchesBefore(db: Queryable, before: Date): Promise<number> {
  let gone = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from search_audit where id in (
        select id from search_audit where searched_at < ${before.toISOString()}::timestamptz
        order by searched_at, id limit ${sql.lit(FORGOTTEN_AT_A_TIME)}
      )`.execute(db)
    gone += Number(numAffectedRows)
    if (numAffectedRows < FORGOTTEN_AT_A_TIME) return gone
  }
}
