import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { accepted, refused } from '#src/rules/problems.ts'
import { aProfile, aService, NINE_TO_FIVE, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { commitProfiles } from './commit-profiles.ts'
import { decideAddChange } from './decide.ts'
import { loadProfile, loadServicesOf } from './load-profiles.ts'
import type { Profile } from './profile.ts'
import { type ProfileChange, previewProfileChange, saveProfileChange } from './save-profile-change.ts'

const clock = { now: () => new Date('2026-11-21T10:00:00Z') }
const importing = {
  actor: 'command:import',
  action: 'import',
  recordedAt: '2026-11-01T09:00:00.000Z',
  decides: false,
} as const

/** Five services of one pharmacy: all of the seven types but two, one closed, one with shorter hours and its own phone. */
const services: readonly ServiceRecord[] = [
  aService(),
  aService({ uid: 2_000_000_002, typeId: 131, odsCode: 'FX123UMS' }),
  aService({
    uid: 2_000_000_003,
    typeId: 148,
    odsCode: 'FX123BPS',
    phone: '01632 960777',
    hours: {
      weekly: [[{ opens: 600, closes: 960 }], ...USUAL_WEEK.slice(1)],
      bankHoliday: [],
      openAllHours: false,
      specified: { '2026-12-24': NINE_TO_FIVE },
    },
  }),
  aService({ uid: 2_000_000_004, typeId: 132, odsCode: 'FX123PF1', status: 'CLOSED' }),
  aService({ uid: 2_000_000_005, typeId: 116, odsCode: 'FX123EXT' }),
]
const uids = (matched: readonly { uid: number; fields: readonly unknown[] }[]) =>
  matched.filter(({ fields }) => fields.length > 0).map(({ uid }) => uid)

async function withPharmacy(db: Db, profile: Profile = aProfile()): Promise<void> {
  await db.transact((tx) => saveServices(tx, services, importing))
  await db.transact((tx) =>
    commitProfiles(tx, [{ before: undefined, profile, sections: UNCHECKED }], { ...importing, onMeeting: 'keep' }),
  )
}

const setPhone = (phone: string) => (profile: Profile) =>
  accepted({ ...profile, contact: { ...profile.contact, phone } })

const change = (given: Partial<ProfileChange>): ProfileChange => ({
  odsCode: 'FX123',
  section: 'contact',
  expectedVersion: 1,
  actor: 'person:amina@nhs.example',
  action: 'set-contact',
  decide: setPhone('01632 960222'),
  ...given,
})

const recordsOf = async (db: Db) => (await loadServicesOf(db.pool, 'FX123')).map(({ record }) => record)

onBothDatabases((kind, open) => {
  test(`${kind}: meeting a profile changes nothing of services that were there before it`, async () => {
    const db = await open()
    await withPharmacy(db)
    assert.deepEqual(await recordsOf(db), services)
    const stored = await loadServicesOf(db.pool, 'FX123')
    assert.deepEqual(
      stored.map(({ profileOds }) => profileOds),
      ['FX123', 'FX123', 'FX123', null, null],
      'a closed service and one of another type do not match',
    )
  })

  test(`${kind}: a closure reaches every matching service, also one with hours of its own that day`, async () => {
    const db = await open()
    await withPharmacy(db)
    const saved = await saveProfileChange(
      { db, clock, issueReceipts },
      change({
        section: 'changes',
        action: 'add-change',
        decide: (profile) =>
          decideAddChange(
            profile,
            { id: 'c1', from: '2026-12-24', to: '2026-12-24', sessions: [], reason: 'other', note: null },
            { today: '2026-11-21' },
          ),
      }),
    )
    assert.equal(saved.outcome, 'saved')
    const records = await recordsOf(db)
    assert.deepEqual(
      records.map(({ hours }) => hours.specified['2026-12-24']),
      [[], [], [], undefined, undefined],
    )
    assert.deepEqual(records[2]?.hours.weekly[0], [{ opens: 600, closes: 960 }], 'its own Monday was not decided')
  })

  test(`${kind}: a decided value replaces a service's own, unless the editor leaves that service as it is`, async () => {
    const db = await open()
    await withPharmacy(db)
    const preview = await previewProfileChange(db.pool, { ...change({}), today: londonDateOf(clock.now()) })
    assert.ok(preview?.ok)
    assert.deepEqual(uids(preview.value.services), [2_000_000_001, 2_000_000_002, 2_000_000_003])

    await saveProfileChange({ db, clock, issueReceipts }, change({ keepServices: new Set([2_000_000_003]) }))
    assert.deepEqual(
      (await recordsOf(db)).map(({ phone }) => phone),
      ['01632 960222', '01632 960222', '01632 960777', '01632 960001', '01632 960001'],
    )
    await saveProfileChange(
      { db, clock, issueReceipts },
      change({ expectedVersion: 2, decide: setPhone('01632 960333') }),
    )
    assert.equal((await recordsOf(db))[2]?.phone, '01632 960333')
  })

  test(`${kind}: every save is in history, with what changed of each service`, async () => {
    const db = await open()
    await withPharmacy(db)
    const saved = await saveProfileChange({ db, clock, issueReceipts }, change({}))
    const rows = await db.pool.selectFrom('service_change').selectAll().orderBy('seq').execute()
    assert.equal(saved.outcome === 'saved' && saved.seq, rows.at(-1)?.seq)
    const last = rows.filter(({ recorded_at }) => recorded_at === '2026-11-21T10:00:00.000Z')
    assert.deepEqual(
      last.map(({ uid, fields, before, after }) => ({ uid, fields, before, after })),
      [
        [2_000_000_001, '01632 960001'],
        [2_000_000_002, '01632 960001'],
        [2_000_000_003, '01632 960777'],
      ].map(([uid, phone]) => ({ uid, fields: ['phone'], before: { phone }, after: { phone: '01632 960222' } })),
    )
    const [receipt, audit] = await db.pool.selectFrom('audit').selectAll().orderBy('seq', 'desc').execute()
    assert.deepEqual(
      [audit?.actor, audit?.action, audit?.target],
      ['person:amina@nhs.example', 'set-contact', 'pharmacy:FX123'],
    )
    assert.deepEqual([receipt?.action, receipt?.target], ['issue-receipt', 'receipt:SP-2026-27-Q3-FX123-0001'])
    const stored = await loadProfile(db.pool, 'FX123')
    assert.equal(stored?.version, 2)
    assert.equal(stored?.sections.contact.source, 'pharmacy')
    assert.equal(stored?.sections.hours.source, 'list')
  })

  test(`${kind}: saving what is there already makes no version and no history`, async () => {
    const db = await open()
    await withPharmacy(db)
    const before = await db.pool.selectFrom('ledger_head').selectAll().executeTakeFirstOrThrow()
    const saved = await saveProfileChange({ db, clock, issueReceipts }, change({ decide: setPhone('01632 960001') }))
    assert.equal(saved.outcome, 'unchanged')
    assert.deepEqual(await db.pool.selectFrom('ledger_head').selectAll().executeTakeFirstOrThrow(), before)
  })

  test(`${kind}: two editors of one section conflict, and the second sees the first one's words`, async () => {
    const db = await open()
    await withPharmacy(db)
    await saveProfileChange({ db, clock, issueReceipts }, change({}))
    const second = await saveProfileChange(
      { db, clock, issueReceipts },
      change({ actor: 'person:ben@nhs.example', decide: setPhone('01632 960444') }),
    )
    assert.ok(second.outcome === 'conflict')
    assert.equal(second.base.contact.phone, '01632 960001')
    assert.equal(second.current.profile.contact.phone, '01632 960222')
    assert.equal(second.changedBy, 'person:amina@nhs.example')
    assert.equal((await loadProfile(db.pool, 'FX123'))?.version, 2)
  })

  test(`${kind}: editors of different sections do not disturb each other`, async () => {
    const db = await open()
    await withPharmacy(db)
    await saveProfileChange({ db, clock, issueReceipts }, change({}))
    const second = await saveProfileChange(
      { db, clock, issueReceipts },
      change({
        section: 'hours',
        action: 'set-weekly',
        decide: (profile) => accepted({ ...profile, weekly: [...USUAL_WEEK.slice(0, 6), NINE_TO_FIVE] }),
      }),
    )
    assert.equal(second.outcome, 'saved')
    const { profile } = (await loadProfile(db.pool, 'FX123')) ?? {}
    assert.equal(profile?.contact.phone, '01632 960222')
    assert.deepEqual(profile?.weekly[6], NINE_TO_FIVE)
  })

  test(`${kind}: of many editors saving at once exactly one wins and the others are told`, async () => {
    const db = await open()
    await withPharmacy(db)
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        saveProfileChange({ db, clock, issueReceipts }, change({ decide: setPhone(`01632 96080${index}`) })),
      ),
    )
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'saved').length, 1)
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'conflict').length, 7)
  })

  test(`${kind}: a refusal leaves everything as it was`, async () => {
    const db = await open()
    await withPharmacy(db)
    const refusal = await saveProfileChange(
      { db, clock, issueReceipts },
      change({ decide: () => refused({ field: 'phone', code: 'missing', message: 'Enter a public phone number' }) }),
    )
    assert.equal(refusal.outcome, 'refused')
    assert.deepEqual(await recordsOf(db), services)
    await assert.rejects(saveProfileChange({ db, clock, issueReceipts }, change({ odsCode: 'ZZ999' })), NotFound)
  })
})

onBothDatabases((kind, open) => {
  test(`${kind}: new services are numbered from 2140000001 in order, past numbers that an import brought`, async () => {
    const db = await open()
    await db.transact((tx) =>
      saveServices(
        tx,
        [aService({ uid: 2_140_000_002, odsCode: 'FX999' }), aService({ uid: 2_147_483_647, odsCode: 'FX998' })],
        importing,
      ),
    )
    const create = async (odsCode: string) => {
      const { uid: _, ...service } = aService({ odsCode })
      const write = {
        before: undefined,
        profile: aProfile({ odsCode }),
        sections: UNCHECKED,
        newServices: [service, { ...service, typeId: 131 }],
      }
      const [made] = await db.transact((tx) => commitProfiles(tx, [write], { ...importing, onMeeting: 'take' }))
      return made?.services.map(({ uid }) => uid)
    }
    assert.deepEqual(await create('FX201'), [2_140_000_001, 2_140_000_003])
    assert.deepEqual(await create('FX202'), [2_140_000_004, 2_140_000_005])
  })
})
