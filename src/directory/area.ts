/** Whose services and pharmacies a page or a report is about: those of an area, or all of England. */
import { type RawBuilder, sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'

/**
 * Whether a pharmacy, by its row of `profile` under the alias `pharmacy`, lies in an area: an ICB by its ODS code, or a
 * region of NHS England, local authority or ICB by the code of the postcode table. Lists the area once, by indexes, and
 * not once for every pharmacy.
 */
const pharmacyIsIn = (area: string): RawBuilder<boolean> => sql<boolean>`pharmacy.ods_code in (${pharmaciesIn(area)})`

/** The ODS codes of the pharmacies of an area, as a query. */
export const pharmaciesIn = (area: string): RawBuilder<unknown> => sql`
  select here.ods_code from profile here where (here.document -> 'commissioning' ->> 'icbCode') = ${area}
  union all select o.ods_code from ods_organisation o where ${area} in (o.icb_ods_code, o.region_code)
  union all
    select here.ods_code from profile here join postcode p on p.postcode_key = here.postcode_key
    where ${area} in (p.icb_code, p.region_code, p.local_authority_code)`

/**
 * Whether a service, by its row of `service` under the alias `service`, lies in an area: as its pharmacy does. One without
 * a pharmacy is where its postcode is, and so in every ICB by ODS code that lies there.
 */
const serviceIsIn = (area: string): RawBuilder<boolean> => sql<boolean>`service.uid in (
  select own.uid from service own where own.ods_five in (${pharmaciesIn(area)})
  union all
    select placed.uid from service placed join postcode p on p.postcode_key = placed.postcode_key
    where ${area} in (p.icb_code, p.region_code, p.local_authority_code)
  union all ${placedIn([area])})`

/**
 * Whose report it is: all of England, or the pharmacies and services of some ICBs, by their ODS codes. The rights of a
 * person become this (`scopeOf` in src/accounts/can.ts), and every query filters by it.
 */
export type Reach = { readonly everywhere: true } | { readonly everywhere: false; readonly icbCodes: readonly string[] }

/** What a report is about, for whoever asks: their reach, and of it the area they chose. */
export type Where = { readonly reach: Reach; readonly area?: string | undefined }

export const EVERYWHERE: Reach = { everywhere: true }

/** A condition on a pharmacy, by its row of `profile` under the alias `pharmacy`. */
export const pharmacyCounts = ({ reach, area }: Where): RawBuilder<boolean> =>
  sql<boolean>`(${reach.everywhere ? sql`true` : ofIcbs(reach.icbCodes)} and ${area === undefined ? sql`true` : pharmacyIsIn(area)})`

/**
 * A condition on a service, by its row of `service` under the alias `service`. One without a pharmacy counts for the ICBs
 * in whose area its postcode lies (`icb-areas.ts`); one whose postcode nobody knows counts for England alone.
 */
export const serviceCounts = ({ reach, area }: Where): RawBuilder<boolean> =>
  sql<boolean>`(${reach.everywhere ? sql`true` : serviceIsOf(reach.icbCodes)}
    and ${area === undefined ? sql`true` : serviceIsIn(area)})`

const serviceIsOf = (codes: readonly string[]): RawBuilder<boolean> => sql<boolean>`service.uid in (
  select own.uid from profile pharmacy join service own on own.ods_five = pharmacy.ods_code where ${ofIcbs(codes)}
  union all ${placedIn(codes)})`

/**
 * As `serviceCounts` for a service that is not stored, or not as it shall be: by expressions for the five characters of its
 * code and for the key of its postcode.
 */
export function newServiceCounts(
  { reach, area }: Where,
  { odsFive, postcodeKey }: { readonly odsFive: RawBuilder<unknown>; readonly postcodeKey: RawBuilder<unknown> },
): RawBuilder<boolean> {
  const isIn =
    area === undefined
      ? sql`true`
      : sql`(${odsFive} in (${pharmaciesIn(area)}) or exists (
          select from postcode p left join icb_area i on i.icb_code = p.icb_code
          where p.postcode_key = ${postcodeKey}
            and ${area} in (p.icb_code, p.region_code, p.local_authority_code, i.icb_ods_code)))`
  if (reach.everywhere) return sql<boolean>`${isIn}`
  const codes = reach.icbCodes
  return sql<boolean>`(${isIn} and (
    exists (select from profile pharmacy where pharmacy.ods_code = ${odsFive} and ${ofIcbs(codes)})
    or not exists (select from profile theirs where theirs.ods_code = ${odsFive}) and exists (
      select from postcode p join icb_area i on i.icb_code = p.icb_code
      where p.postcode_key = ${postcodeKey} and i.icb_ods_code = any(${[...codes]}::text[]))))`
}

/** In the words of the index `profile_area`. */
const ofIcbs = (codes: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`(pharmacy.document -> 'commissioning' ->> 'icbCode') = any(${[...codes]}::text[])`

/** Services that no pharmacy of ours has, where the pharmacies around them are of these ICBs. */
const placedIn = (codes: readonly string[]): RawBuilder<unknown> => sql`
  select placed.uid from icb_area i
  join postcode p on p.icb_code = i.icb_code
  join service placed on placed.postcode_key = p.postcode_key
  where i.icb_ods_code = any(${[...codes]}::text[])
    and not exists (select from profile theirs where theirs.ods_code = placed.ods_five)`

/** The ICBs of a reach that have pharmacies, by ODS code. Reads one pharmacy of each. */
export async function icbsOf(db: Queryable, reach: Reach): Promise<readonly string[]> {
  const { rows } = await sql<{ icb: string }>`
    with recursive next as (
      (select pharmacy.document -> 'commissioning' ->> 'icbCode' as icb from profile pharmacy
       where pharmacy.document -> 'commissioning' ->> 'icbCode' is not null order by 1 limit 1)
      union all
      select (
        select pharmacy.document -> 'commissioning' ->> 'icbCode' from profile pharmacy
        where pharmacy.document -> 'commissioning' ->> 'icbCode' > next.icb order by 1 limit 1)
      from next where next.icb is not null
    )
    select icb from next where icb is not null
      and ${reach.everywhere ? sql`true` : sql`icb = any(${[...reach.icbCodes]}::text[])`} order by 1`.execute(db)
  return rows.map(({ icb }) => icb)
}

/** Whether anything that we hold names this area. */
export async function isKnownArea(db: Queryable, area: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from profile where document -> 'commissioning' ->> 'icbCode' = ${area})
      or exists (select from ods_organisation where ${area} in (icb_ods_code, region_code))
      or exists (select from postcode where ${area} in (icb_code, region_code, local_authority_code)) as known`.execute(
    db,
  )
  return rows[0]?.known === true
}
