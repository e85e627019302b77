/** The figures of two reports without their lines: for the workspace, which has to be quick. */
import { sql } from 'kysely'
import { pharmacyCounts, serviceCounts, type Where } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import { dayOf, instantOf, type LocalDate } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { isAll } from './verification.ts'

/** How many services the daily change report of a London day is about; changes of writing alone count too. */
export async function countChangedServices(
  db: Queryable,
  { date, ...where }: Where & { readonly date: LocalDate },
): Promise<number> {
  const [from, until] = [0, 1].map((days) => instantOf({ day: dayOf(date) + days, minute: 0 }).toISOString())
  const { rows } = await sql<{ services: number }>`
    select count(distinct change.uid)::integer as services
    from service_change change
    join audit on audit.seq = change.audit_seq
    left join service on service.uid = change.uid
    where change.recorded_at >= ${from} and change.recorded_at < ${until} and ${serviceCounts(where)}
      and (change.before is not null or audit.actor like 'person:%')`.execute(db)
  return rows[0]?.services ?? 0
}

/** How many pharmacies of the verification report of a quarter that is not over have something left to check. */
export async function countIncomplete(
  db: Queryable,
  { quarter, ...where }: Where & { readonly quarter: FinancialQuarter },
): Promise<number> {
  const { rows } = await sql<{ pharmacies: number }>`
    with checks as (
      select ods_code, count(*) filter (where section = any(${[...QUARTERLY_SECTIONS]}::text[])) as sections
      from (
        select distinct ods_code, section from attestation
        where quarter = ${quarter.id} ${
          isAll(where)
            ? sql``
            : sql`and ods_code in (select ods_code from profile pharmacy where ${pharmacyCounts(where)})`
        }) each_section
      group by ods_code)
    select count(*)::integer as pharmacies
    from profile pharmacy
    left join checks on checks.ods_code = pharmacy.ods_code
    where pharmacy.ods_code <> ${TRAINING_PHARMACY}
      and coalesce(checks.sections, 0) < ${QUARTERLY_SECTIONS.length}
      and (checks.sections is not null
        or pharmacy.status in ('open', 'temporarily-closed'))
      and ${pharmacyCounts(where)}`.execute(db)
  return rows[0]?.pharmacies ?? 0
}
