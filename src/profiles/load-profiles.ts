/** Profiles and the DoS services beside them, as the database holds them. */
import { sql } from 'kysely'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { Profile, Sections, StoredProfile } from './profile.ts'

/** A DoS service of a pharmacy: its record, the values that are its own, and whether the profile projects onto it. */
export type StoredService = {
  readonly record: ServiceRecord
  readonly overrides: Overrides
  readonly profileOds: string | null
}

/** The profile of a pharmacy as it is now; undefined when there is none. */
export async function loadProfile(db: Queryable, odsCode: string): Promise<StoredProfile | undefined> {
  return (await loadProfiles(db, [odsCode])).get(odsCode)
}

/** The profiles of many pharmacies, by ODS code. */
export async function loadProfiles(db: Queryable, odsCodes: readonly string[]): Promise<Map<string, StoredProfile>> {
  return stored(await profilesOf(db, odsCodes).execute())
}

/** As `loadProfiles`, and locks the rows until the transaction ends, in one order for everybody. */
export async function lockProfiles(tx: Tx, odsCodes: readonly string[]): Promise<Map<string, StoredProfile>> {
  return stored(await profilesOf(tx, odsCodes).forUpdate().execute())
}

const profilesOf = (db: Queryable, odsCodes: readonly string[]) =>
  db
    .selectFrom('profile')
    .select(['ods_code', 'version', 'document', 'sections'])
    .where('ods_code', '=', (value) => value.fn.any(value.val([...odsCodes])))
    .orderBy('ods_code')

type ProfileRow = { ods_code: string; version: number; document: unknown; sections: unknown }

const stored = (rows: readonly ProfileRow[]): Map<string, StoredProfile> =>
  new Map(
    rows.map((row) => [
      row.ods_code,
      { profile: row.document as Profile, sections: row.sections as Sections, version: row.version },
    ]),
  )

/** The document a profile held at a version, with who wrote it and when. */
export async function loadProfileVersion(db: Queryable, odsCode: string, version: number) {
  const row = await db
    .selectFrom('profile_version')
    .select(['document', 'recorded_at', 'actor', 'action'])
    .where('ods_code', '=', odsCode)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && { profile: row.document as Profile, recordedAt: row.recorded_at, actor: row.actor, action: row.action }
}

/** The documents of many pharmacies at one version each, by ODS code; a version that never was is left out. */
export async function loadProfilesAt(
  db: Queryable,
  versions: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Profile>> {
  if (versions.size === 0) return new Map()
  const wanted = [...versions].map(([odsCode, version]) => ({ odsCode, version }))
  const { rows } = await sql<{ ods_code: string; document: Profile }>`
    select ods_code, document from profile_version
    join jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as wanted ("odsCode" text, version integer)
      on ods_code = wanted."odsCode" collate "C" and profile_version.version = wanted.version`.execute(db)
  return new Map(rows.map(({ ods_code, document }) => [ods_code, document]))
}

/** Every DoS service whose code starts with the pharmacy's five characters, whatever its type or status, by uid. */
export async function loadServicesOf(db: Queryable, odsCode: string): Promise<readonly StoredService[]> {
  return (await loadServices(db, [odsCode])).get(odsCode) ?? []
}

/** As `loadServicesOf` for many pharmacies, by their five characters. */
export async function loadServices(db: Queryable, odsCodes: readonly string[]) {
  return grouped(await servicesOf(db, odsCodes).execute())
}

/** As `loadServices`, and locks the rows until the transaction ends. Lock the profiles first. */
export async function lockServices(tx: Tx, odsCodes: readonly string[]) {
  return grouped(await servicesOf(tx, odsCodes).forUpdate().execute())
}

const servicesOf = (db: Queryable, odsCodes: readonly string[]) =>
  db
    .selectFrom('service')
    .select(['ods_five', 'record', 'overrides', 'profile_ods'])
    .where('ods_five', '=', (value) => value.fn.any(value.val([...odsCodes])))
    .orderBy('uid')

type ServiceRow = { ods_five: string | null; record: unknown; overrides: unknown; profile_ods: string | null }

function grouped(rows: readonly ServiceRow[]): Map<string, StoredService[]> {
  const byPharmacy = new Map<string, StoredService[]>()
  for (const row of rows) {
    const service = {
      record: row.record as ServiceRecord,
      overrides: row.overrides as Overrides,
      profileOds: row.profile_ods,
    }
    const code = row.ods_five ?? ''
    byPharmacy.set(code, [...(byPharmacy.get(code) ?? []), service])
  }
  return byPharmacy
}
