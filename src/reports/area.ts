/** Whose services and pharmacies a report is about: those of an area, or all of England. */
import { type RawBuilder, sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'

/**
 * Whether a pharmacy, by its row of `profile` under the alias `pharmacy`, lies in an area: an ICB by its ODS code, or a
 * region of NHS England, local authority or ICB by the code of the postcode table.
 */
const pharmacyIsIn = (area: string): RawBuilder<boolean> => sql<boolean>`(
  pharmacy.document #>> '{commissioning,icbCode}' = ${area}
  or exists (select from ods_organisation o where o.ods_code = pharmacy.ods_code and ${area} in (o.icb_ods_code, o.region_code))
  or exists (
    select from postcode p
    where p.postcode_key = upper(replace(pharmacy.document #>> '{address,postcode}', ' ', ''))
      and ${area} in (p.icb_code, p.region_code, p.local_authority_code)))`

/** Whether a service, by its row of `service` under the alias `service`, lies in an area: as its pharmacy does, else by its postcode. */
const serviceIsIn = (area: string): RawBuilder<boolean> => sql<boolean>`(
  exists (select from profile pharmacy where pharmacy.ods_code = service.ods_five and ${pharmacyIsIn(area)})
  or exists (
    select from postcode p
    where p.postcode_key = upper(replace(service.record ->> 'postcode', ' ', ''))
      and ${area} in (p.icb_code, p.region_code, p.local_authority_code)))`

/**
 * Whose report it is: all of England, or the pharmacies of some ICBs. The rights of a person become this (`reachOf`), and
 * every report filters by it in its query.
 */
export type Reach = { readonly everywhere: true } | { readonly everywhere: false; readonly icbCodes: readonly string[] }

/** What a report is about, for whoever asks: their reach, and of it the area they chose. */
export type Where = { readonly reach: Reach; readonly area?: string | undefined }

export const EVERYWHERE: Reach = { everywhere: true }

/** A condition on a pharmacy, by its row of `profile` under the alias `pharmacy`. */
export const pharmacyCounts = ({ reach, area }: Where): RawBuilder<boolean> =>
  sql<boolean>`(${reach.everywhere ? sql`true` : ofIcbs(reach.icbCodes)} and ${area === undefined ? sql`true` : pharmacyIsIn(area)})`

/** A condition on a service, by its row of `service` under the alias `service`. */
export const serviceCounts = ({ reach, area }: Where): RawBuilder<boolean> =>
  sql<boolean>`(${reach.everywhere ? sql`true` : sql`exists (select from profile pharmacy where pharmacy.ods_code = service.ods_five and ${ofIcbs(reach.icbCodes)})`}
    and ${area === undefined ? sql`true` : serviceIsIn(area)})`

/** In the words of the index `profile_area`. */
const ofIcbs = (codes: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`(pharmacy.document -> 'commissioning' ->> 'icbCode') = any(${[...codes]}::text[])`

/** The ICBs of a reach that have pharmacies, by code. */
export async function icbsOf(db: Queryable, reach: Reach): Promise<readonly string[]> {
  const { rows } = await sql<{ icb: string }>`
    select distinct document #>> '{commissioning,icbCode}' as icb from profile pharmacy
    where document #>> '{commissioning,icbCode}' is not null and ${pharmacyCounts({ reach })} order by 1`.execute(db)
  return rows.map(({ icb }) => icb)
}

/** Whether anything that we hold names this area. */
export async function isKnownArea(db: Queryable, area: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from profile where document #>> '{commissioning,icbCode}' = ${area})
      or exists (select from ods_organisation where ${area} in (icb_ods_code, region_code))
      or exists (select from postcode where ${area} in (icb_code, region_code, local_authority_code)) as known`.execute(
    db,
  )
  return rows[0]?.known === true
}
