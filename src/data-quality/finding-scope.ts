/** Which findings somebody may see, as conditions on `quality_finding` under the alias `finding`. */
import { type RawBuilder, sql } from 'kysely'
import { pharmacyCounts, serviceCounts, type Where } from '#src/directory/area.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

/**
 * Findings of the pharmacies and services that somebody's reach and choice name: by the pharmacy; of a service without
 * one by its postcode; of an organisation that only ODS knows by its ICB there. The reach is in the query.
 */
export function findingCounts(where: Where): RawBuilder<boolean> {
  if (where.reach.everywhere && where.area === undefined) return sql<boolean>`true`
  return sql<boolean>`(${sql.join(findingParts(where), sql` or `)})`
}

/** The same as conditions of which a finding meets one at most: counted one by one, each goes by an index of its own. */
export function findingParts(where: Where): readonly RawBuilder<boolean>[] {
  if (where.reach.everywhere && where.area === undefined) return [sql<boolean>`true`]
  return [
    sql<boolean>`finding.ods_code in (select pharmacy.ods_code from profile pharmacy where ${pharmacyCounts(where)})`,
    sql<boolean>`(finding.ods_code is null and finding.uid in (
      select service.uid from service
      where service.uid in (select uid from quality_finding where closed_on is null and ods_code is null)
        and ${serviceCounts(where)}))`,
    sql<boolean>`(finding.ods_code is null and finding.uid is null and finding.place in (
      select organisation.ods_code from ods_organisation organisation where ${organisationCounts(where)}))`,
  ]
}

const organisationCounts = ({ reach, area }: Where): RawBuilder<boolean> => sql<boolean>`(
  ${reach.everywhere ? sql`true` : sql`organisation.icb_ods_code = any(${[...reach.icbCodes]}::text[])`}
  and ${area === undefined ? sql`true` : sql`${area} in (organisation.icb_ods_code, organisation.region_code)`})`

/** Whether an exemption holds for it on a day. */
export const isExempt = (today: LocalDate): RawBuilder<boolean> => sql<boolean>`exists (
  select from quality_exemption exemption
  where exemption.rule = finding.rule and exemption.subject = finding.subject and exemption.ended_at is null
    and exemption.ends_on >= ${today}::date)`
