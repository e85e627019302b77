import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile, aService, NINE_TO_FIVE, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { cancelClosure, closePharmacy, confirmClosed, expectReopening, reopenPharmacy } from './close-pharmacy.ts'
import { loadClosure, loadClosureEvents, loadOpenClosures } from './closure-records.ts'
import type { ToldClosure } from './decide-closure.ts'

const AMINA = 'person:amina@nhs.example'
const FRIDAY = '2026-12-11'
const OWN_MONDAY = [{ opens: 600, closes: 960 }]
const TEN_TO_FOUR = [{ opens: 600, closes: 960 }]

/** A pharmacy with its own service, one with other hours on this Friday, and one that is closed. It is 10:34 on a Friday. */
async function pharmacy(db: Db, profile: Partial<Profile> = {}) {
  const clock = fixedClock()
  const context = {
    actor: 'command:import',
    action: 'import',
    recordedAt: '2026-11-01T09:00:00.000Z',
    decides: false,
    onMeeting: 'keep',
  } as const
  const services = [
    aService(),
    aService({
      uid: 2_000_000_002,
      typeId: 132,
      odsCode: 'FX123PF1',
      hours: {
        ...aService().hours,
        weekly: [OWN_MONDAY, ...aService().hours.weekly.slice(1)],
        specified: { [FRIDAY]: TEN_TO_FOUR },
      },
    }),
    aService({ uid: 2_000_000_003, typeId: 131, odsCode: 'FX123UMS', status: 'CLOSED' }),
  ]
  await db.transact((tx) => saveServices(tx, services, context))
  await db.transact((tx) =>
    commitProfiles(tx, [{ before: undefined, profile: aProfile(profile), sections: UNCHECKED }], context),
  )
  const holidays = holidayCalendar([])
  return { deps: { db, clock, issueReceipts, holidays: () => holidays }, clock }
}

const now: ToldClosure = {
  id: 'c1',
  from: `${FRIDAY}T10:34`,
  until: null,
  services: null,
  reason: 'Power or IT failure',
  advice: 'Go to Boots',
}
const who = { filledInBy: 'Amina Khan', phone: '01632 960 111' }
const amina = (asked: { now(): Date }) => ({ actor: AMINA, via: 'profile-manager', askedAt: asked.now() }) as const

const servicesOf = async (db: Db) => {
  const services = await loadServicesOf(db.pool, 'FX123')
  return services.map(({ record }) => ({ hours: record.hours.specified[FRIDAY], closed: record.closures?.length ?? 0 }))
}
const codes = (result: { ok: boolean; problems?: readonly { code: string }[] }) =>
  result.problems?.map(({ code }) => code)

onBothDatabases((_kind, open) => {
  test('closing reaches every service that is alive, whatever hours are its own, and reopening brings each back', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    const closed = await closePharmacy(deps, 'FX123', { ...now, ...who }, amina(clock))
    assert.ok(closed.ok && closed.value.seq > 0 && closed.value.receipt)
    const until1034 = [{ opens: 540, closes: 634 }]
    assert.deepEqual(await servicesOf(db), [
      { hours: until1034, closed: 1 },
      { hours: [{ opens: 600, closes: 634 }], closed: 1 },
      { hours: undefined, closed: 0 },
    ])
    const open_ = await loadOpenClosures(db.pool, 'FX123')
    assert.deepEqual([open_[0]?.reason, open_[0]?.toldBy, open_[0]?.expectedAt], [now.reason, AMINA, null])

    clock.set('2026-12-11T12:00:00Z')
    const reopened = await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    assert.ok(reopened.ok && reopened.value.closure.end === 'reopened')
    assert.deepEqual(await servicesOf(db), [
      { hours: [...until1034, { opens: 720, closes: 1020 }], closed: 1 },
      {
        hours: [
          { opens: 600, closes: 634 },
          { opens: 720, closes: 960 },
        ],
        closed: 1,
      },
      { hours: undefined, closed: 0 },
    ])
    const events = await loadClosureEvents(db.pool, 'c1')
    assert.deepEqual(
      events.map(({ event }) => event),
      ['told', 'reopened'],
    )
  })

  test('told twice under one id it is one closure, and two people at once make one', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    const told = await Promise.all([1, 2].map(() => closePharmacy(deps, 'FX123', { ...now, ...who }, amina(clock))))
    assert.deepEqual(
      told.map(({ ok }) => ok),
      [true, true],
    )
    const other = await closePharmacy(deps, 'FX123', { ...now, id: 'c2', ...who }, amina(clock))
    assert.deepEqual(codes(other), ['overlap'])
    assert.equal((await loadOpenClosures(db.pool, 'FX123')).length, 1)
    assert.equal((await loadProfile(db.pool, 'FX123'))?.version, 2)
  })

  test('one service alone is closed, and only a service of the pharmacy can be', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    const some = { ...now, services: [2_000_000_002], ...who }
    assert.ok((await closePharmacy(deps, 'FX123', some, amina(clock))).ok)
    assert.deepEqual(
      (await servicesOf(db)).map(({ closed }) => closed),
      [0, 1, 0],
    )
    const strange = { ...now, id: 'c2', services: [2_000_000_003], ...who }
    assert.deepEqual(codes(await closePharmacy(deps, 'FX123', strange, amina(clock))), ['invalid'])
    assert.ok(
      (await closePharmacy(deps, 'FX123', { ...now, id: 'c3', ...who }, amina(clock))).ok,
      'the rest closes too',
    )
  })

  test('what was changed meanwhile holds after reopening', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    await closePharmacy(deps, 'FX123', { ...now, until: `${FRIDAY}T15:00`, ...who }, amina(clock))
    await db.transact(async (tx) => {
      const before = await loadProfile(tx, 'FX123')
      assert.ok(before)
      const changes = [
        {
          id: 'x',
          from: FRIDAY,
          to: FRIDAY,
          sessions: NINE_TO_FIVE.map(({ opens }) => ({ opens, closes: 1140 })),
          reason: 'Another reason',
          note: null,
        },
      ] as const
      await commitProfiles(tx, [{ before, profile: { ...before.profile, changes }, sections: before.sections }], {
        actor: AMINA,
        action: 'add-change',
        recordedAt: clock.now().toISOString(),
        decides: true,
        issueReceipts,
        onMeeting: 'take',
      })
    })
    clock.set('2026-12-11T12:00:00Z')
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    assert.deepEqual((await servicesOf(db))[0]?.hours, [
      { opens: 540, closes: 634 },
      { opens: 720, closes: 1140 },
    ])
  })

  test('what the table of states refuses leaves everything as it was', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    await closePharmacy(
      deps,
      'FX123',
      { ...now, from: '2026-12-14T09:00', until: '2026-12-16T12:00', ...who },
      amina(clock),
    )
    const by = { actor: AMINA }
    assert.deepEqual(codes(await reopenPharmacy(deps, 'FX123', 'c1', by)), ['wrong-state'])
    assert.deepEqual(codes(await confirmClosed(deps, 'FX123', 'c1', by)), ['wrong-state'])
    assert.ok((await expectReopening(deps, 'FX123', 'c1', { ...by, until: '2026-12-17T12:00' })).ok)
    assert.deepEqual(codes(await expectReopening(deps, 'FX123', 'c1', { ...by, until: '2026-12-13T12:00' })), ['order'])
    assert.ok((await cancelClosure(deps, 'FX123', 'c1', by)).ok)
    assert.deepEqual((await loadServicesOf(db.pool, 'FX123'))[0]?.record.hours.specified, {})
    assert.deepEqual(codes(await cancelClosure(deps, 'FX123', 'c1', by)), ['wrong-state'])
    assert.equal((await loadClosure(db.pool, 'c1'))?.end, 'cancelled')
    await assert.rejects(reopenPharmacy(deps, 'FX999', 'c1', by), /No pharmacy/)
  })

  test('a closure that is planned for later is not in the way of closing now, whenever that ends', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    const planned = { ...now, id: 'later', from: '2026-12-16T09:00', until: '2026-12-16T12:00', ...who }
    assert.ok((await closePharmacy(deps, 'FX123', planned, amina(clock))).ok)
    assert.ok((await closePharmacy(deps, 'FX123', { ...now, ...who }, amina(clock))).ok)
    const same = { ...now, id: 'c2', from: '2026-12-16T11:00', until: '2026-12-16T13:00', ...who }
    assert.deepEqual(codes(await closePharmacy(deps, 'FX123', same, amina(clock))), ['overlap'])
    clock.set('2026-12-12T10:00:00Z')
    const again = { ...now, id: 'c3', from: '2026-12-12T10:00', ...who }
    assert.deepEqual(codes(await closePharmacy(deps, 'FX123', again, amina(clock))), ['overlap'], 'it is still closed')
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    assert.deepEqual(
      (await loadOpenClosures(db.pool, 'FX123')).map(({ id }) => id),
      ['later'],
    )
  })

  test('whoever is closed may still say so when a planned closure begins over it', async () => {
    const db = await open()
    const { deps, clock } = await pharmacy(db)
    const planned = { ...now, id: 'later', from: '2026-12-16T09:00', until: '2026-12-18T12:00', ...who }
    assert.ok((await closePharmacy(deps, 'FX123', planned, amina(clock))).ok)
    assert.ok((await closePharmacy(deps, 'FX123', { ...now, ...who }, amina(clock))).ok)
    clock.set('2026-12-16T10:00:00Z')
    assert.ok((await confirmClosed(deps, 'FX123', 'c1', { actor: AMINA })).ok)
    const closures = (await loadProfile(db.pool, 'FX123'))?.profile.closures
    assert.equal(closures?.find(({ id }) => id === 'c1')?.writtenTo, '2026-12-29', 'it is written on')
  })
})
