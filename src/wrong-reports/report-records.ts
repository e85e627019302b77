/** What was said to be wrong, as lists of it are asked for: of one pharmacy, or of all in somebody's areas. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope, type ListScope } from '#src/profiles/match-pharmacies.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { WrongState, WrongThing } from '#src/rules/wrong-reports.ts'

/** One report, without anything of whoever made it. */
export type Report = {
  readonly id: number
  readonly odsCode: string
  readonly pharmacyName: string
  readonly what: WrongThing
  readonly words: string | null
  readonly visitedOn: LocalDate | null
  /** Instants are UTC ISO text. */
  readonly toldAt: string
  readonly dueAt: string
  readonly flagged: boolean
  readonly state: WrongState
  readonly answer: string | null
  readonly answeredAt: string | null
  readonly answeredBy: string | null
}

const columns = sql`
  report.id, report.ods_code as "odsCode", profile.name as "pharmacyName", report.what, report.words,
  to_char(report.visited_on, 'YYYY-MM-DD') as "visitedOn", report.told_at as "toldAt", report.due_at as "dueAt",
  report.flagged, report.state, report.answer, report.answered_at as "answeredAt", report.answered_by as "answeredBy"`

const MOST_SHOWN = 100
const MOST_ANSWERED = 20

/** Those of a pharmacy that wait for an answer, the oldest first, and those that were answered last. Spam is not shown. */
export async function loadReportsOf(
  db: Queryable,
  odsCode: string,
): Promise<{ readonly open: readonly Report[]; readonly answered: readonly Report[] }> {
  const { rows: open } = await sql<Report>`
    select ${columns} from wrong_report report join profile using (ods_code)
    where ods_code = ${odsCode} and state = 'waiting' order by report.id limit ${MOST_SHOWN}`.execute(db)
  const { rows: answered } = await sql<Report>`
    select ${columns} from wrong_report report join profile using (ods_code)
    where ods_code = ${odsCode} and state not in ('waiting', 'spam')
    order by answered_at desc limit ${MOST_ANSWERED}`.execute(db)
  return { open, answered }
}

const mine = (scope: ListScope) => sql`report.ods_code in (select ods_code from profile where ${inScope(scope)})`

/** `lead`: nobody answered in time, flagged ones first. `pharmacy`: theirs still. `answered`: settled last. */
export const REPORT_SHOWS = ['lead', 'pharmacy', 'answered'] as const
export type ReportShow = (typeof REPORT_SHOWS)[number]

/** Reports of somebody's areas. */
export async function loadReports(
  db: Queryable,
  { scope, show, now }: { readonly scope: ListScope; readonly show: ReportShow; readonly now: Date },
): Promise<readonly Report[]> {
  const at = now.toISOString()
  const which = {
    lead: sql`state = 'waiting' and due_at <= ${at}`,
    pharmacy: sql`state = 'waiting' and due_at > ${at}`,
    answered: sql`state <> 'waiting'`,
  }[show]
  const order = show === 'answered' ? sql`answered_at desc` : sql`flagged desc, due_at`
  const { rows } = await sql<Report>`
    select ${columns} from wrong_report report join profile using (ods_code)
    where ${which} and ${mine(scope)} order by ${order}, report.id limit ${MOST_SHOWN}`.execute(db)
  return rows
}

/** Whether there is a report of this number in somebody's areas. */
export async function isReportIn(db: Queryable, id: number, scope: ListScope): Promise<boolean> {
  const { rows } = await sql`select from wrong_report report where id = ${id} and ${mine(scope)}`.execute(db)
  return rows.length > 0
}

/** How many wait for the lead in somebody's areas. */
export async function countLeadReports(db: Queryable, scope: ListScope, now: Date): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from wrong_report report
    where state = 'waiting' and due_at <= ${now.toISOString()} and ${mine(scope)}`.execute(db)
  return rows[0]?.waiting ?? 0
}
