/**
 * The report of near misses: which services of an area a live search missed by one rule alone, how often, and by which
 * rule. Counted behind the searches (`urgent-care/gaps.ts`), kept for 120 days.
 */
import { sql } from 'kysely'
import { serviceCounts, type Where } from '#src/directory/area.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type GapRow, type GapServices, gapsBetween, loadMostMissed } from '#src/urgent-care/find-gaps.ts'

/** Days from `from` to `to`, both included. */
export type GapQuestion = Where & { readonly from: LocalDate; readonly to: LocalDate }

/** The services that a report is about, chosen by the database; null: all of them. */
async function servicesOf(db: Queryable, where: Where): Promise<GapServices> {
  if (where.reach.everywhere && where.area === undefined) return null
  const { rows } = await sql<{ uid: number }>`select uid from service where ${serviceCounts(where)}`.execute(db)
  return rows.map(({ uid }) => uid)
}

/** The near misses added up: by rule, and by service and symptom group, the `most` frequent. */
export async function loadGapReport(db: Queryable, { from, to, ...where }: GapQuestion, most: number) {
  return loadMostMissed(db, { from, to, uids: await servicesOf(db, where), most })
}

/** Every count of every day, as lines of CSV, some at a time; the head first. */
export async function* gapReportCsv(db: Db, { from, to, ...where }: GapQuestion): AsyncGenerator<string> {
  yield csvLine(['day', 'uid', 'name', 'rule', 'symptomGroup', 'searches'])
  for await (const rows of gapsBetween(db, from, to, await servicesOf(db.pool, where))) yield rows.map(lineOf).join('')
}

const lineOf = ({ day, uid, name, test, symptomGroup, searches }: GapRow): string =>
  csvLine([day, String(uid), name ?? '', test, String(symptomGroup), String(searches)])
