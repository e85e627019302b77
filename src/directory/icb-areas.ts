/**
 * Which ICBs by ODS code (QOP), as rights are granted, lie in which ICBs by ONS code (E54000057), as postcodes know them?
 * And which areas are there to choose from?
 *
 * No published table is at hand, and boundaries have moved since the ODS codes were given: so the pharmacies say it, each of
 * which knows the first, and by its postcode the second. Limits, to be known: an ICB of 2026 that was made of several has
 * all of them, and each of their leads sees all its services without a pharmacy; an ICB without pharmacies, or whose
 * pharmacies' postcodes we do not know, has none.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '#src/platform/db/db.ts'

/** Fewer than this share of an ICB's pharmacies in another's postcodes are strays over the border or mistakes. */
const LEAST_SHARE = 0.1

/** Derives both tables anew; changes nothing where nothing differs. Run after every import, and now and then for the rest. */
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
    await refreshChoices(tx)
  })
}

/**
 * The areas to choose from, of the pharmacies that there are. An ICB by its ODS code is named as the catalogue names the
 * one ICB by ONS code that it alone lies in.
 */
async function refreshChoices(tx: Tx): Promise<void> {
  await sql`
    with named as (
      select area.key as code, area.value ->> 'name' as name
      from catalogue, jsonb_each(case when jsonb_typeof(reference -> 'areas') = 'object' then reference -> 'areas' end) area
    ), alone as (
      select min(icb_ods_code) as icb_ods_code, icb_code from icb_area group by icb_code having count(*) = 1
    ), place as (
      select coalesce(pharmacy.document -> 'commissioning' ->> 'icbCode', '') as icb_ods_code,
        coalesce(postcode.region_code, ods.region_code) as region, postcode.local_authority_code as local
      from profile pharmacy
      left join postcode on postcode.postcode_key = pharmacy.postcode_key
      left join ods_organisation ods on ods.ods_code = pharmacy.ods_code
    ), found as (
      select icb_ods_code, 'icb' as kind, icb_ods_code as code from place where icb_ods_code <> ''
      union select icb_ods_code, 'region', region from place where region is not null
      union select icb_ods_code, 'local', local from place where local is not null
    ), choice as (
      select found.*, coalesce(named.name, (
        select board.name from alone join named board on board.code = alone.icb_code
        where found.kind = 'icb' and alone.icb_ods_code = found.code)) as name
      from found left join named on named.code = found.code
    ), gone as (
      delete from area_choice old
      where not exists (
        select from choice
        where (choice.icb_ods_code, choice.kind, choice.code) = (old.icb_ods_code, old.kind, old.code))
    )
    insert into area_choice as known (icb_ods_code, kind, code, name)
    select icb_ods_code, kind, code, name from choice
    on conflict (icb_ods_code, kind, code) do update set name = excluded.name
      where known.name is distinct from excluded.name`.execute(tx)
}
