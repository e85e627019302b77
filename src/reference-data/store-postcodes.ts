/** Writes postcodes in bulk and moves the pharmacies that stand on them. */
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import type { PostcodeRow } from './postcode-rows.ts'

/** A postcode that was written; `before` is null for a new one. */
export type WrittenPostcode = {
  readonly key: string
  readonly before: { readonly latitude: number; readonly longitude: number } | null
  readonly after: { readonly latitude: number; readonly longitude: number }
}

export type StoreOptions = {
  /** Whether the file says which postcodes are terminated; otherwise what is stored stays. */
  readonly knowsTerminated: boolean
  /** True for the gazetteer of a services file, which adds postcodes and replaces only its own. */
  readonly fillsOnly: boolean
}

/**
 * Inserts or replaces postcodes, one statement whatever their number, and answers with those that differed. A code that
 * the file lacks stays. The keys must be distinct.
 */
export async function storePostcodes(
  tx: Tx,
  rows: readonly PostcodeRow[],
  { knowsTerminated, fillsOnly }: StoreOptions,
): Promise<readonly WrittenPostcode[]> {
  const { rows: written } = await sql<{
    key: string
    latitude: number
    longitude: number
    latitude_before: number | null
    longitude_before: number | null
  }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        postcode_key text, latitude double precision, longitude double precision, icb_code text, region_code text,
        local_authority_code text, terminated boolean, source text)
    ), before as (
      select postcode.postcode_key, postcode.latitude, postcode.longitude
      from postcode join given on given.postcode_key = postcode.postcode_key
    ), written as (
      insert into postcode as stored
        (postcode_key, latitude, longitude, icb_code, region_code, local_authority_code, terminated, source)
      select postcode_key, latitude, longitude, icb_code, region_code, local_authority_code, terminated, source from given
      on conflict (postcode_key) do update
        set latitude = excluded.latitude, longitude = excluded.longitude,
            icb_code = coalesce(excluded.icb_code, stored.icb_code),
            region_code = coalesce(excluded.region_code, stored.region_code),
            local_authority_code = coalesce(excluded.local_authority_code, stored.local_authority_code),
            terminated = case when ${knowsTerminated}::boolean then excluded.terminated else stored.terminated end,
            source = excluded.source
        where (not ${fillsOnly}::boolean or stored.source = excluded.source)
          and (stored.latitude, stored.longitude, stored.icb_code, stored.region_code, stored.local_authority_code,
               stored.terminated, stored.source)
            is distinct from
              (excluded.latitude, excluded.longitude, coalesce(excluded.icb_code, stored.icb_code),
               coalesce(excluded.region_code, stored.region_code),
               coalesce(excluded.local_authority_code, stored.local_authority_code),
               case when ${knowsTerminated}::boolean then excluded.terminated else stored.terminated end, excluded.source)
      returning stored.postcode_key, stored.latitude, stored.longitude
    )
    select written.postcode_key as key, written.latitude, written.longitude,
           before.latitude as latitude_before, before.longitude as longitude_before
    from written left join before on before.postcode_key = written.postcode_key`.execute(tx)
  return written.map((row) => ({
    key: row.key,
    before:
      row.latitude_before === null || row.longitude_before === null
        ? null
        : { latitude: row.latitude_before, longitude: row.longitude_before },
    after: { latitude: row.latitude, longitude: row.longitude },
  }))
}
