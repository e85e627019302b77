/** The pharmacies a person may see, found by ODS code, name or postcode: a query, because few people ask it. */
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { inScope, matchesText } from '#src/profiles/match-pharmacies.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'

export const PHARMACIES_A_PAGE = 20
export const LONGEST_SEARCH = 100

export type PharmacySearch = {
  readonly scope: Scope
  /** As typed; empty finds all. */
  readonly text: string
  readonly onlyDue: boolean
  /** UTC: a section checked before it is due. */
  readonly quarterStart: Date
  /** 1 for the first. */
  readonly page: number
}

export type FoundPharmacies = {
  readonly pharmacies: readonly StoredProfile[]
  /** How many match, on all pages. */
  readonly matching: number
  /** How many of those have something to check. */
  readonly due: number
}

/** One page of the pharmacies in a scope, those with most to check first. Letter case, spaces and hyphens do not matter. */
export async function findPharmacies(db: Queryable, search: PharmacySearch): Promise<FoundPharmacies> {
  const matching = sql`
    select ods_code, name, ${dueCount(search.quarterStart)} as due
    from profile where ${inScope(search.scope)} and ${matchesText(search.text)}`
  const counts = await sql<{ matching: number; due: number }>`
    select count(*) as matching, count(*) filter (where due > 0) as due from (${matching}) as found`.execute(db)
  const rows = await sql<{ ods_code: string }>`
    select ods_code from (${matching}) as found
    where ${search.onlyDue ? sql`due > 0` : sql`true`}
    order by due desc, name collate "und-x-icu", ods_code
    limit ${PHARMACIES_A_PAGE} offset ${(search.page - 1) * PHARMACIES_A_PAGE}`.execute(db)
  const codes = rows.rows.map(({ ods_code }) => ods_code)
  const profiles = await loadProfiles(db, codes)
  return {
    pharmacies: codes.flatMap((code) => profiles.get(code) ?? []),
    matching: Number(counts.rows[0]?.matching ?? 0),
    due: Number(counts.rows[0]?.due ?? 0),
  }
}

const dueCount = (quarterStart: Date): RawBuilder<unknown> =>
  sql.join(
    QUARTERLY_SECTIONS.map(
      (section) =>
        sql`case when coalesce(sections -> ${section}::text ->> 'checkedAt', '') < ${quarterStart.toISOString()} then 1 else 0 end`,
    ),
    sql` + `,
  )
