/** What is kept of services and of what was told: the ledger, the versions of profiles, the searches. */
import { sql } from 'kysely'
import { type Reach, serviceCounts } from '#src/directory/area.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { ServiceRow } from '#src/directory/service-row.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { LoggedChange } from './record-as-known.ts'

export type StoredNow = { readonly uid: number; readonly odsFive: string | null; readonly record: ServiceRecord }

/** A service as it is stored now, for somebody whose reach it lies in; undefined for all others. */
export async function loadReached(db: Queryable, uid: number, reach: Reach): Promise<StoredNow | undefined> {
  const { rows } = await sql<StoredNow>`
    select service.uid, service.ods_five as "odsFive", service.record from service
    where service.uid = ${uid} and ${serviceCounts({ reach })}`.execute(db)
  return rows[0]
}

/** The services of a pharmacy's five characters that lie in the reach, by uid. */
export async function loadReachedOf(db: Queryable, odsCode: string, reach: Reach): Promise<readonly StoredNow[]> {
  const { rows } = await sql<StoredNow>`
    select service.uid, service.ods_five as "odsFive", service.record from service
    where service.ods_five = ${odsCode} and ${serviceCounts({ reach })} order by service.uid`.execute(db)
  return rows
}

/** Every change of one service, in the order of the ledger. */
export async function loadChanges(db: Queryable, uid: number): Promise<readonly LoggedChange[]> {
  return (await loadChangesOf(db, [uid])).get(uid) ?? []
}

/** Every change of some services, by uid, each in the order of the ledger. */
export async function loadChangesOf(
  db: Queryable,
  uids: readonly number[],
): Promise<ReadonlyMap<number, readonly LoggedChange[]>> {
  const { rows } = await sql<LoggedChange>`
    select change.seq, change.uid, change.recorded_at as "recordedAt", change.fields, change.before, change.after,
      audit.actor, audit.action
    from service_change change join audit on audit.seq = change.audit_seq
    where change.uid = any(${[...uids]}::bigint[]) order by change.seq`.execute(db)
  return Map.groupBy(rows, ({ uid }) => uid)
}

/** The uids of every service that has a pharmacy's five characters. One that changed its code stands with the new one. */
export async function loadUidsOf(db: Queryable, odsCode: string): Promise<readonly number[]> {
  const { rows } = await sql<{ uid: number }>`
    select uid from service where ods_five = ${odsCode} order by uid`.execute(db)
  return rows.map(({ uid }) => uid)
}

/** When the ledger begins, UTC ISO text; null while it is empty. */
export async function loadFirstDay(db: Queryable): Promise<string | null> {
  const row = await db.selectFrom('audit').select('recorded_at').orderBy('seq').limit(1).executeTakeFirst()
  return row?.recorded_at ?? null
}

/** The profile as it was known at an instant, clocks that ran behind apart (`knownChanges`); undefined when there was none. */
export async function loadProfileKnown(db: Queryable, odsCode: string, knownAt: Date): Promise<Profile | undefined> {
  const { rows } = await sql<{ document: Profile }>`
    select document from profile_version
    where ods_code = ${odsCode} and version < coalesce(
      (select min(version) from profile_version
       where ods_code = ${odsCode} and recorded_at > ${knownAt.toISOString()}::timestamptz), 2147483647)
    order by version desc limit 1`.execute(db)
  return rows[0]?.document
}

/** When somebody last set the capacity of some services, up to an instant: also to what it was. UTC ISO text by uid. */
export async function loadCapacitySetAt(
  db: Queryable,
  uids: readonly number[],
  knownAt: Date,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ uid: number; at: string }>`
    select uid, max(set_at) as at from capacity_setting
    where uid = any(${[...uids]}::bigint[]) and set_at <= ${knownAt.toISOString()}::timestamptz group by uid`.execute(
    db,
  )
  return new Map(rows.map(({ uid, at }) => [uid, at]))
}

/** When the list of bank holidays last changed, UTC ISO text; null when it was never imported. Its past is not kept. */
export async function loadHolidaysChanged(db: Queryable): Promise<string | null> {
  const row = await db
    .selectFrom('reference_version')
    .select('updated_at')
    .where('name', '=', 'bank-holidays')
    .executeTakeFirst()
  return row?.updated_at ?? null
}

/** The rows that a save of these records would have made: by the functions of the database that make them. */
export async function rowsOfRecords(
  db: Queryable,
  known: readonly { readonly record: ServiceRecord; readonly seq: number; readonly capacitySetAt: string | null }[],
): Promise<readonly ServiceRow[]> {
  const given = known.map(({ record }) => record)
  const { rows } = await sql<Omit<ServiceRow, 'seq' | 'capacitySetAtSeconds'>>`
    select (record ->> 'uid')::bigint as uid, service_facts(record) as facts, (record -> 'hours')::text as hours,
      service_clinical(record -> 'other') as clinical, service_details(record) as details
    from jsonb_array_elements(${JSON.stringify(given)}::jsonb) with ordinality as given (record, place)
    order by place`.execute(db)
  return rows.map((row, index) => {
    const { seq = 0, capacitySetAt = null } = known[index] ?? {}
    return { ...row, seq, capacitySetAtSeconds: capacitySetAt === null ? null : Date.parse(capacitySetAt) / 1000 }
  })
}

export type SearchTold = {
  /** UTC ISO text. */
  readonly at: string
  readonly username: string
  readonly operation: string
  /** Its place in the answer, from 1, and how many there were. */
  readonly place: number
  readonly total: number
}

export const SEARCHES_SHOWN = 20

/** The searches of programs that were given a service between two instants, the first first. */
export async function loadSearchesTold(
  db: Queryable,
  uid: number,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly SearchTold[]> {
  const { rows } = await sql<SearchTold>`
    select searched_at as at, username, operation, array_position(uids, ${uid}::bigint) as place, cardinality(uids) as total
    from search_audit
    where searched_at >= ${from.toISOString()}::timestamptz and searched_at <= ${until.toISOString()}::timestamptz
      and kind in ('live', 'what-if') and ${uid}::bigint = any(uids)
    order by searched_at, id limit ${SEARCHES_SHOWN + 1}`.execute(db)
  return rows
}
