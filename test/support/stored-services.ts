/** Puts DoS services straight into the table, with ledger numbers as a real save gives them. */
import { sql } from 'kysely'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'

/** Inserts or replaces the services in one transaction; of a uid that comes twice the last counts. Answers with the last ledger number. */
export async function storeServices(
  db: Db,
  given: readonly ServiceRecord[],
  { fields = ['created'] }: { readonly fields?: readonly string[] } = {},
): Promise<number> {
  const records = [...new Map(given.map((record) => [record.uid, record])).values()]
  return db.transact(async (tx) => {
    const changes = records.map(({ uid, odsCode }) => ({ uid, odsCode, fields, before: null, after: {} }))
    const entry = { actor: 'system:test', action: 'store-services', target: 'services', detail: {}, changes }
    const [place] = await appendToLedger(tx, '2026-12-11T10:34:00.000Z', [entry])
    const rows = records.map((record, index) => ({ ...record, record, seq: place?.changeSeqs[index] ?? 0 }))
    await sql`
      insert into service (uid, ods_code, type_id, status, record, seq)
      select uid, "odsCode", "typeId", status, record, seq
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as given (uid bigint, "odsCode" text, "typeId" integer, status text, record jsonb, seq bigint)
      on conflict (uid) do update
        set ods_code = excluded.ods_code, type_id = excluded.type_id, status = excluded.status,
            record = excluded.record, seq = excluded.seq`.execute(tx)
    return place?.seq ?? 0
  })
}
