/**
 * The verification report of a quarter: for each pharmacy which of its sections somebody checked in it, and when last.
 * Counted from the attestations, which nobody can change.
 */
import { sql } from 'kysely'
import { pharmacyCounts, type Where } from '#src/directory/area.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { type ProfileSection, SECTIONS } from '#src/profiles/profile.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'

export type VerifiedPharmacy = {
  readonly odsCode: string
  readonly name: string
  readonly icb: string | null
  readonly parentCode: string | null
  readonly kind: string
  readonly status: string
  /** The last check of each section in the quarter, UTC ISO text; a section that is missing was not checked. */
  readonly checkedAt: Readonly<Partial<Record<ProfileSection, string>>>
  /** Attestations in the quarter, repeated ones included. */
  readonly checks: number
  /** Whether every section that is due once a quarter was checked. */
  readonly isComplete: boolean
  /** The instant of its last check in the quarter; null when there was none. */
  readonly lastCheckAt: string | null
}

type PharmacyRow = Omit<VerifiedPharmacy, 'checkedAt' | 'isComplete'> & {
  readonly checkedAt: Readonly<Record<string, string>> | null
}

/**
 * Every pharmacy that has to verify, and each that did although it has closed or is hidden since, by ODS code. A pharmacy
 * that came to us after the quarter had ended is left out.
 */
export async function verifiedPharmacies(
  db: Queryable,
  { quarter, ...where }: Where & { readonly quarter: FinancialQuarter },
): Promise<readonly VerifiedPharmacy[]> {
  const { rows } = await sql<PharmacyRow>`
    with checks as (
      select ods_code, sum(times)::integer as checks, max(last_at) as last_at,
        jsonb_object_agg(section, to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as sections
      from (
        select ods_code, section, count(*) as times, max(attested_at) as last_at from attestation
        where quarter = ${quarter.id} group by ods_code, section) each_section
      group by ods_code)
    select pharmacy.ods_code as "odsCode", pharmacy.name, pharmacy.status,
      pharmacy.document #>> '{commissioning,icbCode}' as icb, pharmacy.document #>> '{commissioning,parentCode}' as "parentCode",
      pharmacy.document ->> 'kind' as kind, checks.sections as "checkedAt", coalesce(checks.checks, 0) as checks,
      checks.last_at as "lastCheckAt"
    from profile pharmacy
    join profile_version first on first.ods_code = pharmacy.ods_code and first.version = 1
    left join checks on checks.ods_code = pharmacy.ods_code
    where pharmacy.ods_code <> ${TRAINING_PHARMACY}
      and (checks.checks is not null
        or pharmacy.status in ('open', 'temporarily-closed')
          and (first.recorded_at at time zone 'Europe/London')::date <= ${quarter.ends}::date)
      and ${pharmacyCounts(where)}
    order by pharmacy.ods_code`.execute(db)
  return rows.map((row) => {
    const checkedAt: VerifiedPharmacy['checkedAt'] = row.checkedAt ?? {}
    return { ...row, checkedAt, isComplete: QUARTERLY_SECTIONS.every((section) => checkedAt[section] !== undefined) }
  })
}

/** The head of the CSV. */
export const VERIFICATION_HEAD = csvLine([
  ...['quarter', 'odsCode', 'name', 'icb', 'parentCode', 'kind', 'status', 'complete', 'sectionsChecked', 'checks'],
  ...SECTIONS.map((section) => `${section}CheckedAt`),
  'lastCheckAt',
])

/** One line of the CSV: `sectionsChecked` counts those that are due once a quarter, five at most. */
export const verificationLine = (quarter: FinancialQuarter, pharmacy: VerifiedPharmacy): string =>
  csvLine([
    quarter.id,
    pharmacy.odsCode,
    pharmacy.name,
    pharmacy.icb ?? '',
    pharmacy.parentCode ?? '',
    pharmacy.kind,
    pharmacy.status,
    pharmacy.isComplete ? 'yes' : 'no',
    String(QUARTERLY_SECTIONS.filter((section) => pharmacy.checkedAt[section] !== undefined).length),
    String(pharmacy.checks),
    ...SECTIONS.map((section) => pharmacy.checkedAt[section] ?? ''),
    pharmacy.lastCheckAt ?? '',
  ])
