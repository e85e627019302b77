/** Setting capacity, reading it at any moment, its history, and who may. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#src/accounts/actor.ts'
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { closePharmacy, reopenPharmacy } from '#src/closures/close-pharmacy.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { type FixedClock, fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { loadCapacities, loadCapacityHistory, noteLapses } from './capacity-records.ts'
import { type ServiceCapacity, setCapacity } from './set-capacity.ts'
import { maySet, settableServices } from './who-may-set.ts'

const AMINA = 'person:amina@nhs.example'
const BY = { actor: AMINA, via: 'page' } as const
const UID = 2_000_000_001
const NOW = '2026-12-11T10:34:20.000Z'

/** A pharmacy with one service, and services that hang below it and below each other. */
async function directory(db: Db, below: readonly Partial<ServiceRecord>[] = []) {
  const clock = fixedClock(NOW)
  await storePharmacy(db, aProfile(), [
    aService(),
    ...below.map((given, index) =>
      aService({ uid: 3_000_000_000 + index, odsCode: null, typeId: 46, name: `Below ${index}`, ...given }),
    ),
  ])
  const now = async (uid = UID) => {
    const found = (await loadCapacities(db.pool, [uid], clock.now())).get(uid)
    assert.ok(found)
    return found
  }
  const set = (status: string, given: Partial<ServiceCapacity> = {}) =>
    setCapacity({ db, clock }, [{ uid: UID, status, ...given }], BY)
  return { db, clock, now, set }
}

const recordOf = async (db: Db, uid = UID) => {
  const row = await db.pool
    .selectFrom('service')
    .select(['record', 'capacity_set_at'])
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow()
  return { capacity: (row.record as ServiceRecord).other['capacity'], setAt: row.capacity_set_at }
}

const closing = (db: Db, clock: FixedClock) => {
  const holidays = holidayCalendar([])
  return { db, clock, issueReceipts, holidays: () => holidays }
}

onBothDatabases((_kind, open) => {
  test('what is set is read by everybody, and is Green for everybody when its time is over', async () => {
    const { db, clock, now, set } = await directory(await open())
    const person = { email: 'amina@nhs.example', name: 'Amina Khan', created_at: NOW }
    await db.pool.insertInto('person').values(person).execute()
    assert.equal((await now()).because, 'never')
    const saved = await set('red', { resetInMinutes: 15, note: ' Two staff ill ' })
    assert.ok(saved.ok && saved.value.seq > 0)
    assert.deepEqual(await recordOf(db), { capacity: { status: 'RED', resetAt: '2026-12-11T10:50' }, setAt: NOW })
    const resetAt = '2026-12-11T10:49:20.000Z'
    const { status, because, note, setBy, ...rest } = await now()
    assert.deepEqual([status, because, note, setBy], ['RED', 'setting', 'Two staff ill', AMINA])
    assert.deepEqual([rest.resetAt, rest.setAt, rest.closedUntil], [resetAt, NOW, null])
    assert.equal(rest.setByName, 'Amina Khan')
    assert.equal((await loadCapacityHistory(db.pool, UID, 1))[0]?.setByName, 'Amina Khan')

    clock.set('2026-12-11T10:49:19.999Z')
    assert.equal((await now()).status, 'RED')
    clock.set(resetAt)
    const over = await now()
    assert.deepEqual([over.status, over.because, over.resetAt, over.lapsedAt], ['GREEN', 'lapsed', null, resetAt])

    assert.equal(await noteLapses(db.pool, clock.now()), 1)
    assert.equal(await noteLapses(db.pool, clock.now()), 0)
    assert.deepEqual(await now(), over, 'a sweep changes nobody’s answer')
  })

  test('Green has no end, the default is four hours, and saying the same again counts as said now', async () => {
    const { db, clock, now, set } = await directory(await open())
    await set('AMBER')
    assert.equal((await now()).resetAt, '2026-12-11T14:34:20.000Z')
    await set('Green', { resetInMinutes: 60 })
    assert.deepEqual((await recordOf(db)).capacity, { status: 'GREEN' })
    clock.set('2026-12-13T09:00:00Z')
    await set('GREEN')
    assert.deepEqual([(await now()).setAt, (await recordOf(db)).setAt], Array(2).fill('2026-12-13T09:00:00.000Z'))
    const history = await loadCapacityHistory(db.pool, UID, 10)
    assert.deepEqual(
      history.map(({ status, replacedAt }) => [status, replacedAt !== null]),
      [
        ['GREEN', false],
        ['GREEN', true],
        ['AMBER', true],
      ],
    )
    assert.equal(
      await noteLapses(db.pool, new Date('2027-01-01T00:00:00Z')),
      0,
      'an Amber that was replaced never lapsed',
    )
  })

  test('a closure is Red until it is over, whatever is set; then what was set holds', async () => {
    const { db, clock, now, set } = await directory(await open())
    await set('AMBER', { resetInMinutes: 600 })
    const told = {
      ...{ id: 'c1', from: '2026-12-11T10:34', until: '2026-12-11T12:00', services: null },
      ...{ reason: 'Power or IT failure', advice: null, filledInBy: null, phone: null },
    }
    const deps = closing(db, clock)
    const by = { actor: 'person:ben@nhs.example', via: 'profile-manager', askedAt: clock.now() } as const
    assert.ok((await closePharmacy(deps, 'FX123', told, by)).ok)
    const shut = await now()
    assert.deepEqual([shut.status, shut.because, shut.setBy], ['RED', 'closure', 'person:ben@nhs.example'])
    assert.deepEqual([shut.resetAt, shut.closedUntil], Array(2).fill('2026-12-11T12:00:00.000Z'))
    assert.ok((await set('GREEN')).ok)
    assert.equal((await now()).status, 'RED')
    clock.set('2026-12-11T11:00:00Z')
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    assert.deepEqual([(await now()).status, (await now()).because], ['GREEN', 'setting'])
  })

  test('an import after the last setting is what holds', async () => {
    const { db, clock, now, set } = await directory(await open())
    await set('RED', { resetInMinutes: 7200, note: 'Full' })
    clock.set('2026-12-11T11:00:00Z')
    const capacity = { status: 'AMBER', resetAt: '2026-12-11T12:00' }
    const context = { actor: 'command:import', action: 'import', recordedAt: clock.now().toISOString() }
    await db.transact((tx) => saveServices(tx, [aService({ other: { capacity } })], context))
    const { status, setBy, note, setAt, resetAt } = await now()
    assert.deepEqual([status, setBy, note], ['AMBER', null, null])
    assert.deepEqual([setAt, resetAt], ['2026-12-11T11:00:00.000Z', '2026-12-11T12:00:00.000Z'])
  })

  test('many are set together or none is', async () => {
    const { db, clock, now } = await directory(await open(), [{}, { status: 'CLOSED' }])
    const cases: readonly (readonly [uids: readonly number[], field: string, code: string])[] = [
      [[UID, 9], '9', 'unknown'],
      [[UID, 3_000_000_001], '3000000001', 'inactive'],
      [[UID, UID], String(UID), 'twice'],
    ]
    for (const [uids, field, code] of cases) {
      const refused = await setCapacity(
        { db, clock },
        uids.map((uid) => ({ uid, status: 'RED' })),
        BY,
      )
      assert.ok(!refused.ok)
      assert.deepEqual([refused.problems[0]?.field, refused.problems[0]?.code], [field, code])
    }
    assert.equal((await now()).because, 'never')
    const saved = await setCapacity(
      { db, clock },
      [3_000_000_000, UID].map((uid) => ({ uid, status: 'RED' })),
      BY,
    )
    assert.ok(saved.ok)
    assert.deepEqual(
      saved.value.settings.map(({ uid }) => uid),
      [3_000_000_000, UID],
    )
    assert.deepEqual([(await now()).status, (await now(3_000_000_000)).status], ['RED', 'RED'])
  })

  test('two who set the same services in another order, while the pharmacy closes, all get their turn', async () => {
    const { db, clock } = await directory(await open(), [{ odsCode: 'FX123A' }, { odsCode: 'FX123B' }])
    const uids = [UID, 3_000_000_000, 3_000_000_001]
    const told = {
      ...{ id: 'c1', from: '2026-12-11T10:34', until: null, services: null },
      ...{ reason: 'Power or IT failure', advice: null, filledInBy: null, phone: null },
    }
    const by = { actor: AMINA, via: 'profile-manager', askedAt: clock.now() } as const
    const all = await Promise.all([
      ...[uids, uids.toReversed(), uids, uids.toReversed()].map((order) =>
        setCapacity(
          { db, clock },
          order.map((uid) => ({ uid, status: 'AMBER' })),
          BY,
        ),
      ),
      closePharmacy(closing(db, clock), 'FX123', told, by),
    ])
    assert.ok(all.every(({ ok }) => ok))
    assert.equal((await loadCapacityHistory(db.pool, UID, 10)).length, 4)
  })

  test('rights reach down from a pharmacy or a named service, never up or across', async () => {
    const { db } = await directory(await open(), [
      { other: { parentUid: UID } },
      { other: { parentUid: 3_000_000_000 } },
      { other: { parentUid: 3_000_000_003 } },
      { other: { parentUid: 3_000_000_002 }, odsCode: 'L01329' },
      { other: { parentUid: null } },
      { other: { parentUid: 'none' } },
    ])
    const all = [UID, ...[0, 1, 2, 3, 4, 5].map((index) => 3_000_000_000 + index)]
    const person = (role: string, scope: string) =>
      ({ personId: 1, email: 'a@nhs.example', name: 'A', grants: [{ role, scope }] }) as Actor
    const account = (services: readonly number[], permissions = ['editCapacity']): ApiAccount => ({
      ...{ username: 'ccs', api: 'capacity', role: null, perMinute: 0, services, permissions },
    })
    const cases: readonly (readonly [because: string, setter: Actor | ApiAccount, expected: readonly number[]])[] = [
      ['an owner: the pharmacy and what is below it', person('owner', 'ods:FX123'), all.slice(0, 3)],
      ['of another pharmacy: nothing', person('owner', 'ods:FX999'), []],
      ['a viewer sets nothing', person('viewer', 'ods:FX123'), []],
      ['a locum closes and sets nothing', person('closure-only', 'ods:FX123'), []],
      ['the service desk sets everything', person('desk', ''), all],
      ['a program: what is named and below', account([3_000_000_000]), all.slice(1, 3)],
      ['two that are each other’s parents end the walk', account([3_000_000_002]), all.slice(3, 5)],
      ['without the permission nothing', account([UID], ['webService']), []],
      ['without services nothing', account([]), []],
    ]
    for (const [because, setter, expected] of cases) {
      assert.deepEqual([...(await maySet(db.pool, setter, all))].sort(), expected, because)
      const { services, total } = await settableServices(db.pool, setter)
      assert.deepEqual([services.map(({ uid }) => uid).sort(), total], [expected, expected.length], because)
    }
    const found = await settableServices(db.pool, person('desk', ''), { text: 'below 1' })
    assert.deepEqual(
      found.services.map(({ uid }) => uid),
      [3_000_000_001],
    )
  })
})
