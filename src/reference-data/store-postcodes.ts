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

/** Two files that place a postcode less than about 100 m apart mean the same place; degrees. */
const isSamePlace = (a: string, b: string) => sql<boolean>`
  abs(${sql.ref(a)}.latitude - ${sql.ref(b)}.latitude) < 0.001
  and abs(${sql.ref(a)}.longitude - ${sql.ref(b)}.longitude) < 0.002`

/** A row without a grid reference leaves the stored one while the place is the same. */
const keepsGrid = sql<boolean>`excluded.easting is null and ${isSamePlace('stored', 'excluded')}`

/**
 * Inserts or replaces postcodes, one statement whatever their number, and answers with those that differed. A code that
 * the file lacks stays, and so does a grid reference while the place is the same. The keys must be distinct.
 */
export async function storePostcodes(
  tx: Tx,
  rows: readonly PostcodeRow[],
  { knowsTerminated, fillsOnly }: StoreOptions,
): Promise<readonly WrittenPostcode[]> {
  // A file that says only that it ended does not take away since when.
  const terminatedIn = sql`case when not ${knowsTerminated}::boolean then stored.terminated_in
    when excluded.terminated then coalesce(excluded.terminated_in, stored.terminated_in) end`
  const { rows: written } = await sql<Row>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        postcode_key text, latitude double precision, longitude double precision, icb_code text, region_code text,
        local_authority_code text, terminated boolean, terminated_in integer, source text, easting integer,
        northing integer)
    ), before as (
      select postcode.postcode_key, postcode.latitude, postcode.longitude
      from postcode join given on given.postcode_key = postcode.postcode_key
    ), written as (
      insert into postcode as stored
        (postcode_key, latitude, longitude, icb_code, region_code, local_authority_code, terminated, terminated_in,
         source, easting, northing)
      select postcode_key, latitude, longitude, icb_code, region_code, local_authority_code, terminated, terminated_in,
             source, easting, northing
      from given
      on conflict (postcode_key) do update
        set latitude = excluded.latitude, longitude = excluded.longitude,
            icb_code = coalesce(excluded.icb_code, stored.icb_code),
            region_code = coalesce(excluded.region_code, stored.region_code),
            local_authority_code = coalesce(excluded.local_authority_code, stored.local_authority_code),
            terminated = case when ${knowsTerminated}::boolean then excluded.terminated else stored.terminated end,
            terminated_in = ${terminatedIn},
            source = excluded.source,
            easting = case when ${keepsGrid} then stored.easting else excluded.easting end,
            northing = case when ${keepsGrid} then stored.northing else excluded.northing end
        where (not ${fillsOnly}::boolean or stored.source = excluded.source)
          and (stored.latitude, stored.longitude, stored.icb_code, stored.region_code, stored.local_authority_code,
               stored.terminated, stored.terminated_in, stored.source, stored.easting, stored.northing)
            is distinct from
              (excluded.latitude, excluded.longitude, coalesce(excluded.icb_code, stored.icb_code),
               coalesce(excluded.region_code, stored.region_code),
               coalesce(excluded.local_authority_code, stored.local_authority_code),
               case when ${knowsTerminated}::boolean then excluded.terminated else stored.terminated end,
               ${terminatedIn}, excluded.source,
               case when ${keepsGrid} then stored.easting else excluded.easting end,
               case when ${keepsGrid} then stored.northing else excluded.northing end)
      returning stored.postcode_key, stored.latitude, stored.longitude
    )
    select written.postcode_key as key, written.latitude, written.longitude,
           before.latitude as latitude_before, before.longitude as longitude_before
    from written left join before on before.postcode_key = written.postcode_key`.execute(tx)
  const filled = fillsOnly ? await fillGrid(tx, rows) : []
  return [...filled, ...written.map(toWritten)]
}

const toWritten = (row: Row): WrittenPostcode => ({
  key: row.key,
  before:
    row.latitude_before === null || row.longitude_before === null
      ? null
      : { latitude: row.latitude_before, longitude: row.longitude_before },
  after: { latitude: row.latitude, longitude: row.longitude },
})

/** All that a gazetteer adds to a postcode of another file: the grid reference, when the place is the same. */
async function fillGrid(tx: Tx, rows: readonly PostcodeRow[]): Promise<readonly WrittenPostcode[]> {
  const { rows: filled } = await sql<Row>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        postcode_key text, latitude double precision, longitude double precision, source text,
        easting integer, northing integer)
    )
    update postcode as stored set easting = given.easting, northing = given.northing from given
    where given.postcode_key = stored.postcode_key and given.source <> stored.source
      and stored.easting is null and given.easting is not null and ${isSamePlace('stored', 'given')}
    returning stored.postcode_key as key, stored.latitude, stored.longitude,
              stored.latitude as latitude_before, stored.longitude as longitude_before`.execute(tx)
  return filled.map(toWritten)
}

type Row = {
  readonly key: string
  readonly latitude: number
  readonly longitude: number
  readonly latitude_before: number | null
  readonly longitude_before: number | null
}
