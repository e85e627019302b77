/** Keeps what somebody says is wrong, and tells the pharmacy: in one transaction, within limits. */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { networkOf } from '#src/accounts/failed-attempts.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import { loadAnswerers } from '#src/field-queries/who-is-told.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { FLAG_HOURS, leadsFrom, REPORTS_THAT_FLAG } from '#src/rules/wrong-reports.ts'
import type { ReportForm } from './report.form.ts'
import { type ReportDeps, WRONG_WORDS } from './report-deps.ts'

export type ToldReport = ReportForm & {
  readonly odsCode: string
  /** The network address. */
  readonly address: string
}

/** Enough for people, too little for a flood. */
const LIMITS = { networkHour: 10, networkDay: 20, networkPharmacyDay: 5, mailboxDay: 5 } as const
/** The pharmacy is not written to more often than this in a day; its page shows all. */
const EMAILS_A_DAY = 3
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The job that tells the lead. Its payload is a `DueReport`. */
export const REPORT_DUE = 'wrong-report-due'
export type DueReport = { readonly reportId: number; readonly flagged: boolean }

/** Keeps a report. `limit`: too much came from there; `unknown`: there is no such pharmacy to tell it to. */
export function tellWrong(deps: ReportDeps, told: ToldReport): Promise<'told' | 'limit' | 'unknown'> {
  const now = deps.clock.now()
  const network = createHmac('sha256', deps.pepper)
    .update(`wrong ${networkOf(told.address)}`)
    .digest('base64url')
  return deps.db.transact(async (tx) => {
    // One after the other, so that those who send at once are counted together.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`wrong-report ${told.odsCode}`}, 0))`.execute(tx)
    await sql`select pg_advisory_xact_lock(hashtextextended(${`wrong-report ${network}`}, 0))`.execute(tx)
    const stored = await loadProfile(tx, told.odsCode)
    if (!stored || stored.profile.status === 'hidden' || stored.profile.status === 'closed') return 'unknown'
    const counts = await countToday(tx, { ...told, network, now })
    if (isTooMuch(counts)) return 'limit'
    await keep(tx, deps, { told, network, profile: stored.profile, now, earlier: counts.pharmacyDay })
    return 'told'
  })
}

async function keep(
  tx: Tx,
  deps: ReportDeps,
  given: {
    readonly told: ToldReport
    readonly network: string
    readonly profile: Profile
    readonly now: Date
    /** How many reports about the pharmacy came in the last 24 hours. */
    readonly earlier: number
  },
): Promise<void> {
  const { told, network, profile, now, earlier } = given
  const { odsCode, what, words, visitedOn, email } = told
  const readers = await loadAnswerers(tx, profile, { now, mailbox: deps.sharedMailboxOf(profile) })
  const dueAt = leadsFrom(now, deps.holidays(), readers.length > 0)
  const { id } = await tx
    .insertInto('wrong_report')
    .values({
      ...{ ods_code: odsCode, what, words, visited_on: visitedOn, state: 'waiting' },
      ...{ told_at: now.toISOString(), due_at: dueAt.toISOString(), reporter_email: email, network },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (earlier < EMAILS_A_DAY) {
    const due = formatMomentIn(dueAt.toISOString())
    for (const { email: recipient, name } of readers) {
      const facts = { odsCode, pharmacyName: profile.name, what: WRONG_WORDS[what], due }
      await queueEmail(tx, { kind: 'wrong-reported', recipient, name, reportId: id, side: 'pharmacy', ...facts })
    }
  }
  if (earlier + 1 >= REPORTS_THAT_FLAG) await flag(tx, { odsCode, id, now })
  else await enqueueDue(tx, { reportId: id, flagged: false }, dueAt)
}

/** Several within a day: all of them are the lead's at once. The lead is told once, at the first time. */
async function flag(tx: Tx, { odsCode, id, now }: { odsCode: string; id: number; now: Date }): Promise<void> {
  const { rows } = await sql<{ before: number }>`
    select count(*)::integer as before from wrong_report
    where ods_code = ${odsCode} and flagged and state = 'waiting'`.execute(tx)
  await tx
    .updateTable('wrong_report')
    .set({ flagged: true, due_at: now.toISOString() })
    .where('ods_code', '=', odsCode)
    .where('state', '=', 'waiting')
    .where('told_at', '>', new Date(now.getTime() - FLAG_HOURS * HOUR_MS).toISOString())
    .execute()
  if (rows[0]?.before === 0) await enqueueDue(tx, { reportId: id, flagged: true }, now)
}

const enqueueDue = (tx: Tx, due: DueReport, runAt: Date) =>
  enqueue(tx, REPORT_DUE, due, { uniqueKey: `${due.reportId} ${due.flagged}`, runAt })

type Counts = {
  readonly networkHour: number
  readonly networkDay: number
  readonly networkPharmacyDay: number
  readonly mailboxDay: number
  /** Spam apart. */
  readonly pharmacyDay: number
}

async function countToday(
  tx: Tx,
  { odsCode, network, email, now }: Pick<ToldReport, 'odsCode' | 'email'> & { network: string; now: Date },
): Promise<Counts> {
  const since = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
  const { rows } = await sql<Counts>`
    select (count(*) filter (where network = ${network} and told_at > ${since(HOUR_MS)}))::integer as "networkHour",
      (count(*) filter (where network = ${network}))::integer as "networkDay",
      (count(*) filter (where network = ${network} and ods_code = ${odsCode}))::integer as "networkPharmacyDay",
      (count(*) filter (where reporter_email = ${email}))::integer as "mailboxDay",
      (count(*) filter (where ods_code = ${odsCode} and state <> 'spam'))::integer as "pharmacyDay"
    from wrong_report where told_at > ${since(DAY_MS)}`.execute(tx)
  return rows[0] ?? { networkHour: 0, networkDay: 0, networkPharmacyDay: 0, mailboxDay: 0, pharmacyDay: 0 }
}

const isTooMuch = (counts: Counts): boolean =>
  (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).some((name) => counts[name] >= LIMITS[name])
