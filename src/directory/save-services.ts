/**
 * Writes DoS services that no profile projects onto. Services of a pharmacy change through its profile
 * (`profiles/commit-profiles.ts`), in one transaction with it.
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
}

/** How many services were new, differed, or were stored already just so; only the first two write anything. */
export type SavedServices = { readonly created: number; readonly changed: number; readonly unchanged: number }

/** Inserts or replaces services by uid, with their ledger entries, keeping whatever profile projects onto them. */
export async function saveServices(
  tx: Tx,
  records: readonly ServiceRecord[],
  context: SaveContext,
): Promise<SavedServices> {
  const there = await lockByUid(
    tx,
    records.map(({ uid }) => uid),
  )
  const touched = records.filter((record) => !isDeepStrictEqual(there.get(record.uid)?.record, record))
  const created = touched.filter(({ uid }) => !there.has(uid)).length
  const saved = { created, changed: touched.length - created, unchanged: records.length - touched.length }
  if (touched.length === 0) return saved
  const [place] = await appendToLedger(tx, context.recordedAt, [
    {
      actor: context.actor,
      action: context.action,
      target: touched.length === 1 ? `service:${touched[0]?.uid}` : 'services',
      detail: saved,
      changes: touched.map((record) => serviceChange(there.get(record.uid)?.record, record)),
    },
  ])
  const rows = touched.map((record, index) => ({
    record,
    overrides: there.get(record.uid)?.overrides ?? {},
    profileOds: there.get(record.uid)?.profileOds ?? null,
    seq: place?.changeSeqs[index] ?? 0,
  }))
  await storeServiceRows(tx, rows)
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

async function lockByUid(tx: Tx, uids: readonly number[]) {
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

/** Stores rows whose ledger entries are written already. */
export async function storeServiceRows(tx: Tx, rows: readonly ServiceRow[]): Promise<void> {
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
  }))
  await sql`
    insert into service (uid, ods_code, type_id, status, profile_ods, record, overrides, seq)
    select uid, ods_code, type_id, status, profile_ods, record, overrides, seq
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as given (uid bigint, ods_code text, type_id integer, status text, profile_ods text, record jsonb, overrides jsonb, seq bigint)
    on conflict (uid) do update
      set ods_code = excluded.ods_code, type_id = excluded.type_id, status = excluded.status,
          profile_ods = excluded.profile_ods, record = excluded.record, overrides = excluded.overrides,
          seq = excluded.seq`.execute(tx)
}
