/**
 * Writes DoS services by themselves: those that no profile projects onto, and those that an importer brings. What a
 * pharmacy says reaches its services through its profile (`profiles/commit-profiles.ts`), in one transaction with it.
 */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type ServiceChange } from '#src/platform/db/ledger.ts'
import { changedFields } from './project-profile.ts'
import type { Overrides, ServiceRecord } from './service-record.ts'

/** A row of `service` to write. Every one needs its own ledger sequence. */
export type ServiceRow = {
  readonly record: ServiceRecord
  readonly overrides: Overrides
  readonly profileOds: string | null
  readonly seq: number
}

export type SaveContext = {
  /** `command:NAME` or `person:EMAIL`. */
  readonly actor: string
  readonly action: string
  /** UTC ISO text. */
  readonly recordedAt: string
  /** What else the ledger remembers of it, such as the edit that was published. */
  readonly about?: Readonly<Record<string, unknown>>
}

/** How many services were new, differed, or were stored already just so; only the first two write anything. */
export type SavedServices = { readonly created: number; readonly changed: number; readonly unchanged: number }

/** A service as it shall be: its record, the values that are its own, and the profile that projects onto it. */
export type ServiceState = Omit<ServiceRow, 'seq'>

/** Inserts or replaces services by uid, with their ledger entries, keeping whatever profile projects onto them. */
export async function saveServices(
  tx: Tx,
  records: readonly ServiceRecord[],
  context: SaveContext,
): Promise<SavedServices> {
  const there = await lockServiceStates(
    tx,
    records.map(({ uid }) => uid),
  )
  const states = records.map((record) => ({ overrides: {}, profileOds: null, ...there.get(record.uid), record }))
  return saveDiffering(tx, there, states, context)
}

/**
 * As `saveServices`, for importers that know which profile projects onto each service and which values are its own.
 * The records must be projected already (`projectProfile`), in the transaction that holds the profiles' locks.
 */
export async function saveServiceStates(
  tx: Tx,
  states: readonly ServiceState[],
  context: SaveContext,
): Promise<SavedServices> {
  const there = await lockServiceStates(
    tx,
    states.map(({ record }) => record.uid),
  )
  return saveDiffering(tx, there, states, context)
}

async function saveDiffering(
  tx: Tx,
  there: ReadonlyMap<number, ServiceState>,
  states: readonly ServiceState[],
  context: SaveContext,
): Promise<SavedServices> {
  const touched = states.filter((state) => !isDeepStrictEqual(there.get(state.record.uid), state))
  const created = touched.filter(({ record }) => !there.has(record.uid)).length
  const saved = { created, changed: touched.length - created, unchanged: states.length - touched.length }
  if (touched.length === 0) return saved
  const [place] = await appendToLedger(tx, context.recordedAt, [
    {
      actor: context.actor,
      action: context.action,
      target: touched.length === 1 ? `service:${touched[0]?.record.uid}` : 'services',
      detail: { ...context.about, ...saved },
      changes: touched.map(({ record }) => serviceChange(there.get(record.uid)?.record, record)),
    },
  ])
  await storeServiceRows(
    tx,
    touched.map(({ record, overrides, profileOds }, index) => ({
      record,
      overrides,
      profileOds,
      seq: place?.changeSeqs[index] ?? 0,
    })),
    context.recordedAt,
  )
  return saved
}

/** The ledger's account of a change: the whole record of a new service, otherwise the differing fields. */
export function serviceChange(before: ServiceRecord | undefined, after: ServiceRecord): ServiceChange {
  const named = { uid: after.uid, odsCode: after.odsCode }
  if (!before) return { ...named, fields: ['created'], before: null, after }
  const fields = changedFields(before, after)
  return {
    ...named,
    fields: fields.map(({ field }) => field),
    before: Object.fromEntries(fields.map((change) => [change.field, change.before])),
    after: Object.fromEntries(fields.map((change) => [change.field, change.after])),
  }
}

/** The services of these uids, locked until the transaction ends. Lock the profiles that project onto them first. */
export async function lockServiceStates(tx: Tx, uids: readonly number[]): Promise<Map<number, ServiceState>> {
  const rows = await tx
    .selectFrom('service')
    .select(['uid', 'record', 'overrides', 'profile_ods'])
    .where('uid', '=', (value) => value.fn.any(value.val([...uids])))
    .orderBy('uid')
    .forUpdate()
    .execute()
  return new Map(
    rows.map((row) => [
      row.uid,
      { record: row.record as ServiceRecord, overrides: row.overrides as Overrides, profileOds: row.profile_ods },
    ]),
  )
}

/**
 * Stores rows whose ledger entries are written already. A capacity that is new or differs from the stored one was set at
 * `recordedAt`, UTC ISO text; one that is stored as it was keeps its time.
 */
export async function storeServiceRows(tx: Tx, rows: readonly ServiceRow[], recordedAt: string): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ record, overrides, profileOds, seq }) => ({
    uid: record.uid,
    ods_code: record.odsCode,
    type_id: record.typeId,
    status: record.status,
    profile_ods: profileOds,
    record,
    overrides,
    seq,
    capacity_set_at: record.other['capacity'] === undefined ? null : recordedAt,
  }))
  await sql`
    insert into service as stored (uid, ods_code, type_id, status, profile_ods, record, overrides, seq, capacity_set_at)
    select uid, ods_code, type_id, status, profile_ods, record, overrides, seq, capacity_set_at
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as given (uid bigint, ods_code text, type_id integer, status text, profile_ods text, record jsonb, overrides jsonb,
                seq bigint, capacity_set_at timestamptz)
    on conflict (uid) do update
      set ods_code = excluded.ods_code, type_id = excluded.type_id, status = excluded.status,
          profile_ods = excluded.profile_ods, record = excluded.record, overrides = excluded.overrides,
          seq = excluded.seq,
          capacity_set_at = case
            when stored.record #> '{other,capacity}' is distinct from excluded.record #> '{other,capacity}'
            then excluded.capacity_set_at else stored.capacity_set_at end`.execute(tx)
}
