/** Which branches a person means, of those that they may do something to. */
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope, matchesText } from '#src/profiles/match-pharmacies.ts'

/** A branch, and the version of its profile that is there now. */
export type Branch = { readonly odsCode: string; readonly version: number }

/** More than any head office has. */
export const MOST_BRANCHES = 5_000

/** The pharmacies of a scope that a text means (an ODS code, a name, the beginning of a postcode); empty means all. */
export async function branchesMatching(db: Queryable, scope: Scope, text: string): Promise<readonly Branch[]> {
  return await branches(db, scope, matchesText(text))
}

/** The pharmacies of a scope with these codes; codes outside of it are left out. */
export const branchesWithCodes = (
  db: Queryable,
  scope: Scope,
  odsCodes: readonly string[],
): Promise<readonly Branch[]> => branches(db, scope, sql`ods_code = any(${[...odsCodes]}::text[])`)

async function branches(db: Queryable, scope: Scope, matching: RawBuilder<unknown>): Promise<readonly Branch[]> {
  const { rows } = await sql<{ ods_code: string; version: number }>`
    select ods_code, version from profile
    where status <> 'closed' and ${inScope(scope)} and ${matching}
    order by name collate "und-x-icu", ods_code limit ${MOST_BRANCHES}`.execute(db)
  return rows.map(({ ods_code, version }) => ({ odsCode: ods_code, version }))
}
