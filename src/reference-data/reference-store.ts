/** Postcodes and ODS records as importers look them up: a batch at a time, inside their transaction. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import { postcodeKey } from '#src/rules/postcode.ts'

export type Position = {
  readonly latitude: number
  readonly longitude: number
  readonly easting: number
  readonly northing: number
}

/** One organisation of the last ODS file. */
export type OdsRecord = {
  readonly odsCode: string
  readonly name: string
  readonly postcode: string | null
  readonly phone: string | null
  readonly status: OdsStatus
  readonly openedOn: LocalDate | null
  readonly closedOn: LocalDate | null
  readonly subtype: string | null
  readonly parentCode: string | null
  readonly icbOdsCode: string | null
  readonly regionCode: string | null
}

/** Active, closed, proposed. */
export type OdsStatus = 'A' | 'C' | 'P'

export const positionAt = (latitude: number, longitude: number): Position => ({
  latitude,
  longitude,
  ...toGrid({ latitude, longitude }),
})

/** Where these postcodes are, by `postcodeKey`. Unknown ones are absent. */
export async function loadPositions(
  db: Queryable,
  postcodes: readonly string[],
): Promise<ReadonlyMap<string, Position>> {
  const rows = await db
    .selectFrom('postcode')
    .select(['postcode_key', 'latitude', 'longitude'])
    .where('postcode_key', '=', (value) => value.fn.any(value.val(postcodes.map(postcodeKey))))
    .execute()
  return new Map(rows.map((row) => [row.postcode_key, positionAt(row.latitude, row.longitude)]))
}

/** What the last ODS file said of these organisations, by code. */
export async function loadOdsRecords(
  db: Queryable,
  odsCodes: readonly string[],
): Promise<ReadonlyMap<string, OdsRecord>> {
  const rows = await db
    .selectFrom('ods_organisation')
    .selectAll()
    .where('ods_code', '=', (value) => value.fn.any(value.val([...odsCodes])))
    .execute()
  return new Map(
    rows.map((row) => [
      row.ods_code,
      {
        odsCode: row.ods_code,
        name: row.name,
        postcode: row.postcode,
        phone: row.phone,
        status: row.status as OdsStatus,
        openedOn: row.opened_on as LocalDate | null,
        closedOn: row.closed_on as LocalDate | null,
        subtype: row.subtype,
        parentCode: row.parent_code,
        icbOdsCode: row.icb_ods_code,
        regionCode: row.region_code,
      },
    ]),
  )
}

/** Which version of a reference set is stored; 0 before its first import. */
export async function loadVersion(db: Queryable, name: string): Promise<number> {
  const row = await db.selectFrom('reference_version').select('version').where('name', '=', name).executeTakeFirst()
  return row?.version ?? 0
}
