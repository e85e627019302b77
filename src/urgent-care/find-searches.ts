/** The record of searches, looked through for a support call. */
import { type RawBuilder, sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { AuditedSearch } from './search-audit.ts'

/** What is looked for; whatever is null does not matter. */
export type SearchLookUp = {
  /** The case reference or the case id, in capitals or not. */
  readonly caseText: string | null
  readonly username: string | null
  readonly transactionId: string | null
  readonly from: Date | null
  /** Not included. */
  readonly until: Date | null
  /** Whether tests and monitoring are shown as well. */
  readonly withTests: boolean
}

export type FoundSearch = AuditedSearch & { readonly id: number }

/** The newest first, at most `limit`; with `before` only those that come after that search in this order. */
export async function findSearches(
  db: Queryable,
  lookUp: SearchLookUp,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly FoundSearch[]> {
  const { caseText, username, transactionId, from, until, withTests } = lookUp
  const conditions: readonly (RawBuilder<unknown> | null)[] = [
    caseText === null ? null : sql`(upper(case_ref) = upper(${caseText}) or upper(case_id) = upper(${caseText}))`,
    username === null ? null : sql`username = ${username}`,
    transactionId === null ? null : sql`upper(transaction_id) = upper(${transactionId})`,
    from === null ? null : sql`searched_at >= ${from.toISOString()}::timestamptz`,
    until === null ? null : sql`searched_at < ${until.toISOString()}::timestamptz`,
    withTests ? null : sql`kind in ('live', 'what-if')`,
    before === undefined
      ? null
      : sql`(searched_at, id) < (select newer.searched_at, newer.id from search_audit as newer where newer.id = ${before})`,
  ]
  const wanted = conditions.filter((condition) => condition !== null)
  const { rows } = await sql<FoundSearch>`
    select id, searched_at as at, username, api, version, operation, transaction_id as "transactionId",
      case_ref as "caseRef", case_id as "caseId", kind, postcode_sector as "postcodeSector", parameters, outcome, uids,
      duration_micros as "durationMicros"
    from search_audit
    ${wanted.length > 0 ? sql`where ${sql.join(wanted, sql` and `)}` : sql``}
    order by searched_at desc, id desc limit ${sql.lit(limit)}`.execute(db)
  return rows
}
