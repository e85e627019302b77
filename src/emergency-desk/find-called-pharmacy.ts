/** Which pharmacy a caller means: by ODS code, or by name or postcode. */
import { sql } from 'kysely'
import type { Actor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfile, loadProfiles } from '#src/profiles/load-profiles.ts'
import { matchesText } from '#src/profiles/match-pharmacies.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { parsePharmacyCode, TRAINING_PHARMACY } from '#src/rules/ods-code.ts'

/** More than these cannot be told apart on the telephone. */
export const MOST_FOUND = 12

/** `one`: this is it. `several`: one of these, to be confirmed. `too-many` and `none`: ask again. */
export type Found =
  | { readonly what: 'one'; readonly stored: StoredProfile }
  | { readonly what: 'several'; readonly pharmacies: readonly StoredProfile[] }
  | { readonly what: 'too-many' | 'none' }

/** Finds the pharmacy. A code is one pharmacy or none; a name always asks which, because a caller must say so. */
export async function findCalledPharmacy(db: Queryable, text: string): Promise<Found> {
  const code = parsePharmacyCode(text)
  const stored = code && code !== TRAINING_PHARMACY ? await loadProfile(db, code) : undefined
  if (stored) return { what: 'one', stored }
  const { rows } = await sql<{ ods_code: string }>`
    select ods_code from profile
    where ${matchesText(text)} and ods_code <> ${TRAINING_PHARMACY} and status <> 'closed'
    order by name collate "und-x-icu", ods_code limit ${MOST_FOUND + 1}`.execute(db)
  if (rows.length === 0) return { what: 'none' }
  if (rows.length > MOST_FOUND) return { what: 'too-many' }
  const profiles = await loadProfiles(
    db,
    rows.map(({ ods_code }) => ods_code),
  )
  return { what: 'several', pharmacies: rows.flatMap(({ ods_code }) => profiles.get(ods_code) ?? []) }
}

/** Whether somebody may act for a pharmacy. */
export const mayActFor = (actor: Actor, { profile }: Pick<StoredProfile, 'profile'>): boolean =>
  can(actor, 'act-for-pharmacy', targetOf(profile.odsCode, { profile }))
