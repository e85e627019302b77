/**
 * The product for browser journeys, as a process of its own: the fictitious directory, the NHSmail stand-in, a fixed
 * clock, on free ports. Prints its address as one line of JSON and stops when its input ends.
 *
 * Usage: node test/support/journey-server.ts INSTANT
 */
import { emailSecrets } from '#src/background.ts'
import { readConfig } from '#src/config.ts'
import { callPages } from '#src/demo/call-page.ts'
import { mailboxPages } from '#src/demo/mailbox.ts'
import { startNhsmail } from '#src/demo/nhsmail.ts'
import { NHSMAIL_PEOPLE } from '#src/demo/people.ts'
import { phonePage } from '#src/demo/phone.ts'
import { seedDemo } from '#src/demo/seed.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { BRANCH_QUEUES, runBranchJob } from '#src/head-office/run-branch-change.ts'
import { loadHolidays } from '#src/memory.ts'
import { shareJobs } from '#src/patient-shares/deliver-share.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { listen } from '#src/platform/http/listen.ts'
import { openIdProvider } from '#src/platform/identity/open-id.ts'
import type { Job } from '#src/platform/jobs/outbox.ts'
import { startWorker } from '#src/platform/jobs/worker.ts'
import { noMailer } from '#src/platform/mail/mail.ts'
import { phoneJobs } from '#src/platform/phone/phone-jobs.ts'
import { simulatedPhone } from '#src/platform/phone/simulated-phone.ts'
import { loadCalendar } from '#src/reference-data/reference-holidays.ts'
import { noRoads } from '#src/urgent-care/road-distances.ts'
import { createSearchAudit } from '#src/urgent-care/search-audit.ts'
import { receiptIssuerFor } from '#src/verification/issue-receipts.ts'
import { freshDatabase, testLog } from './databases.ts'
import { fixedClock } from './fixed-clock.ts'
import { freePort } from './free-port.ts'
import { quarterEnds } from './quarter-ends.ts'
import { someSearches } from './searches.ts'
import { startApp } from './start-app.ts'

const clock = fixedClock(process.argv[2])
const port = await freePort()
const baseUrl = `http://localhost:${port}`

const db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
const { secretsPepper: pepper } = readConfig({})
await seedDemo({ db, clock, holidays: await loadHolidays(db.pool), pepper }, () => {})
const searches = createSearchAudit(db, { log: testLog })
for (const search of someSearches(clock.now())) searches.record(search)
await searches.stop()
const nhsmail = await startNhsmail({ port: 0, baseUrl, production: false, people: NHSMAIL_PEOPLE, log: testLog })
const identity = openIdProvider(nhsmail, testLog)
const started = await startApp(db, {
  clock,
  identity,
  settings: { BASE_URL: baseUrl },
  mailboxHref: '/demo/mailbox',
  phone: { href: '/demo/phone' },
  mountMore: (pages, { memory, config }) => {
    callPages(pages, { ...memory, roads: noRoads, clock, settings: config.triage })
    mailboxPages(pages, { db })
    phonePage(pages, { db })
    quarterEnds(pages, { db, clock, holidays: () => holidays, issueReceipts: (tx, given) => issueReceipts(tx, given) })
  },
})
const holidays = await loadCalendar(db)
const issueReceipts = receiptIssuerFor(started.config, () => holidays)
const changeBranches = (job: Job) => runBranchJob({ db, clock, holidays: () => holidays, issueReceipts }, job)
const branchJobs = Object.fromEntries(BRANCH_QUEUES.map((queue) => [queue, changeBranches]))
const emails = emailJobs({ db, clock, mailer: noMailer, baseUrl, secrets: emailSecrets(pepper) })
const secrets = emailSecrets(pepper)
const phone = simulatedPhone({ db, clock })
const phones = phoneJobs({ phone, clock, codeOf: secrets.codeOf })
const shares = shareJobs({ db, clock, mailer: noMailer, baseUrl, phone })
const worker = startWorker(db, { ...emails, ...phones, ...shares, ...branchJobs }, { log: testLog, clock })
await listen(started.app, { host: '127.0.0.1', port })
process.stdout.write(`${JSON.stringify({ baseUrl })}\n`)

process.stdin.resume()
process.stdin.once('end', () => {
  stop().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exitCode = 1
  })
})

async function stop(): Promise<void> {
  try {
    await worker.stop()
    await started.close()
  } finally {
    await nhsmail.close()
    await db.close()
  }
}
