/**
 * Which ICBs by ODS code (QOP), as rights are granted, lie in which ICBs by ONS code (E54000057), as postcodes know them?
 *
 * No published table is at hand, and boundaries have moved since the ODS codes were given: so the pharmacies say it, each of
 * which knows the first, and by its postcode the second. Limits, to be known: an ICB of 2026 that was made of several has
 * all of them, and each of their leads sees all its services without a pharmacy; an ICB without pharmacies, or whose
 * pharmacies' postcodes we do not know, has none.
 */
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'

/** Fewer than this share of an ICB's pharmacies in another's postcodes are strays over the border or mistakes. */
const LEAST_SHARE = 0.1

/** Derives the table anew; changes nothing where nothing differs. Run after every import, and now and then for the rest. */
export async function refreshIcbAreas(db: Db): Promise<void> {
  await db.transact(async (tx) => {
    await sql`
      with pair as (
        select pharmacy.document -> 'commissioning' ->> 'icbCode' as icb_ods_code, postcode.icb_code, count(*)::integer as pharmacies
        from profile pharmacy join postcode on postcode.postcode_key = pharmacy.postcode_key
        where pharmacy.document -> 'commissioning' ->> 'icbCode' is not null and postcode.icb_code is not null
        group by 1, 2
      ), found as (
        select * from (select pair.*, sum(pharmacies) over (partition by icb_ods_code) as of_all from pair) counted
        where pharmacies >= of_all * ${LEAST_SHARE}::double precision
      ), gone as (
        delete from icb_area
        where not exists (
          select from found
          where found.icb_ods_code = icb_area.icb_ods_code and found.icb_code = icb_area.icb_code)
      )
      insert into icb_area as known (icb_ods_code, icb_code, pharmacies)
      select icb_ods_code, icb_code, pharmacies from found
      on conflict (icb_ods_code, icb_code) do update set pharmacies = excluded.pharmacies
        where known.pharmacies <> excluded.pharmacies`.execute(tx)
  })
}
