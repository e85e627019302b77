/** The last pharmaceutical list as it came, kept so that profiles can be compared with it every night. */
import { sql } from 'kysely'
import type { Db, Tx } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { ListedPharmacy } from './pharmaceutical-list-rows.ts'

/** Stores what the list says of these pharmacies; what is stored already is left alone. */
export async function storeListed(tx: Tx, batch: readonly ListedPharmacy[]): Promise<void> {
  const rows = batch.map(({ odsCode, name, addressLines, postcode, weekly }) => ({
    ...{ ods_code: odsCode, name, address_lines: addressLines, postcode, weekly },
  }))
  await sql`
    insert into listed_pharmacy as stored (ods_code, name, address_lines, postcode, weekly)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
      ods_code text, name text, address_lines jsonb, postcode text, weekly jsonb)
    order by ods_code
    on conflict (ods_code) do update
      set name = excluded.name, address_lines = excluded.address_lines, postcode = excluded.postcode,
          weekly = excluded.weekly, absent_since = null
      where (stored.name, stored.address_lines, stored.postcode, stored.weekly, stored.absent_since)
        is distinct from (excluded.name, excluded.address_lines, excluded.postcode, excluded.weekly, null::date)`.execute(
    tx,
  )
}

/** Notes since when a list for all of England leaves pharmacies out that an earlier one named. */
export async function markAbsent(db: Db, listed: readonly ListedPharmacy[], today: LocalDate): Promise<void> {
  const here = JSON.stringify(listed.map(({ odsCode }) => odsCode))
  await sql`
    update listed_pharmacy set absent_since = ${today}::date
    where absent_since is null and ods_code not in (
      select code collate "C" from jsonb_array_elements_text(${here}::jsonb) as code)`.execute(db.pool)
}
