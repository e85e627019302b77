/** Gives pharmacies the point of their postcode, once it is known or when it moves. */
import { sql } from 'kysely'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { commitProfiles, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { isApproved } from '#src/profiles/place-change.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import type { Tally } from './import-summary.ts'
import { type Draft, type ImportContext, isOwned, withPosition } from './imported-profile.ts'
import { loadPositions, positionAt } from './reference-store.ts'
import { closeServices } from './stand-in-services.ts'
import type { WrittenPostcode } from './store-postcodes.ts'

const ACTION = 'import-postcodes'
const BATCH = 150

/** The pharmacies of every postcode, by `postcodeKey`. */
export type PharmaciesByPostcode = ReadonlyMap<string, readonly string[]>

export async function loadPharmaciesByPostcode(db: Db): Promise<PharmaciesByPostcode> {
  const rows = await db.pool
    .selectFrom('profile')
    .select(['ods_code', sql<string>`document #>> '{address,postcode}'`.as('postcode')])
    .execute()
  const grouped = Map.groupBy(rows, ({ postcode }) => postcodeKey(postcode))
  return new Map([...grouped].map(([key, pharmacies]) => [key, pharmacies.map(({ ods_code }) => ods_code)]))
}

/**
 * Moves the pharmacies that stand exactly where their postcode was before it moved. A point that came from elsewhere
 * stays, and so does one whose address a person edited or confirmed: that is told.
 */
export async function movePharmacies(
  tx: Tx,
  written: readonly WrittenPostcode[],
  pharmacies: PharmaciesByPostcode,
  context: ImportContext,
  tally: Tally,
): Promise<void> {
  const moved = new Map(written.filter(hasMoved).map((postcode) => [postcode.key, postcode]))
  const codes = [...moved.keys()].flatMap((key) => pharmacies.get(key) ?? [])
  if (codes.length === 0) return
  const stored = await lockProfiles(tx, codes)
  const writes = [...stored.values()].flatMap((before) => {
    const { profile, sections } = before
    const postcode = moved.get(postcodeKey(profile.address.postcode))
    const { position } = profile.address
    if (!postcode || position?.latitude !== postcode.before?.latitude) return []
    if (position?.longitude !== postcode.before?.longitude) return []
    if (isOwned(sections, 'contact') || isApproved(profile, 'position')) {
      tally.keep(profile.odsCode, [`its point: the postcode ${profile.address.postcode} has moved`])
      return []
    }
    const address = { ...profile.address, position: positionAt(postcode.after.latitude, postcode.after.longitude) }
    return [{ before, profile: { ...profile, address }, sections }]
  })
  await save(tx, writes, context)
  if (writes.length > 0) tally.detail('pharmacies moved with their postcode', writes.length)
}

const hasMoved = ({ before, after }: WrittenPostcode): boolean =>
  before !== null && (before.latitude !== after.latitude || before.longitude !== after.longitude)

/** Gives every pharmacy without a point that of its postcode, in small transactions. */
export async function placePharmacies(db: Db, contextNow: () => ImportContext, tally: Tally): Promise<void> {
  const rows = await db.pool
    .selectFrom('profile')
    .select('ods_code')
    .where(sql<boolean>`document #> '{address,position}' = 'null'`)
    .orderBy('ods_code')
    .execute()
  for (let start = 0; start < rows.length; start += BATCH) {
    const codes = rows.slice(start, start + BATCH).map(({ ods_code }) => ods_code)
    const placed = await db.transact((tx) => placeBatch(tx, codes, contextNow()))
    if (placed > 0) tally.detail('pharmacies placed', placed)
  }
}

async function placeBatch(tx: Tx, codes: readonly string[], context: ImportContext): Promise<number> {
  const stored = [...(await lockProfiles(tx, codes)).values()]
  const positions = await loadPositions(
    tx,
    stored.map(({ profile }) => profile.address.postcode),
  )
  const writes = stored.flatMap((before) => {
    const draft: Draft = { ...before, kept: [] }
    const placed = withPosition(draft, positions)
    return placed === draft ? [] : [{ before, profile: placed.profile, sections: placed.sections }]
  })
  await save(tx, writes, context)
  return writes.length
}

async function save(tx: Tx, writes: readonly ProfileWrite[], { actor, recordedAt }: ImportContext): Promise<void> {
  const context = { actor, action: ACTION, recordedAt }
  await closeServices(
    tx,
    writes.map(({ profile }) => profile),
    context,
  )
  await commitProfiles(tx, writes, { ...context, decides: false, onMeeting: 'keep' })
}
