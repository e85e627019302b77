/** What happens without anybody asking: the work of the outbox, and the clean-ups and care that run at set times. */

import { mailboxLinkKey } from './access/mailbox-link.ts'
import { loadOwners } from './access/members.ts'
import { tidyAccess } from './access/tidy-access.ts'
import { codeDigits, sweepCodes } from './accounts/one-time-codes.ts'
import { sweepSessions } from './accounts/sessions.ts'
import { sweepDevices } from './accounts/start-session.ts'
import { CAPACITY_SWEEP, capacityJobs } from './capacity/capacity-jobs.ts'
import { sweepAsked } from './closures/by-code/ask-code.ts'
import { sweepClosing } from './closures/by-code/closing-session.ts'
import { TELL_OF_CODE, tellOfCode } from './closures/by-code/tell-of-use.ts'
import { CLOSURE_DUE } from './closures/closure-due.ts'
import { endTrainingClosures, runClosureDue, writeClosuresOn } from './closures/closure-watch.ts'
import { forgetUnconfirmed } from './closures/notices/listeners.ts'
import { TELL_NEARBY, tellNearby } from './closures/notices/tell-nearby.ts'
import type { Config } from './config.ts'
import { checkEverything, QUALITY } from './data-quality/check-everything.ts'
import { refreshIcbAreas } from './directory/icb-areas.ts'
import type { EmailSecrets } from './emails/email.ts'
import { emailJobs } from './emails/email-jobs.ts'
import { blotCallbacks, CALLBACK_KEPT_DAYS } from './emergency-desk/call-store.ts'
import { deskJobs } from './emergency-desk/desk-jobs.ts'
import { FIELD_SWEEP, fieldJobs } from './field-queries/field-jobs.ts'
import { forgetBranchDrafts } from './head-office/forget-drafts.ts'
import { BRANCH_QUEUES, runBranchJob } from './head-office/run-branch-change.ts'
import { sweepSent } from './help-desk/help-limits.ts'
import { ticketJobs } from './help-desk/tell-desk.ts'
import { forgetRequesters } from './help-desk/tidy-tickets.ts'
import { shareJobs } from './patient-shares/deliver-share.ts'
import { forgetShares } from './patient-shares/forget-shares.ts'
import type { Clock } from './platform/clock.ts'
import type { Db } from './platform/db/db.ts'
import { backUpEmbedded, vacuumEmbedded } from './platform/db/upkeep.ts'
import type { Job } from './platform/jobs/outbox.ts'
import { type Schedule, schedule } from './platform/jobs/schedule.ts'
import { deleteDoneJobs } from './platform/jobs/stuck-jobs.ts'
import { type JobHandler, startWorker } from './platform/jobs/worker.ts'
import type { Log } from './platform/log.ts'
import { type Mailer, noMailer } from './platform/mail/mail.ts'
import type { Phone } from './platform/phone/phone.ts'
import { phoneJobs } from './platform/phone/phone-jobs.ts'
import { applyServiceDates } from './profiles/apply-service-dates.ts'
import type { Profile } from './profiles/profile.ts'
import { resetTrainingPharmacy } from './profiles/training-pharmacy.ts'
import { queueLocalReviews } from './record-editor/local/remind-owners.ts'
import { loadCalendar } from './reference-data/reference-holidays.ts'
import { queueDigests } from './reports/daily-digest.ts'
import { freezeLastQuarter } from './reports/frozen-quarters.ts'
import { sharedMailboxOf } from './rules/shared-mailbox.ts'
import { forgetProblems } from './service-finder/referral-problems.ts'
import { TELL_PROBLEMS, tellPharmacies } from './service-finder/tell-pharmacies.ts'
import { forgetGaps } from './urgent-care/gaps.ts'
import { forgetSearches } from './urgent-care/search-audit.ts'
import { receiptIssuerFor } from './verification/issue-receipts.ts'
import { queueReminders } from './verification/reminders.ts'
import { FORGET_WRONG_REPORTERS, wrongReportJobs } from './wrong-reports/report-jobs.ts'

export type BackgroundParts = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly mailer: Mailer
  /** Null: no texts, no calls, and nobody queues any. */
  readonly phone: Phone | null
  readonly baseUrl: string
  readonly dataDir: string
  readonly searchAuditDays: number
  readonly helpDesk: Pick<Config['helpDesk'], 'requesterDays' | 'deskMailbox'>
  readonly secretsPepper: string
  readonly sharedMailboxDomains: readonly string[]
  readonly receiptSigningKey: Config['receiptSigningKey']
}

const DAY_MS = 86_400_000
/** Longer than any repeat of a job can come: its unique key is free again afterwards. */
const DONE_JOBS_KEPT_DAYS = 30
const DRAFTS_KEPT_DAYS = 7
/** Two years: what pharmacies could not help with says nothing after that. */
const PROBLEMS_KEPT_DAYS = 730

const CLEAN_UP: Schedule = { queue: 'clean-up', pattern: '17 * * * *' }
/** Who asked the service desk, long after it was settled. */
const FORGET_REQUESTERS: Schedule = { queue: 'forget-requesters', pattern: '45 2 * * *', catchUp: true }
/** Patients' addresses, before they are a day old. */
const FORGET_SHARES: Schedule = { queue: 'forget-shares', pattern: '*/10 * * * *', catchUp: true }
const FORGET_SEARCHES: Schedule = { queue: 'forget-searches', pattern: '40 2 * * *', catchUp: true }
/** As soon as a date has begun in London: services that begin or end with it. */
const SERVICE_DATES: Schedule = { queue: 'service-dates', pattern: '5 0 * * *', catchUp: true }
/** Rights and invitations that end, at an hour when the emails about them are read soon. */
const TIDY_ACCESS: Schedule = { queue: 'tidy-access', pattern: '30 6 * * *', catchUp: true }
/** As soon as a quarter has ended: what its report says then is what it says for ever. */
const FREEZE_QUARTER: Schedule = { queue: 'freeze-quarter', pattern: '40 0 * * *', catchUp: true }
/** Before the working day of those who answer for an area begins. */
const DAILY_DIGEST: Schedule = { queue: 'daily-digest', pattern: '0 6 * * *', catchUp: true }
/** At 7am, when people read their email; what was missed is made up for. */
const REMIND: Schedule = { queue: 'remind', pattern: '0 7 * * *', catchUp: true }
/** With the other reminders: whoever answers for a local service whose review is due. */
const LOCAL_REVIEWS: Schedule = { queue: 'local-reviews', pattern: '10 7 * * *', catchUp: true }
/** What professionals told yesterday, before the day's first patients. */
const REFERRAL_PROBLEMS: Schedule = { queue: TELL_PROBLEMS, pattern: '20 7 * * *', catchUp: true }
/** At night, when nobody is learning. */
const RESET_TRAINING: Schedule = { queue: 'reset-training', pattern: '50 3 * * *' }
/** Long before what is written of a closure runs out. */
const WRITE_CLOSURES_ON: Schedule = { queue: 'write-closures-on', pattern: '25 3 * * *', catchUp: true }
/** After the services whose dates began, and while few people save anything. */
const NIGHTLY_QUALITY: Schedule = { queue: QUALITY, pattern: '10 2 * * *', catchUp: true }
/** A machine that was off at night catches up at the next start. */
const NIGHTLY_UPKEEP: Schedule = { queue: 'nightly-upkeep', pattern: '0 3 * * *', catchUp: true }

/** The mail server of the settings; without one, emails are only kept where the mailbox page shows them. */
export async function openMailer({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>): Promise<Mailer> {
  if (!smtpUrl) return noMailer
  const { smtpMailer } = await import('./platform/mail/smtp.ts')
  return smtpMailer(smtpUrl, mailFrom)
}

/** Starts the work; `stop` lets what is under way finish. */
export function startBackground(parts: BackgroundParts): { stop(): Promise<void> } {
  const { db, log, clock, searchAuditDays: days } = parts
  const embedded = db.kind === 'embedded'
  const handlers: Record<string, JobHandler> = {
    ...emailJobs({ ...parts, secrets: emailSecrets(parts.secretsPepper) }),
    ...shareJobs(parts),
    ...deskJobs(parts),
    ...ticketJobs(parts),
    ...capacityJobs(parts),
    ...fieldJobs(() => fieldDeps(parts)),
    ...wrongReportJobs(parts),
    [TELL_OF_CODE]: (job) =>
      tellOfCode({ ...parts, ownersOf: (tx, odsCode) => loadOwners(tx, odsCode, clock.now()) }, job),
    'clean-up': () => cleanUp(db, clock.now()),
    'forget-searches': async () => {
      const searches = await forgetSearches(db, { now: clock.now(), days })
      const gaps = await forgetGaps(db, clock.now())
      log.info({ searches, gaps }, 'forgot old searches')
    },
    'forget-requesters': async () => {
      const forgotten = await forgetRequesters(db, { now: clock.now(), keptDays: parts.helpDesk.requesterDays })
      log.info({ forgotten }, 'forgot who raised old tickets')
    },
    'forget-shares': async () => {
      const shares = await forgetShares(db, clock.now())
      if (shares > 0) log.info({ shares }, 'forgot what was sent to patients')
    },
    [TELL_NEARBY]: async (job) => {
      const told = await tellNearby({ db, clock, holidays: await loadCalendar(db) }, job)
      if (told > 0) log.info({ told }, 'told neighbours of a closure')
    },
    'service-dates': async () => {
      log.info(await applyServiceDates(parts), 'applied the dates of services')
    },
    'tidy-access': async () => {
      log.info(await tidyAccess(db, clock.now()), 'ended access that had a last day')
    },
    'freeze-quarter': async () => {
      if (await freezeLastQuarter(parts)) log.info('froze the verification report of the last quarter')
    },
    'reset-training': async () => {
      await resetTrainingPharmacy({ db, clock })
      await endTrainingClosures({ db, clock })
    },
    [CLOSURE_DUE]: async (job) => runClosureDue(await closureDeps(parts), job),
    'write-closures-on': async () => {
      log.info(await writeClosuresOn(await closureDeps(parts)), 'wrote closures on whose end nobody knows')
    },
    'daily-digest': async (job) => {
      const { scheduledFor } = job.payload as { readonly scheduledFor: string }
      const emails = await queueDigests({ db, holidays: await loadCalendar(db) }, new Date(scheduledFor))
      log.info({ emails }, 'queued the changes of yesterday')
    },
    [QUALITY]: async () => {
      log.info(
        await checkEverything({ ...parts, holidays: await loadCalendar(db) }),
        'checked the quality of everything',
      )
    },
    remind: async () => {
      const emails = await queueReminders({ ...parts, holidays: await loadCalendar(db) }, clock.now())
      log.info({ emails }, 'queued reminders')
    },
    [TELL_PROBLEMS]: async () => {
      log.info({ emails: await tellPharmacies(parts, clock.now()) }, 'told pharmacies whom they could not help')
    },
    'local-reviews': async () => {
      log.info({ emails: await queueLocalReviews(db, clock.now()) }, 'queued reviews of local services')
    },
  }
  if (parts.phone) {
    const codeOf = (codeId: string) => codeDigits(codeId, parts.secretsPepper)
    handlers['phone'] = phoneJobs({ phone: parts.phone, clock, codeOf }).phone
  }
  if (embedded) handlers['nightly-upkeep'] = () => upkeep(parts)
  for (const queue of BRANCH_QUEUES) handlers[queue] = (job) => changeBranches(parts, job)
  const worker = startWorker(db, handlers, { log, clock })
  const schedules = [
    CLEAN_UP,
    FORGET_SEARCHES,
    FORGET_REQUESTERS,
    FORGET_SHARES,
    SERVICE_DATES,
    TIDY_ACCESS,
    FREEZE_QUARTER,
    DAILY_DIGEST,
    REMIND,
    LOCAL_REVIEWS,
    REFERRAL_PROBLEMS,
    RESET_TRAINING,
    WRITE_CLOSURES_ON,
    CAPACITY_SWEEP,
    FIELD_SWEEP,
    NIGHTLY_QUALITY,
    FORGET_WRONG_REPORTERS,
    ...(embedded ? [NIGHTLY_UPKEEP] : []),
  ].map((entry) => schedule(db, entry, { log, clock }))
  return {
    async stop() {
      for (const stopSchedule of schedules) stopSchedule()
      await worker.stop()
    },
  }
}

/** What emails carry that nothing stores. */
export const emailSecrets = (pepper: string): EmailSecrets => ({
  codeOf: (codeId) => codeDigits(codeId, pepper),
  linkKeyOf: (codeId) => mailboxLinkKey(codeId, pepper),
})

/** What changes closures, by the bank holidays of now. */
async function closureDeps(parts: BackgroundParts) {
  const calendar = await loadCalendar(parts.db)
  const holidays = () => calendar
  return { ...parts, holidays, issueReceipts: receiptIssuerFor(parts, holidays) }
}

/** What holds, proposals and queries need, by the bank holidays of now. */
async function fieldDeps(parts: BackgroundParts) {
  const given = await closureDeps(parts)
  const sharedMailbox = (profile: Profile) => sharedMailboxOf(profile, parts.sharedMailboxDomains)
  return { ...given, sharedMailboxOf: sharedMailbox }
}

/** A change of many branches, by the bank holidays of now. */
async function changeBranches(parts: BackgroundParts, job: Job): Promise<void> {
  const calendar = await loadCalendar(parts.db)
  const holidays = () => calendar
  await runBranchJob({ ...parts, holidays, issueReceipts: receiptIssuerFor(parts, holidays) }, job)
}

/** Deletes what nobody can use any more: sessions that ended, forms never sent, jobs long done. Derives anew what moved. */
async function cleanUp(db: Db, now: Date): Promise<void> {
  const daysAgo = (days: number): Date => new Date(now.getTime() - days * DAY_MS)
  await sweepSessions(db.pool, now)
  await sweepCodes(db.pool, now)
  await blotCallbacks(db.pool, daysAgo(CALLBACK_KEPT_DAYS))
  await sweepAsked(db.pool, now)
  await sweepSent(db.pool, now)
  await sweepClosing(db.pool, now)
  await sweepDevices(db.pool, now)
  await db.pool.deleteFrom('draft').where('saved_at', '<', daysAgo(DRAFTS_KEPT_DAYS).toISOString()).execute()
  await forgetUnconfirmed(db.pool, now)
  await forgetProblems(db.pool, daysAgo(PROBLEMS_KEPT_DAYS))
  await forgetBranchDrafts(db.pool, daysAgo(DRAFTS_KEPT_DAYS))
  await deleteDoneJobs(db.pool, daysAgo(DONE_JOBS_KEPT_DAYS))
  await refreshIcbAreas(db)
}

/** What a PostgreSQL server has its own people and programs for. */
async function upkeep({ db, dataDir, clock, log }: BackgroundParts): Promise<void> {
  await vacuumEmbedded(db)
  const { file, rows } = await backUpEmbedded(db, dataDir, clock.now())
  log.info({ file, rows }, 'backed up')
}
