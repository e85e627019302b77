/** The pharmacies that somebody means by an ODS code, a name or a postcode, among all that there are. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { matchesText } from '#src/profiles/match-pharmacies.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'

const MOST_SHOWN = 10

/** `exact`: one pharmacy, by its code. `message` says what is wrong with an entry that leads nowhere. */
export type FoundEntry =
  | { readonly entry: string; readonly exact: boolean; readonly profiles: readonly Profile[] }
  | { readonly entry: string; readonly message: string }

/** Looks each entry up. Pharmacies that the public does not see are found by their code alone. */
export async function findAsked(db: Queryable, entries: readonly string[]): Promise<readonly FoundEntry[]> {
  const codes = entries.flatMap((entry) => parsePharmacyCode(entry) ?? [])
  const byCode = await loadProfiles(db, codes)
  const found: FoundEntry[] = []
  for (const entry of entries) {
    const exact = byCode.get(parsePharmacyCode(entry) ?? '')?.profile
    found.push(exact ? { entry, exact: true, profiles: [exact] } : await search(db, entry))
  }
  return found
}

async function search(db: Queryable, entry: string): Promise<FoundEntry> {
  const { rows } = await sql<{ ods_code: string }>`
    select ods_code from profile
    where ${matchesText(entry)} and status in ('open', 'temporarily-closed')
    order by name collate "und-x-icu", ods_code
    limit ${MOST_SHOWN + 1}`.execute(db)
  if (rows.length === 0) return { entry, message: whyNothing(entry) }
  if (rows.length > MOST_SHOWN) {
    const message = `More than ${MOST_SHOWN} pharmacies match “${entry}”. Enter the ODS code or the postcode`
    return { entry, message }
  }
  const codes = rows.map(({ ods_code }) => ods_code)
  const profiles = await loadProfiles(db, codes)
  return { entry, exact: false, profiles: codes.flatMap((code) => profiles.get(code)?.profile ?? []) }
}

/** One word with a digit in it was meant as a code. */
function whyNothing(entry: string): string {
  if (!/^\S{2,8}$/.test(entry) || !/\d/.test(entry)) return `No pharmacy matches “${entry}”`
  return parsePharmacyCode(entry)
    ? `No pharmacy has the ODS code ${entry.toUpperCase()}`
    : `ODS code must be 5 letters and numbers: “${entry}” is not`
}
