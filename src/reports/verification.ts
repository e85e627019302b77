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
  /** The first instant at which all of them were checked; null while it is not complete. Lines frozen long ago lack it. */
  readonly completeAt?: string | null
  /** Every code of an area that it lay in: ICB, region, local authority. Lines frozen long ago lack it. */
  readonly areas?: readonly string[]
}

type PharmacyRow = Omit<VerifiedPharmacy, 'checkedAt' | 'isComplete'> & {
  readonly checkedAt: Readonly<Record<string, string>> | null
  readonly areas: readonly string[]
}

/** Of which quarter, and where. */
export type VerificationQuestion = Where & { readonly quarter: FinancialQuarter }

/** Codes of pharmacies, from the first to the last, both included. */
type CodeRange = readonly [first: string, last: string]

/**
 * Every pharmacy that has to verify, and each that did although it has closed or is hidden since, by ODS code. A pharmacy
 * that came to us after the quarter had ended is left out. With `range`: of these pharmacies only.
 */
export async function verifiedPharmacies(
  db: Queryable,
  { quarter, range, ...where }: VerificationQuestion & { readonly range?: CodeRange },
): Promise<readonly VerifiedPharmacy[]> {
  const isAsked = (code: string) =>
    range === undefined ? sql`` : sql`and ${sql.ref(code)} between ${range[0]} and ${range[1]}`
  const { rows } = await sql<PharmacyRow>`
    with checks as materialized (
      select ods_code, sum(times)::integer as checks, max(last_at) as last_at,
        jsonb_object_agg(section, to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as sections,
        max(first_at) filter (where section = any(${[...QUARTERLY_SECTIONS]}::text[])) as whole_at
      from (
        select ods_code, section, count(*) as times, max(attested_at) as last_at, min(attested_at) as first_at
        from attestation
        where quarter = ${quarter.id}
          ${isAll(where) ? sql`` : sql`and ods_code in (select ods_code from profile pharmacy where ${pharmacyCounts(where)})`}
          ${isAsked('ods_code')}
        group by ods_code, section) each_section
      group by ods_code)
    select pharmacy.ods_code as "odsCode", pharmacy.name, pharmacy.status,
      pharmacy.document #>> '{commissioning,icbCode}' as icb, pharmacy.document #>> '{commissioning,parentCode}' as "parentCode",
      pharmacy.document ->> 'kind' as kind, checks.sections as "checkedAt", coalesce(checks.checks, 0) as checks,
      checks.last_at as "lastCheckAt", checks.whole_at as "completeAt",
      array_remove(array[
        pharmacy.document #>> '{commissioning,icbCode}', ods.icb_ods_code, ods.region_code,
        postcode.icb_code, postcode.region_code, postcode.local_authority_code], null) as areas
    from profile pharmacy
    join profile_version first on first.ods_code = pharmacy.ods_code and first.version = 1
    left join checks on checks.ods_code = pharmacy.ods_code
    left join ods_organisation ods on ods.ods_code = pharmacy.ods_code
    left join postcode on postcode.postcode_key = pharmacy.postcode_key
    where pharmacy.ods_code <> ${TRAINING_PHARMACY} ${isAsked('pharmacy.ods_code')} ${isAsked('first.ods_code')}
      and (checks.checks is not null
        or pharmacy.status in ('open', 'temporarily-closed')
          and (first.recorded_at at time zone 'Europe/London')::date <= ${quarter.ends}::date)
      and ${pharmacyCounts(where)}
    order by pharmacy.ods_code`.execute(db)
  return rows.map((row) => {
    const checkedAt: VerifiedPharmacy['checkedAt'] = row.checkedAt ?? {}
    const isComplete = QUARTERLY_SECTIONS.every((section) => checkedAt[section] !== undefined)
    const areas = [...new Set(row.areas)].sort()
    return { ...row, checkedAt, isComplete, completeAt: isComplete ? (row.completeAt ?? null) : null, areas }
  })
}

/** Pharmacies that a file takes at a time. */
export const VERIFIED_AT_A_TIME = 500

/** As `verifiedPharmacies`, some at a time for a file: only their codes are held, each line is read when it is wanted. */
export async function* verifiedInPieces(
  db: Queryable,
  asked: VerificationQuestion,
): AsyncGenerator<readonly VerifiedPharmacy[]> {
  const { rows } = await sql<{ code: string }>`
    select pharmacy.ods_code as code from profile pharmacy where ${pharmacyCounts(asked)} order by 1`.execute(db)
  for (let start = 0; start < rows.length; start += VERIFIED_AT_A_TIME) {
    const [first, last] = [rows[start], rows[Math.min(start + VERIFIED_AT_A_TIME, rows.length) - 1]]
    if (first && last) yield await verifiedPharmacies(db, { ...asked, range: [first.code, last.code] })
  }
}

/** Whether it is about all of England: then nothing is looked up by area. */
export const isAll = ({ reach, area }: Where): boolean => reach.everywhere && area === undefined

/** The sections that are due once a quarter and that nobody checked. */
export const missingOf = ({ checkedAt }: Pick<VerifiedPharmacy, 'checkedAt'>): readonly ProfileSection[] =>
  QUARTERLY_SECTIONS.filter((section) => checkedAt[section] === undefined)

/** When everything was checked for the first time; of a line that does not say, the last check that it needed. */
export function completeAtOf({ isComplete, completeAt, checkedAt }: VerifiedPharmacy): string | null {
  if (!isComplete || completeAt) return completeAt ?? null
  return (
    QUARTERLY_SECTIONS.map((section) => checkedAt[section] ?? '')
      .sort()
      .at(-1) ?? null
  )
}

/** What a file says of the report beside its lines: both null while the quarter is not frozen. */
export type Seal = { readonly frozenAt: string | null; readonly rootHash: string | null }

/** The columns of a file. */
export const VERIFICATION_COLUMNS: readonly string[] = [
  ...['quarter', 'odsCode', 'name', 'icb', 'parentCode', 'kind', 'status', 'complete', 'sectionsChecked', 'checks'],
  ...SECTIONS.map((section) => `${section}CheckedAt`),
  ...['lastCheckAt', 'completeAt', 'frozenAt', 'rootHash'],
]

/** One row of a file: `sectionsChecked` counts those that are due once a quarter, five at most. */
export const verificationCells = (
  quarter: FinancialQuarter,
  pharmacy: VerifiedPharmacy,
  { frozenAt, rootHash }: Seal,
): readonly (string | number)[] => [
  quarter.id,
  pharmacy.odsCode,
  pharmacy.name,
  pharmacy.icb ?? '',
  pharmacy.parentCode ?? '',
  pharmacy.kind,
  pharmacy.status,
  pharmacy.isComplete ? 'yes' : 'no',
  QUARTERLY_SECTIONS.length - missingOf(pharmacy).length,
  pharmacy.checks,
  ...SECTIONS.map((section) => pharmacy.checkedAt[section] ?? ''),
  pharmacy.lastCheckAt ?? '',
  completeAtOf(pharmacy) ?? '',
  frozenAt ?? '',
  rootHash ?? '',
]

/** The head of the CSV. */
export const VERIFICATION_HEAD = csvLine(VERIFICATION_COLUMNS)

/** One line of the CSV. */
export const verificationLine = (quarter: FinancialQuarter, pharmacy: VerifiedPharmacy, seal: Seal): string =>
  csvLine(verificationCells(quarter, pharmacy, seal).map(String))

/** The whole CSV, head first, some lines at a time. */
export async function* verificationCsv(
  quarter: FinancialQuarter,
  pieces: AsyncIterable<readonly VerifiedPharmacy[]>,
  seal: Seal,
): AsyncGenerator<string> {
  yield VERIFICATION_HEAD
  for await (const piece of pieces) yield piece.map((pharmacy) => verificationLine(quarter, pharmacy, seal)).join('')
}
