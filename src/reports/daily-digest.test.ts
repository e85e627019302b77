import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { type DailyDigest, writeDailyDigest } from '#src/emails/daily-digest.ts'
import { htmlOf } from '#src/emails/plain-text-email.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { queueDigests } from './daily-digest.ts'

const holidays = holidayCalendar([])
const importing = { actor: 'command:import', action: 'import', decides: false, onMeeting: 'keep' } as const
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
/** 6am on these mornings; 11 December 2026 is a Friday, 14 December a Monday. */
const SATURDAY = new Date('2026-12-12T06:00:00Z')
const SUNDAY = new Date('2026-12-13T06:00:00Z')
const MONDAY = new Date('2026-12-14T06:00:00Z')

async function twoAreas(db: Db): Promise<void> {
  const recordedAt = '2026-11-01T09:00:00.000Z'
  const services = [aService(), aService({ uid: 2_000_000_009, odsCode: 'FX999', name: 'Elsewhere service' })]
  const profiles = [
    aProfile({ commissioning: inIcb('QOP') }),
    aProfile({ odsCode: 'FX999', name: 'Elsewhere Pharmacy', commissioning: inIcb('QHL') }),
  ]
  await db.transact((tx) => saveServices(tx, services, { ...importing, recordedAt }))
  const writes = profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED }))
  await db.transact((tx) => commitProfiles(tx, writes, { ...importing, recordedAt }))
}

const edit = (db: Db, odsCode: string, recordedAt: string, given: Partial<Profile>) =>
  db.transact(async (tx) => {
    const before = await loadProfile(tx, odsCode)
    assert.ok(before)
    const write = { before, profile: { ...before.profile, ...given }, sections: before.sections }
    const how = { actor: 'person:amina@nhs.example', action: 'edit', decides: true, issueReceipts } as const
    await commitProfiles(tx, [write], { ...how, onMeeting: 'take', recordedAt })
  })

const give = (db: Db, email: string, role: string, scope: string, expires_at: string | null = null) =>
  db.pool
    .insertInto('role_grant')
    .values({ email, role, scope, granted_at: '2026-11-01T00:00:00Z', granted_by: 'command:test', expires_at })
    .execute()

const choose = (db: Db, email: string, days: string) =>
  db.pool.insertInto('daily_email_choice').values({ email, days, chosen_at: '2026-11-01T00:00:00Z' }).execute()

async function queued(db: Db): Promise<readonly DailyDigest[]> {
  const rows = await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').orderBy('id').execute()
  return rows.map(({ payload }) => payload as DailyDigest).filter((email) => email.kind === 'daily-digest')
}

const textOf = (facts: DailyDigest | undefined): string =>
  facts ? writeDailyDigest(facts, 'https://signpost.example').text : assert.fail('no such email')

async function close(db: Db, id: string, odsCode: string, given: { startsAt: string; endedAt?: string }) {
  await db.pool
    .insertInto('closure')
    .values({
      ...{ id, ods_code: odsCode, starts_at: given.startsAt, expected_at: null, services: null, advice: null },
      ...{ ended_at: given.endedAt ?? null, how_ended: given.endedAt ? 'reopened' : null, reason: 'other' },
      ...{ told_at: given.startsAt, told_by: 'person:amina@nhs.example', via: 'profile-manager' },
      ...{ filled_in_by: null, phone: null, last_word_at: given.startsAt, seq: 1 },
    })
    .execute()
}

onBothDatabases((kind, open) => {
  test(`${kind}: each lead is told of the changes and closures of their area alone, once`, async () => {
    const db = await open()
    await twoAreas(db)
    await give(db, 'lea@nhs.example', 'lead', 'area:QOP')
    await give(db, 'oli@nhs.example', 'lead', 'area:QHL')
    await give(db, 'gone@nhs.example', 'lead', 'area:QOP', '2026-12-01T00:00:00Z')
    await give(db, 'com@nhs.example', 'commissioner', 'area:QOP')
    await give(db, 'nia@nhs.example', 'national', '')
    await choose(db, 'nia@nhs.example', 'all-days')
    await give(db, 'stop@nhs.example', 'lead', 'area:QOP')
    await choose(db, 'stop@nhs.example', 'none')
    await edit(db, 'FX123', '2026-12-10T23:59:00Z', { contact: { phone: '01632 960 111' } })
    await edit(db, 'FX123', '2026-12-11T00:00:00Z', {
      contact: { phone: '01632 960 222', professionalPhone: '01632 960 999' },
      weekly: [[{ opens: 600, closes: 1020 }], ...aProfile().weekly.slice(1)],
    })
    await edit(db, 'FX999', '2026-12-11T12:00:00Z', { contact: { phone: '01632 960 333' } })
    await close(db, 'a', 'FX123', { startsAt: '2026-12-11T09:00:00Z', endedAt: '2026-12-11T12:00:00Z' })
    await close(db, 'b', 'FX999', { startsAt: '2026-12-01T09:00:00Z' })

    assert.equal(await queueDigests({ db, holidays }, SATURDAY), 3)
    assert.equal(await queueDigests({ db, holidays }, SATURDAY), 0, 'a second run queues nothing')
    const digests = await queued(db)
    assert.deepEqual(
      digests.map(({ recipient, area }) => [recipient, area]),
      [
        ['lea@nhs.example', 'QOP'],
        ['nia@nhs.example', null],
        ['oli@nhs.example', 'QHL'],
      ],
    )
    const [ours = '', england = '', theirs = ''] = digests.map(textOf)
    assert.match(ours, /Changes in the Directory of Services, QOP, on Friday 11 December 2026: 3\n/)
    assert.match(ours, /Opening times of the week: 1\n/)
    assert.match(ours, /Monday opening times: 10am to 5pm \(before: 9am to 5pm\)/)
    assert.match(ours, /Phone: 01632 960 222/)
    assert.match(ours, /Closed now, wholly or in part: 0\nNew: 1\n/)
    assert.match(ours, /\(FX123\): since Friday 11 December 2026 at 9am, until Friday 11 December 2026 at midday/)
    assert.match(ours, /reports\/daily-changes\.csv\?date=2026-12-11&area=QOP\n/)
    assert.doesNotMatch(ours, /960 333|Elsewhere|FX999/)
    assert.doesNotMatch(ours, /960 ?999/, 'a number that is not public stays out of emails')
    assert.match(theirs, /960 333/)
    assert.match(theirs, /Closed now, wholly or in part: 1\nNew: 0\n/)
    assert.doesNotMatch(theirs, /FX123|960 222/)
    assert.match(england, /960 222[\s\S]*960 333/)
    assert.match(htmlOf(ours), /<a href="[^"]*date=2026-12-11&amp;area=QOP"/, 'addresses can be followed')
  })

  test(`${kind}: a day off without changes sends nothing, a working day says so in a line`, async () => {
    const db = await open()
    await twoAreas(db)
    await give(db, 'daily@nhs.example', 'lead', 'area:QOP')
    await give(db, 'working@nhs.example', 'lead', 'area:QOP')
    await choose(db, 'working@nhs.example', 'working-days')
    const sentOn = async (at: Date) => {
      const before = (await queued(db)).length
      await queueDigests({ db, holidays }, at)
      return (await queued(db)).slice(before).map(({ recipient, days }) => [recipient, ...days])
    }
    assert.deepEqual(await sentOn(SATURDAY), [['daily@nhs.example', '2026-12-11']], 'Friday is a working day')
    assert.match(textOf((await queued(db))[0]), /Nothing changed in the Directory of Services, QOP, on Friday/)
    assert.deepEqual(await sentOn(SUNDAY), [], 'nothing happened on Saturday')
    await edit(db, 'FX123', '2026-12-13T12:00:00Z', { contact: { phone: '01632 960 444' } })
    assert.deepEqual(await sentOn(MONDAY), [
      ['daily@nhs.example', '2026-12-13'],
      ['working@nhs.example', '2026-12-11', '2026-12-12', '2026-12-13'],
    ])
  })

  test(`${kind}: a day with hundreds of changes is a count and the ten that matter most`, async () => {
    const db = await open()
    const recordedAt = '2026-11-01T09:00:00.000Z'
    const codes = Array.from({ length: 30 }, (_, index) => `FY${String(index).padStart(3, '0')}`)
    const services = codes.map((odsCode, index) => aService({ uid: 2_100_000_000 + index, odsCode, name: odsCode }))
    await db.transact((tx) => saveServices(tx, services, { ...importing, recordedAt }))
    const writes = codes.map((odsCode) => {
      const profile = aProfile({ odsCode, name: odsCode, commissioning: inIcb('QOP') })
      return { before: undefined, profile, sections: UNCHECKED }
    })
    await db.transact((tx) => commitProfiles(tx, writes, { ...importing, recordedAt }))
    for (const odsCode of codes)
      await edit(db, odsCode, '2026-12-11T10:00:00Z', { contact: { phone: '01632 960 444' } })
    await edit(db, 'FY029', '2026-12-11T11:00:00Z', {
      holidays: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'closed' } },
    })
    await give(db, 'lea@nhs.example', 'lead', 'area:QOP')
    await queueDigests({ db, holidays }, SATURDAY)
    const [digest] = await queued(db)
    assert.deepEqual(digest?.counts, [
      { what: 'Phone', count: 30 },
      { what: 'Opening times on dates', count: 2 },
    ])
    assert.equal(digest?.top.length, 10)
    assert.match(digest?.top[0] ?? '', /^FY029 \(FY029\): .*25 December 2026: Closed, and 1 more like it$/)
  })
})
