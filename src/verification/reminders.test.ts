import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { grantRole } from '#src/accounts/grants.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import type { Profile, Sections } from '#src/profiles/profile.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { type HolidayCalendar, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, dayOf, instantOf, type LocalDate } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { startMailServer } from '#test/support/mail-server.ts'
import { queueReminders } from './reminders.ts'

const log = createLog('silent')
const AMINA = 'amina@nhs.example'
const CHAIN = 'office@chain.example'
const BRANCH = { parentCode: 'PNN00', icbCode: null, healthAndWellbeingBoard: null }
const HILL = aProfile({ contact: { phone: '01632 960001', professionalEmail: 'Pharmacy.FX123@nhs.example' } })
const DALE = aProfile({ odsCode: 'FX124', name: 'Dale', commissioning: BRANCH })
const MOSS = aProfile({ odsCode: 'FX125', name: 'Moss', commissioning: BRANCH })
const UNCLAIMED = aProfile({ odsCode: 'FX126', contact: { professionalEmail: 'pharmacy.fx126@nhs.example' } })
const GONE = aProfile({ odsCode: 'FX127', name: 'Gone', status: 'closed', commissioning: BRANCH })

const closing: { close(): Promise<void> }[] = []
after(async () => {
  for (const each of closing) await each.close()
})

const IMPORT = {
  actor: 'command:import',
  action: 'import',
  recordedAt: '2026-04-01T09:00:00.000Z',
  decides: false,
  onMeeting: 'keep',
} as const
const store = (db: Db, profiles: readonly Profile[]) =>
  db.transact((tx) =>
    commitProfiles(
      tx,
      profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED })),
      IMPORT,
    ),
  )

async function setSections(db: Db, odsCode: string, sections: Sections): Promise<void> {
  await db.pool
    .updateTable('profile')
    .set({ sections: JSON.stringify(sections) })
    .where('ods_code', '=', odsCode)
    .execute()
}
const checkedOn = (date: LocalDate): Sections => ({
  ...UNCHECKED,
  ...Object.fromEntries(
    QUARTERLY_SECTIONS.map((section) => [
      section,
      { ...UNCHECKED[section], checkedAt: `${date}T09:00:00.000Z`, checkedBy: `person:${AMINA}` },
    ]),
  ),
})

async function grant(db: Db, email: string, role: string, scope: string, expiresAt?: Date): Promise<void> {
  const result = await grantRole(
    db,
    { email, role, scope },
    { by: 'command:user', now: new Date('2026-04-01T09:00:00Z'), expiresAt },
  )
  assert.ok(result.ok, JSON.stringify(result))
}

/** A directory with an owner, a chain, onlookers and a real mail server; `day` runs one morning at 7am in London. */
async function reminding(db: Db) {
  await store(db, [HILL, DALE, MOSS, UNCLAIMED, GONE])
  await grant(db, AMINA, 'owner', 'ods:FX123')
  await grant(db, 'ben@nhs.example', 'editor', 'ods:FX123', new Date('2026-12-01T00:00:00Z'))
  await grant(db, 'viewer@nhs.example', 'viewer', 'ods:FX123')
  await grant(db, 'locum@nhs.example', 'closure-only', 'ods:FX123')
  await grant(db, 'lead@icb.example', 'lead', 'area:QOP')
  await grant(db, CHAIN, 'group', 'group:PNN00')
  await grant(db, AMINA, 'editor', 'ods:FX124')
  await db.pool
    .insertInto('person')
    .values({ email: AMINA, name: 'Amina Khan', created_at: IMPORT.recordedAt })
    .execute()
  const server = await startMailServer()
  const mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
  closing.push(mailer, server)
  let seen = 0
  return {
    arrived: server.arrived,
    /** The subjects of what went out that morning, by recipient. */
    async day(date: LocalDate, holidays: HolidayCalendar = holidayCalendar([])): Promise<Record<string, string[]>> {
      const now = instantOf({ day: dayOf(date), minute: 7 * 60 })
      const clock = fixedClock(now.toISOString())
      await queueReminders({ db, holidays, sharedMailboxDomains: ['nhs.example'] }, now)
      const secrets = { codeOf: () => '', linkKeyOf: () => '' }
      await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: 'http://localhost:3000', ...secrets } as never), {
        log,
        clock,
      })
      const sent = server.arrived.slice(seen)
      seen = server.arrived.length
      const byRecipient = Object.groupBy(sent, ({ to }) => to[0] ?? '')
      return Object.fromEntries(
        Object.entries(byRecipient).map(([to, mails]) => [
          to,
          (mails ?? []).map(({ mail }) => mail.subject ?? '').sort(),
        ]),
      )
    },
  }
}

/** What the pharmacies themselves do in the quarter: the first checks on 10 December, the others on the 20th. */
async function checkSome(db: Db, today: LocalDate): Promise<void> {
  if (today === '2026-12-10') await setSections(db, 'FX123', checkedOn(today))
  if (today === '2026-12-20') for (const code of ['FX124', 'FX125']) await setSections(db, code, checkedOn(today))
}

const linesOf = (today: LocalDate, sent: Record<string, string[]>): string[] =>
  Object.entries(sent).flatMap(([to, subjects]) => subjects.map((subject) => `${today} ${to}: ${subject}`))

onBothDatabases((kind, open) => {
  test(`${kind}: a whole quarter, day by day: who is told what on which day, and that it stops when all is done`, async () => {
    const db = await open()
    const { day } = await reminding(db)
    const told: string[] = []
    const { starts, ends } = quarterOf('2026-10-01')
    for (let today = dayOf(starts); today <= dayOf(ends); today++) {
      await checkSome(db, dateOf(today))
      told.push(...linesOf(dateOf(today), await day(dateOf(today))))
    }
    const two = 'Check the NHS profile of 2 pharmacies by 31 December 2026'
    const hill = 'Check the NHS profile of Hill & Sons by 31 December 2026'
    const christmas = (which: string) => `Tell patients if ${which} open on Christmas Day and 2 more days`
    assert.deepEqual(
      told.sort(),
      [
        `2026-10-30 amina@nhs.example: ${two}`,
        `2026-10-30 amina@nhs.example: ${christmas('2 pharmacies are')}`,
        `2026-10-30 ben@nhs.example: ${hill}`,
        `2026-10-30 ben@nhs.example: ${christmas('Hill & Sons is')}`,
        `2026-10-30 office@chain.example: ${two}`,
        `2026-10-30 office@chain.example: ${christmas('2 pharmacies are')}`,
        `2026-10-30 pharmacy.fx123@nhs.example: ${hill}`,
        `2026-10-30 pharmacy.fx123@nhs.example: ${christmas('Hill & Sons is')}`,
        `2026-11-27 amina@nhs.example: ${christmas('2 pharmacies are')}`,
        `2026-11-27 ben@nhs.example: ${christmas('Hill & Sons is')}`,
        `2026-11-27 office@chain.example: ${christmas('2 pharmacies are')}`,
        `2026-11-27 pharmacy.fx123@nhs.example: ${christmas('Hill & Sons is')}`,
        `2026-11-29 amina@nhs.example: ${two}`,
        `2026-11-29 ben@nhs.example: ${hill}`,
        `2026-11-29 office@chain.example: ${two}`,
        `2026-11-29 pharmacy.fx123@nhs.example: ${hill}`,
        // Ben's right has ended, and Hill & Sons is done.
        `2026-12-14 amina@nhs.example: Check the NHS profile of Dale by 31 December 2026`,
        `2026-12-14 office@chain.example: ${two}`,
        `2026-12-15 amina@nhs.example: ${christmas('2 pharmacies are')}`,
        `2026-12-15 office@chain.example: ${christmas('2 pharmacies are')}`,
        `2026-12-15 pharmacy.fx123@nhs.example: ${christmas('Hill & Sons is')}`,
        // From 20 December on everything is checked, so days 83 and 88 are silent.
      ].sort(),
    )
  })

  test(`${kind}: three weeks without a run are made up for with one email each, and a run is not repeated`, async () => {
    const db = await open()
    const { day } = await reminding(db)
    await day('2026-11-29')
    assert.deepEqual(await day('2026-11-29'), {}, 'the same morning again')
    assert.deepEqual(await day('2026-11-30'), {}, 'and the next')
    const late = await day('2026-12-16')
    assert.deepEqual(late[CHAIN]?.length, 2, 'day 75 and ten days before Christmas, once each')
    await grant(db, 'new@nhs.example', 'editor', 'ods:FX123')
    assert.deepEqual(await day('2026-12-17'), {}, 'somebody who came since waits for the next one')
    const entries = await db.pool
      .selectFrom('audit')
      .select(['actor', 'target'])
      .where('action', '=', 'queue-reminders')
      .execute()
    assert.deepEqual(
      entries.map(({ target }) => target),
      ['day:2026-11-29', 'day:2026-12-16'],
    )
  })

  test(`${kind}: two processes at once queue one email each`, async () => {
    const db = await open()
    await reminding(db)
    const now = new Date('2026-11-29T07:00:00Z')
    const deps = { db, holidays: holidayCalendar([]), sharedMailboxDomains: ['nhs.example'] }
    const counts = await Promise.all([queueReminders(deps, now), queueReminders(deps, now)])
    assert.deepEqual(counts.toSorted((a, b) => a - b)[0], 0)
    const jobs = await db.pool.selectFrom('job').select('unique_key').where('queue', '=', 'email').execute()
    assert.equal(jobs.length, Math.max(...counts))
  })

  test(`${kind}: answered holidays are not asked for; one proclaimed with ten days’ notice is, beside those of its season`, async () => {
    const db = await open()
    const { day, arrived } = await reminding(db)
    const answered = {
      '2026-12-25': { answer: 'closed' },
      '2026-12-28': { answer: 'closed' },
      '2027-01-01': { answer: 'closed' },
    } as const
    for (const profile of [HILL, DALE, MOSS]) {
      await db.pool
        .updateTable('profile')
        .set({ document: JSON.stringify({ ...profile, holidays: answered }) })
        .where('ods_code', '=', profile.odsCode)
        .execute()
    }
    await setSections(db, 'FX123', checkedOn('2026-10-02'))
    for (const code of ['FX124', 'FX125']) await setSections(db, code, checkedOn('2026-10-02'))
    assert.deepEqual(await day('2026-12-15'), {})
    const proclaimed = holidayCalendar([
      { date: '2026-12-25', title: 'Christmas Day' },
      { date: '2026-12-28', title: 'Boxing Day' },
      { date: '2026-12-30', title: 'Day of celebration' },
    ])
    const told = await day('2026-12-20', proclaimed)
    assert.deepEqual(told['amina@nhs.example'], ['Tell patients if 2 pharmacies are open on Day of celebration'])
    const text = arrived.find(({ to }) => to[0] === 'pharmacy.fx123@nhs.example')?.mail.text ?? ''
    assert.match(text, /Day of celebration, Wednesday 30 December 2026/)
    assert.doesNotMatch(text, /Christmas/)
    assert.match(text, /http:\/\/localhost:3000\/manage\/FX123\/bank-holidays/)
  })

  test(`${kind}: a head office with 300 branches gets one list, in the time of a few queries`, async () => {
    const db = await open()
    const branches = Array.from({ length: 300 }, (_, index) =>
      aProfile({ odsCode: `FB${String(index).padStart(3, '0')}`, name: `Branch ${index}`, commissioning: BRANCH }),
    )
    await store(db, branches)
    await grant(db, CHAIN, 'group', 'group:PNN00')
    const count = await queueReminders(
      { db, holidays: holidayCalendar([]), sharedMailboxDomains: [] },
      new Date('2026-12-14T07:00:00Z'),
    )
    assert.equal(count, 1)
    const [job] = await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute()
    assert.equal((job?.payload as { pharmacies: unknown[] } | undefined)?.pharmacies.length, 300)
  })
})
