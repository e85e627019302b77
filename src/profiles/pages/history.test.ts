import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadHistory } from '#src/profiles/history.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { changedParts, type ProfilePart } from '#src/profiles/section-words.ts'
import { accepted } from '#src/rules/problems.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, NINE_TO_FIVE, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { onBothDatabases, pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, type Manager, send, startManager, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const HUB = '/manage/FX123'
const LEAD = { email: 'lead@icb.example', name: 'Lena Lead', grants: [{ role: 'lead', scope: 'area:QOP' }] }
const LOCUM = { email: 'locum@nhs.example', grants: [{ role: 'closure-only', scope: 'ods:FX123' }] }
const VIEWER = { email: 'viewer@nhs.example', name: 'Vic Viewer', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }

/** Saves versions of FX123 as its people would, in order. */
async function saveVersions(db: OpenDb, steps: readonly { at: string; by: string; to: Partial<Profile> }[]) {
  for (const { at, by, to } of steps) {
    const stored = await loadProfile(db.pool, 'FX123')
    assert.ok(stored)
    const outcome = await saveProfileChange(
      { db, clock: { now: () => new Date(at) }, issueReceipts },
      {
        odsCode: 'FX123',
        section: 'contact',
        alsoSections: ['hours', 'holidays', 'changes', 'services', 'facilities'],
        expectedVersion: stored.version,
        actor: `person:${by}`,
        action: 'set-contact-details',
        decide: (profile) => accepted({ ...profile, ...to }),
      },
    )
    assert.equal(outcome.outcome, 'saved')
  }
}

const LATE: Profile['weekly'] = [[{ opens: 540, closes: 1140 }], ...USUAL_WEEK.slice(1)]

describe('the history of a profile', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, {
      profile: { commissioning: { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null } },
    })
    amina = await manager.as(AMINA)
    await manager.as(BEN)
    await saveVersions(db, [
      {
        at: '2026-11-02T09:00:00Z',
        by: AMINA.email,
        to: { contact: { phone: '01632 960002', professionalPhone: '01632 960555' } },
      },
      { at: '2026-11-03T10:30:00Z', by: BEN.email, to: { weekly: LATE } },
    ])
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('tells who changed what and when in words, newest first, the NHS list by name', async () => {
    const words = visible(await amina.open(`${HUB}/history`))
    assert.match(
      words,
      /Changed: Standard opening times 3 November 2026 at 10:30am Ben Okafor Monday Before: 9am to 5pm After: 9am to 7pm/,
    )
    assert.match(words, /Changed: Contact details 2 November 2026 at 9am Amina Khan/)
    assert.match(words, /First version of this profile 1 November 2026 at 9am From the NHS list/)
    assert.ok(words.indexOf('Ben Okafor') < words.lastIndexOf('2 November 2026'), 'newest first')
  })

  test('shows only a section, and only what one person did', async () => {
    const contact = visible(await amina.open(`${HUB}/history?section=contact`))
    assert.match(contact, /Changed: Contact details/)
    assert.doesNotMatch(contact, /Changed: Standard opening times/)
    const page = await amina.open(`${HUB}/history`)
    const [, ben = ''] = /<option value="(\d+)"[^>]*>Ben Okafor</.exec(page.body) ?? []
    const his = visible(await amina.open(`${HUB}/history?who=${ben}`))
    assert.match(his, /Changed: Standard opening times/)
    assert.doesNotMatch(his, /Changed: Contact details/)
    assert.match(visible(await amina.open(`${HUB}/history?who=list`)), /First version of this profile/)
    assert.match(
      visible(await amina.open(`${HUB}/history?who=999999`)),
      /Changed: Contact details/,
      'nobody: no filter',
    )
  })

  test('values that are not public are shown to the pharmacy’s own people and to nobody else', async () => {
    const [lead, viewer, locum] = [await manager.as(LEAD), await manager.as(VIEWER), await manager.as(LOCUM)]
    for (const address of ['history', 'history/2']) {
      assert.match(visible(await viewer.open(`${HUB}/${address}`)), /01632 960555/)
      const seen = visible(await lead.open(`${HUB}/${address}`))
      assert.doesNotMatch(seen, /960555/)
      assert.match(seen, /Professional phone number After: Changed\. Only the pharmacy sees this value/)
      assert.match(seen, /01632 960002/, 'the public number is no secret')
    }
    assert.equal((await locum.open(`${HUB}/history`)).status, 403)
    for (const browser of [lead, viewer]) {
      assert.doesNotMatch(visible(await browser.open(`${HUB}/history/1`)), /Restore:/)
      assert.equal((await browser.open(`${HUB}/history/1/restore?section=contact`)).status, 403)
    }
  })

  test('a section goes back to an earlier version as a new change, on the DoS services too', async () => {
    const version = await amina.open(`${HUB}/history/2`)
    assert.match(visible(version), /Restore: Standard opening times/)
    const preview = await amina.open(`${HUB}/history/2/restore?section=hours`)
    const words = visible(preview)
    assert.match(words, /Restore standard opening times/)
    assert.match(words, /Monday Before: 9am to 7pm After: 9am to 5pm/)
    assert.match(words, /This updates 4 DoS services/)
    const done = visible(await send(amina, preview, '/restore'))
    assert.match(done, /Restored\. The public page shows it now\./)
    assert.match(done, /Restored from version 2: Standard opening times 11 December 2026 at 10:34am Amina Khan/)
    const stored = await loadProfile(db.pool, 'FX123')
    assert.deepEqual([stored?.version, stored?.profile.weekly], [4, USUAL_WEEK])
    assert.equal(stored?.profile.contact.phone, '01632 960002', 'only the section that was chosen')
    assert.deepEqual(
      [stored?.sections.hours.changedBy, stored?.sections.contact.changedBy],
      [`person:${AMINA.email}`, `person:${AMINA.email}`],
    )
    const services = await loadServicesOf(db.pool, 'FX123')
    assert.deepEqual(services[0]?.record.hours.weekly[0], NINE_TO_FIVE)
  })

  test('restoring again changes nothing, and a version that is not there is not found', async () => {
    assert.match(visible(await amina.open(`${HUB}/history/2/restore?section=hours`)), /Nothing would change/)
    assert.equal((await amina.open(`${HUB}/history/99`)).status, 404)
    assert.equal((await amina.open(`${HUB}/history/0`)).status, 404)
    assert.equal((await amina.open(`${HUB}/history/2/restore?section=place`)).status, 404)
    assert.match(visible(await amina.open(`${HUB}/history/4`)), /This is the newest version/)
  })

  test('all sections go back at once; what today’s rules refuse stays, with the reason', async () => {
    await db.pool
      .updateTable('profile')
      .set({ sections: JSON.stringify(UNCHECKED) })
      .where('ods_code', '=', 'FX123')
      .execute()
    const website = { phone: '01632 960003', website: 'name@hill.example' }
    await saveVersions(db, [
      { at: '2026-12-01T09:00:00Z', by: BEN.email, to: { contact: website, weekly: LATE } },
      {
        at: '2026-12-02T09:00:00Z',
        by: BEN.email,
        to: { contact: { phone: '01632 960004', website: null }, weekly: USUAL_WEEK },
      },
    ])
    const preview = await amina.open(`${HUB}/history/5/restore?section=all`)
    assert.match(visible(preview), /These stay as they are now: Enter a website, not an email address/)
    await send(amina, preview, '/restore')
    const stored = await loadProfile(db.pool, 'FX123')
    assert.deepEqual(stored?.profile.contact, { phone: '01632 960003', website: null })
    assert.deepEqual(stored?.profile.weekly, LATE)
    assert.equal(
      stored?.sections.holidays.changedBy,
      UNCHECKED.holidays.changedBy,
      'a section that says the same is not changed',
    )
  })

  test('when somebody changes the section meanwhile, nothing is restored and the page says who', async () => {
    const preview = await amina.open(`${HUB}/history/2/restore?section=hours`)
    await saveVersions(db, [{ at: '2026-12-03T09:00:00Z', by: BEN.email, to: { weekly: USUAL_WEEK.toReversed() } }])
    const conflict = await send(amina, preview, '/restore')
    assert.equal(conflict.status, 409)
    assert.match(visible(conflict), /Ben Okafor changed this while you were reading/)
    assert.deepEqual((await loadProfile(db.pool, 'FX123'))?.profile.weekly, USUAL_WEEK.toReversed())
    await send(amina, conflict, '/restore')
    assert.deepEqual((await loadProfile(db.pool, 'FX123'))?.profile.weekly, USUAL_WEEK)
  })
})

const STEPS: readonly Partial<Profile>[] = [
  { contact: { phone: '01632 960009' } },
  { weekly: LATE },
  { holidays: { '2026-12-25': { answer: 'closed' } } },
  { name: 'Hill Pharmacy' },
  { facilities: { 28: { has: true } } },
  { services: {} },
  { commissioning: { parentCode: 'PNN00', icbCode: null, healthAndWellbeingBoard: null } },
]

onBothDatabases((kind, open) => {
  test(`${kind}: the database finds the parts that the rules find, pages of 50 and filters by part`, async () => {
    const db = await open()
    const context = { actor: 'command:import', action: 'import', decides: false, onMeeting: 'keep' } as const
    let profile = aProfile()
    const expected: (readonly ProfilePart[])[] = []
    const write = async (next: Profile, at: string) => {
      const before = await loadProfile(db.pool, 'FX123')
      await db.transact((tx) =>
        commitProfiles(tx, [{ before, profile: next, sections: UNCHECKED }], { ...context, recordedAt: at }),
      )
    }
    await write(profile, '2026-01-01T09:00:00.000Z')
    for (const step of STEPS) {
      const next = { ...profile, ...step }
      expected.unshift(changedParts(profile, next))
      profile = next
      await write(next, '2026-02-01T09:00:00.000Z')
    }
    const { events } = await loadHistory(db.pool, { odsCode: 'FX123', page: 1 })
    assert.deepEqual(events.map(({ parts }) => parts).slice(0, -1), expected)
    assert.deepEqual(events.at(-1)?.version, 1)
    assert.equal(events[0]?.at, '2026-02-01T09:00:00.000Z')
    for (let index = 0; index < 60; index++) {
      await write({ ...profile, contact: { phone: `01632 9600${index + 10}` } }, '2026-03-01T09:00:00.000Z')
    }
    const pages = [1, 2, 3].map((page) => loadHistory(db.pool, { odsCode: 'FX123', page }))
    const [first, second, third] = await Promise.all(pages)
    assert.deepEqual([first?.events.length, first?.hasOlder], [50, true])
    assert.deepEqual([second?.events.length, second?.hasOlder], [18, false])
    assert.equal(third?.events.length, 0)
    const places = await loadHistory(db.pool, { odsCode: 'FX123', part: 'place', page: 1 })
    assert.deepEqual(
      places.events.map(({ version }) => version),
      [5, 1],
    )
  })
})
