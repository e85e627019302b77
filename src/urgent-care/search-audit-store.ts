/** The table of searches. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { SearchRow } from './search-record.ts'

const FORGOTTEN_AT_A_TIME = 2000

/** Writes the rows with one statement. */
export async function insertSearches(db: Queryable, rows: readonly SearchRow[]): Promise<void> {
  await sql`
    insert into search_audit (searched_at, username, api, version, operation, transaction_id, case_ref, case_id, kind,
      postcode_sector, parameters, outcome, uids, duration_micros)
    select searched_at, username, api, version, operation, transaction_id, case_ref, case_id, kind,
      postcode_sector, parameters, outcome, uids, duration_micros
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (
      searched_at timestamptz, username text, api text, version text, operation text, transaction_id text,
      case_ref text, case_id text, kind text, postcode_sector text, parameters jsonb, outcome text, uids bigint[],
      duration_micros integer
    )`.execute(db)
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
