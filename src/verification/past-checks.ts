/** Which sections of a pharmacy were checked in quarters that are over: from the attestations, which nobody can change. */
import type { Queryable } from '#src/platform/db/db.ts'
import { type Check, pastQuarters, pastStandingOf, type QuarterStanding } from '#src/profiles/standing.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

/** How a pharmacy stood in each of the last four quarters, the latest first; none from before its profile. */
export async function loadPastStandings(
  db: Queryable,
  odsCode: string,
  today: LocalDate,
): Promise<readonly QuarterStanding[]> {
  const first = await db
    .selectFrom('profile_version')
    .select('recorded_at')
    .where('ods_code', '=', odsCode)
    .orderBy('version')
    .limit(1)
    .executeTakeFirst()
  const quarters = first ? pastQuarters(today, first.recorded_at) : []
  if (quarters.length === 0) return []
  const rows = await db
    .selectFrom('attestation')
    .select(['section', 'attested_at', 'person', 'quarter'])
    .where('ods_code', '=', odsCode)
    .where(
      'quarter',
      'in',
      quarters.map(({ id }) => id),
    )
    .execute()
  const byQuarter = Map.groupBy(rows, ({ quarter }) => quarter)
  return quarters.map((quarter) => pastStandingOf(quarter, (byQuarter.get(quarter.id) ?? []).map(checkOf)))
}

const checkOf = (row: { section: string; attested_at: string; person: string }): Check => ({
  section: row.section,
  attestedAt: row.attested_at,
  person: row.person,
})
