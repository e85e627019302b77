/**
 * Every morning: who must be reminded of a check or of a holiday without an answer, and their emails, queued together.
 *
 * Pharmacies are read in pages and asked the same question as their own pages ask (`standingOf`); people get one email
 * with all of theirs. `reminder_run` remembers what was queued, in the transaction that queues it.
 */
import type { CheckReminder as CheckEmail, PharmacyToCheck } from '#src/emails/check-reminder.ts'
import { type QueuedEmail, queueEmails } from '#src/emails/email-jobs.ts'
import type { HolidayReminder as HolidayEmail } from '#src/emails/holiday-reminder.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { Profile, Sections, StoredProfile } from '#src/profiles/profile.ts'
import { sectionTitle } from '#src/profiles/section-pages.ts'
import { standingOf } from '#src/profiles/standing.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { type CheckReminder, checkReminderOn, type HolidayReminder, holidayRemindersOn } from './reminder-days.ts'
import { loadEditors, type Recipient, recipientsOf } from './reminder-recipients.ts'

export type ReminderDeps = {
  readonly db: Db
  readonly holidays: HolidayCalendar
  /** Domains of shared mailboxes. */
  readonly sharedMailboxDomains: readonly string[]
}

const ACTOR = 'system:reminders'
const PAGE = 500

/** Queues what is due at `now` and was not queued before; says how many emails that were. */
export async function queueReminders(deps: ReminderDeps, now: Date): Promise<number> {
  const today = dateOf(toLondon(now).day)
  const due = await remindersDue(deps, today)
  if (!due.check && due.holidays.length === 0) return 0
  const emails = await collectEmails(deps, due, now)
  return deps.db.transact(async (tx) => {
    const isNew = await markQueued(tx, due, now)
    if (isNew.size === 0) return 0
    const fresh = emails.filter(({ keys }) => keys.some((key) => isNew.has(key)))
    const count = await queueEmails(
      tx,
      fresh.map(({ email }) => email),
    )
    await tx
      .updateTable('reminder_run')
      .set({ emails: count })
      .where('reminder', 'in', [...isNew])
      .execute()
    const detail = { reminders: [...isNew], emails: count }
    await appendToLedger(tx, now.toISOString(), [
      { actor: ACTOR, action: 'queue-reminders', target: `day:${today}`, detail, changes: [] },
    ])
    return count
  })
}

type Due = { readonly check: CheckReminder | undefined; readonly holidays: readonly HolidayReminder[] }

const keysOf = ({ check, holidays }: Due): readonly string[] => [
  ...(check ? [check.key] : []),
  ...holidays.flatMap(({ keys }) => keys),
]

/** Of the reminders of a day, those that were not queued; a season counts as new when one of its days is. */
async function remindersDue({ db, holidays: calendar }: ReminderDeps, today: LocalDate): Promise<Due> {
  const all: Due = { check: checkReminderOn(today), holidays: holidayRemindersOn(today, calendar) }
  const keys = keysOf(all)
  if (keys.length === 0) return all
  const rows = await db.pool.selectFrom('reminder_run').select('reminder').where('reminder', 'in', keys).execute()
  const queued = new Set(rows.map(({ reminder }) => reminder))
  return {
    check: all.check && !queued.has(all.check.key) ? all.check : undefined,
    holidays: all.holidays.filter((reminder) => !reminder.keys.every((key) => queued.has(key))),
  }
}

/** Which reminders are queued here; those that another process has queued meanwhile are not among them. */
async function markQueued(tx: Tx, due: Due, now: Date): Promise<ReadonlySet<string>> {
  const rows = keysOf(due).map((reminder) => ({ reminder, queued_at: now.toISOString(), emails: 0 }))
  const marked = await tx
    .insertInto('reminder_run')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('reminder')
    .execute()
  return new Set(marked.map(({ reminder }) => reminder))
}

/** An email with the reminders that cause it. */
type DueEmail = { readonly keys: readonly string[]; readonly email: QueuedEmail }

async function collectEmails(deps: ReminderDeps, due: Due, now: Date): Promise<readonly DueEmail[]> {
  const today = dateOf(toLondon(now).day)
  const editors = await loadEditors(deps.db.pool, now)
  const checks = startLists<PharmacyToCheck>()
  const dates = due.holidays.map(() => startLists<HolidayEmail['pharmacies'][number]>())
  for await (const stored of profilesOf(deps.db)) {
    const { profile } = stored
    const people = recipientsOf(profile, editors, sharedMailboxOf(profile, deps.sharedMailboxDomains))
    if (people.length === 0) continue
    const pharmacy = { odsCode: profile.odsCode, name: profile.name, postcode: profile.address.postcode }
    if (due.check) {
      const left = leftToCheck(stored, today, deps.holidays)
      if (left.sections.length > 0) checks.add(people, { ...pharmacy, ...left })
    }
    due.holidays.forEach(({ days }, index) => {
      const unanswered = days.map(({ date }) => date).filter((date) => profile.holidays[date] === undefined)
      if (unanswered.length > 0) dates[index]?.add(people, { ...pharmacy, dates: unanswered })
    })
  }
  const { check } = due
  return [
    ...(check ? checks.all().map((told) => ({ keys: [check.key], email: checkEmail(check, told) })) : []),
    ...due.holidays.flatMap((reminder, index) =>
      (dates[index]?.all() ?? []).map((told) => ({ keys: reminder.keys, email: holidayEmail(reminder, told) })),
    ),
  ]
}

function leftToCheck(stored: Pick<StoredProfile, 'profile' | 'sections'>, today: LocalDate, holidays: HolidayCalendar) {
  const left = standingOf(stored, { today, holidays }).sections.filter(({ state }) => state === 'due')
  return {
    sections: left.map(({ section }) => sectionTitle(section, stored.profile.kind)),
    unanswered: left.reduce((sum, { unanswered }) => sum + unanswered.length, 0),
  }
}

const checkEmail = (
  { quarter, day }: CheckReminder,
  [{ email, name }, pharmacies]: readonly [Recipient, CheckEmail['pharmacies']],
): CheckEmail => ({
  kind: 'check-reminder',
  recipient: email,
  name,
  quarterId: quarter.id,
  day,
  finishBy: quarter.ends,
  pharmacies,
})

const holidayEmail = (
  { keys, days }: HolidayReminder,
  [{ email, name }, pharmacies]: readonly [Recipient, HolidayEmail['pharmacies']],
): HolidayEmail => ({
  kind: 'holiday-reminder',
  recipient: email,
  name,
  // Every day of the season is in its name, so that a holiday proclaimed later makes it another reminder.
  reminder: keys.join(', '),
  days: days.map(({ date, title }) => ({ date, title })),
  pharmacies,
})

/** What each recipient is told, in the order of the pharmacies. */
function startLists<Told>() {
  const lists = new Map<string, { recipient: Recipient; told: Told[] }>()
  return {
    add(people: readonly Recipient[], told: Told): void {
      for (const recipient of people) {
        const list = lists.get(recipient.email)
        if (list) list.told.push(told)
        else lists.set(recipient.email, { recipient, told: [told] })
      }
    },
    all: () => [...lists.values()].map(({ recipient, told }) => [recipient, told as readonly Told[]] as const),
  }
}

/** Every pharmacy that has not closed for good, by code. */
async function* profilesOf(db: Db): AsyncGenerator<{ readonly profile: Profile; readonly sections: Sections }> {
  for (let after = ''; ; ) {
    const page = await db.pool
      .selectFrom('profile')
      .select(['ods_code', 'document', 'sections'])
      .where('ods_code', '>', after)
      .where('status', '<>', 'closed')
      .orderBy('ods_code')
      .limit(PAGE)
      .execute()
    for (const { document, sections } of page) yield { profile: document as Profile, sections: sections as Sections }
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.ods_code
  }
}
