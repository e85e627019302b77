/** What happens by itself: the lead is told of what nobody answered, and whoever told us is forgotten. */
import { sql } from 'kysely'
import { loadHolders } from '#src/accounts/grants.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import { wrongAnsweredEvent } from '#src/emails/wrong-answered.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import type { Schedule } from '#src/platform/jobs/schedule.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import {
  EMAIL_KEPT_AT_MOST_DAYS,
  EMAIL_KEPT_DAYS,
  type WrongState,
  type WrongThing,
  wrongTurn,
} from '#src/rules/wrong-reports.ts'
import { WRONG_WORDS } from './report-deps.ts'
import { type DueReport, REPORT_DUE } from './tell-wrong.ts'

type JobDeps = { readonly db: Db; readonly clock: Clock }

const DAY_MS = 86_400_000
const NETWORK_KEPT_DAYS = 2

/** At night, when few people tell us anything. */
export const FORGET_WRONG_REPORTERS: Schedule = {
  queue: 'forget-wrong-reporters',
  pattern: '35 2 * * *',
  catchUp: true,
}

/** What a worker does with the jobs of this part. */
export function wrongReportJobs(deps: JobDeps): Readonly<Record<string, JobHandler>> {
  return {
    [REPORT_DUE]: (job) => tellLead(deps, job.payload as DueReport),
    [FORGET_WRONG_REPORTERS.queue]: async () => {
      await forgetReporters(deps.db, deps.clock.now())
    },
  }
}

/** Tells the leads of the area, the desk where it has none, unless somebody has answered meanwhile. Twice is as once. */
export function tellLead({ db, clock }: JobDeps, { reportId, flagged }: DueReport): Promise<void> {
  const now = clock.now()
  return db.transact(async (tx) => {
    const report = await tx
      .selectFrom('wrong_report')
      .select(['ods_code', 'what', 'state', 'due_at', 'flagged'])
      .where('id', '=', reportId)
      .executeTakeFirst()
    const turn = report && wrongTurn({ state: report.state as WrongState, dueAt: report.due_at }, now)
    // Of a flagged record the lead was told once, of all reports together.
    if (!report || turn !== 'lead' || (report.flagged && !flagged)) return
    const stored = await loadProfile(tx, report.ods_code)
    if (stored) await tellOf(tx, { ...report, reportId, flagged }, stored.profile, now)
  })
}

async function tellOf(
  tx: Tx,
  { reportId, what, flagged }: DueReport & { readonly what: string },
  { odsCode, name, commissioning }: Profile,
  now: Date,
): Promise<void> {
  for (const recipient of await whoLooks(tx, commissioning.icbCode, now)) {
    await queueEmail(tx, {
      ...{ kind: 'wrong-reported', recipient, name: null, reportId, side: flagged ? 'flagged' : 'lead' },
      ...{ odsCode, pharmacyName: name, due: '', what: WRONG_WORDS[what as WrongThing] },
    })
  }
}

async function whoLooks(tx: Tx, icbCode: string | null | undefined, now: Date): Promise<readonly string[]> {
  const leads = icbCode ? await loadHolders(tx, { role: 'lead', scope: `area:${icbCode}`, now }) : []
  return leads.length > 0 ? leads : await loadHolders(tx, { role: 'desk', scope: '', now })
}

/**
 * Forgets addresses of answered reports, and of any report after a time, with the emails that were sent to them; and
 * from which network reports came, once it counts for no limit. Says how many addresses.
 */
export function forgetReporters(db: Db, now: Date): Promise<number> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString()
  return db.transact(async (tx) => {
    const { rows } = await sql<{ id: number }>`
      update wrong_report set reporter_email = null
      where reporter_email is not null
        and (answered_at < ${daysAgo(EMAIL_KEPT_DAYS)} or told_at < ${daysAgo(EMAIL_KEPT_AT_MOST_DAYS)})
      returning id`.execute(tx)
    const events = rows.map(({ id }) => wrongAnsweredEvent(id))
    if (events.length > 0) {
      await tx.deleteFrom('email_sent').where('event', 'in', events).execute()
      await sql`
        delete from job where queue = 'email' and payload ->> 'kind' = 'wrong-answered'
          and (payload ->> 'reportId')::bigint = any(${rows.map(({ id }) => id)}::bigint[])`.execute(tx)
    }
    await tx
      .updateTable('wrong_report')
      .set({ network: null })
      .where('network', 'is not', null)
      .where('told_at', '<', daysAgo(NETWORK_KEPT_DAYS))
      .execute()
    return rows.length
  })
}
