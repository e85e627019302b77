/** The index against an obvious reference: sort everything by rounded metres and uid, take the first few. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HolidayCalendar, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes, isOpenAt } from '#src/rules/compiled-hours.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import { dayOf } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { storeServices } from '#test/support/stored-services.ts'
import { databaseDigest, indexMatchesDatabase } from './compare-with-database.ts'
import { createServiceIndex, type Question, type ServiceIndex } from './service-index.ts'
import type { ServiceRecord } from './service-record.ts'

const holidays = holidayCalendar([])
const SEED = 20_261_211
const TYPES = [13, 134, 131, 132, 100, 40]
const STATUSES = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'CLOSED', 'SUSPENDED'] as const

/** A small generator of numbers in [0, 1) that gives the same ones every time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const random = seeded(SEED)
const below = (count: number): number => Math.floor(random() * count)
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T

/** Few different places, close together, so that ties and shared points are common. */
const places: Position[] = Array.from({ length: 60 }, () => ({
  latitude: Number((53.4 + random() * 0.02).toFixed(4)),
  longitude: Number((-2.3 + random() * 0.02).toFixed(4)),
}))
const farPlaces: Position[] = [
  { latitude: 50.1, longitude: -5.5 },
  { latitude: 55.6, longitude: -1.7 },
]

const sessions = (): readonly Session[] =>
  pick<readonly Session[]>([
    [],
    [{ opens: 540, closes: 1080 }],
    [
      { opens: 540, closes: 780 },
      { opens: 840, closes: 1050 },
    ],
    [{ opens: 0, closes: 1440 }],
    [{ opens: 1320, closes: 1560 }],
    [{ opens: 1410, closes: 2100 }],
  ])

const hours = (): OpeningTimes => ({
  weekly: Array.from({ length: 7 }, () => (random() < 0.1 ? null : sessions())),
  bankHoliday: random() < 0.4 ? null : sessions(),
  openAllHours: random() < 0.05,
  specified: random() < 0.5 ? {} : { '2026-12-24': sessions(), '2026-12-25': sessions(), '2026-12-12': sessions() },
})

function record(uid: number): ServiceRecord {
  const place = random() < 0.05 ? null : random() < 0.9 ? pick(places) : pick(farPlaces)
  return {
    uid,
    name: `Service ${uid}`,
    publicName: null,
    typeId: pick(TYPES),
    odsCode: random() < 0.1 ? null : `FZ${100 + below(40)}${pick(['', 'UMS', 'A'])}`,
    status: pick(STATUSES),
    address: [`${uid} High Street`, 'Sale'],
    postcode: 'M33 7AB',
    easting: null,
    northing: null,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
    phone: null,
    web: null,
    nonPublicPhone: '0161 496 0999',
    email: 'private@example.nhs.uk',
    publicInformation: null,
    referralInformation: 'private words',
    hours: hours(),
    other: { capacity: { status: 'GREEN' } },
  }
}

function question(): Question {
  const from = random() < 0.5 ? pick(places) : { latitude: 53.4 + random() * 0.02, longitude: -2.3 + random() * 0.02 }
  const day = dayOf(
    pick(['2026-12-11', '2026-12-12', '2026-12-13', '2026-12-24', '2026-12-25', '2026-12-28', '2027-03-28']),
  )
  return {
    ...from,
    typeIds: pick([undefined, [13], [13, 134], [131, 131], [999], [40, 13, 100]]),
    at: { day, minute: below(1440) },
    onlyOpen: random() < 0.6,
    limit: pick([1, 2, 3, 5, 10, 50]),
  }
}

/** The obvious way. */
function slowNearest(records: readonly ServiceRecord[], asked: Question, calendar: HolidayCalendar) {
  return records
    .filter(({ status, latitude }) => status === 'ACTIVE' && latitude !== null)
    .filter(({ typeId }) => !asked.typeIds || asked.typeIds.includes(typeId))
    .filter((one) => !asked.onlyOpen || isOpenAt(compileOpeningTimes(one.hours, calendar), asked.at) === true)
    .map((one) => ({ uid: one.uid, metres: distanceMetres(asked, one as Position) }))
    .sort((a, b) => a.metres - b.metres || a.uid - b.uid)
    .slice(0, asked.limit)
}

function assertAgrees(index: ServiceIndex, records: readonly ServiceRecord[], rounds: number) {
  for (let round = 0; round < rounds; round++) {
    const asked = question()
    const found = index.nearest(asked).map(({ service, distanceMetres: metres }) => ({ uid: service.uid, metres }))
    assert.deepEqual(found, slowNearest(records, asked, holidays), `seed ${SEED}, ${JSON.stringify(asked)}`)
  }
}

onBothDatabases((kind, open) => {
  test('finds what sorting everything finds, from the base, the overlay and the merged base', async (t) => {
    const db = await open()
    const records = new Map<number, ServiceRecord>()
    const store = async (uids: readonly number[]) => {
      const made = uids.map(record)
      for (const one of made) records.set(one.uid, one)
      return storeServices(db, made)
    }
    await store(Array.from({ length: 500 }, (_, uid) => 1000 + uid))
    const index = createServiceIndex(holidays, { mergeAbove: 150 })
    await index.load(db.pool)
    assertAgrees(index, [...records.values()], 700)

    for (let round = 0; round < 10; round++) {
      // Changed in every way at once: hours, place, type, status, pharmacy; some new.
      const before = index.seq
      const after = await store(Array.from({ length: 25 }, () => 1000 + below(560)))
      await index.refresh(db.pool, before, after)
      assert.equal(index.seq, after)
      assertAgrees(index, [...records.values()], 150)
      if (round % 4 === 3) await index.merged()
    }
    await index.merged()
    assertAgrees(index, [...records.values()], 700)
    assert.equal(index.size, records.size)
    for (const odsCode of ['FZ100', 'FZ117', 'FZ139']) {
      const expected = [...records.values()].filter((one) => one.odsCode?.startsWith(odsCode)).map(({ uid }) => uid)
      assert.deepEqual(
        index.byPharmacy(odsCode).map(({ uid }) => uid),
        expected.sort((a, b) => a - b),
      )
    }
    assert.deepEqual(await index.digest(), await databaseDigest(db.pool))
    t.diagnostic(`${kind}: ${records.size} services`)
  })

  test('changes that arrive while a new base grows are not lost', async () => {
    const db = await open()
    const records = new Map<number, ServiceRecord>()
    const store = async (uids: readonly number[]) => {
      const made = uids.map(record)
      for (const one of made) records.set(one.uid, one)
      return storeServices(db, made)
    }
    const index = createServiceIndex(holidays, { mergeAbove: 10 })
    await index.load(db.pool)
    for (let round = 0; round < 30; round++) {
      const before = index.seq
      const after = await store(Array.from({ length: 20 }, () => 1 + below(200)))
      await index.refresh(db.pool, before, after)
      assertAgrees(index, [...records.values()], 20)
    }
    await index.merged()
    assertAgrees(index, [...records.values()], 300)
    assert.deepEqual(await index.digest(), await databaseDigest(db.pool))
  })

  test('a service that begins to open at night is found at night, also when that comes while a new base grows', async () => {
    const db = await open()
    const never = Array.from({ length: 7 }, () => [])
    const always = Array.from({ length: 7 }, () => [{ opens: 0, closes: 1440 }])
    const times = (weekly: OpeningTimes['weekly']) => ({ weekly, bankHoliday: [], openAllHours: false, specified: {} })
    // In a row, and a type each, so that the base grows in more steps than the next change takes to arrive.
    const inRow = (uid: number, weekly: OpeningTimes['weekly']): ServiceRecord => ({
      ...record(uid),
      status: 'ACTIVE',
      latitude: 53.4 + uid / 10_000,
      longitude: -2.3,
      typeId: uid,
      hours: times(weekly),
    })
    const night = { day: dayOf('2026-12-08'), minute: 180 }
    const asked = { latitude: 53.4, longitude: -2.3, at: night, onlyOpen: true, limit: 9 }
    const opens = async (uid: number) => {
      const before = index.seq
      const after = await storeServices(db, [inRow(uid, always)])
      await index.refresh(db.pool, before, after)
    }
    const found = () => index.nearest(asked).map(({ service }) => service.uid)

    const index = createServiceIndex(holidays, { mergeAbove: 1000 })
    const closed = Array.from({ length: 1500 }, (_, uid) => inRow(uid, never))
    await index.refresh(db.pool, 0, await storeServices(db, closed))
    assert.deepEqual(found(), [])
    await opens(7)
    await opens(2000)
    assert.deepEqual(found(), [7, 2000], 'from the overlay')
    await index.merged()
    assert.deepEqual(found(), [7, 2000], 'from the base that was growing, and what came after it began')
    await opens(1200)
    assert.deepEqual(found(), [7, 1200, 2000], 'from the base')
    assert.deepEqual(index.nearest({ ...asked, typeIds: [1200] }).length, 1, 'from the base of its type')
  })

  test('neither the poles nor the date line are edges', async () => {
    const db = await open()
    const anywhere = (): Position => ({ latitude: 180 * random() - 90, longitude: 360 * random() - 180 })
    const edges: Position[] = [
      { latitude: 90, longitude: 0 },
      { latitude: -90, longitude: 77 },
      { latitude: 10, longitude: 180 },
      { latitude: 10, longitude: -180 },
      { latitude: 0, longitude: 0 },
    ]
    const made = Array.from({ length: 400 }, (_, uid) => ({ ...record(uid), ...(edges[uid] ?? anywhere()) }))
    await storeServices(db, made)
    const index = createServiceIndex(holidays)
    await index.load(db.pool)
    for (let round = 0; round < 300; round++) {
      const asked = { ...question(), ...(edges[round] ?? anywhere()) }
      const found = index.nearest(asked).map(({ service, distanceMetres: metres }) => ({ uid: service.uid, metres }))
      assert.deepEqual(found, slowNearest(made, asked, holidays), `seed ${SEED}, ${JSON.stringify(asked)}`)
    }
  })

  test('the check says so when the index lacks a change or the table was edited behind its back', async () => {
    const db = await open()
    await storeServices(db, [record(1), record(2), record(3)])
    const index = createServiceIndex(holidays)
    await index.load(db.pool)
    assert.equal((await indexMatchesDatabase(db.pool, () => index.digest())).matches, true)
    const stale = await index.digest()
    await storeServices(db, [{ ...record(2), name: 'Another name' }])
    assert.notDeepEqual(await databaseDigest(db.pool), stale)
    await index.refresh(db.pool, 0, 0)
    await db.pool
      .updateTable('service')
      .set({ record: JSON.stringify(record(3)) })
      .where('uid', '=', 3)
      .execute()
    assert.notEqual((await databaseDigest(db.pool)).sha256, (await index.digest()).sha256)
  })

  test('a bank holiday that is announced later counts from the next search on', async () => {
    const db = await open()
    const open9to5 = Array.from({ length: 7 }, () => [{ opens: 540, closes: 1020 }])
    const base = { ...record(1), status: 'ACTIVE' as const, typeId: 13, latitude: 53.4, longitude: -2.3 }
    await storeServices(db, [
      { ...base, hours: { weekly: open9to5, bankHoliday: null, openAllHours: false, specified: {} } },
      { ...base, uid: 2, hours: { weekly: open9to5, bankHoliday: [], openAllHours: false, specified: {} } },
    ])
    let calendar = holidayCalendar([])
    const current: HolidayCalendar = {
      isBankHoliday: (day) => calendar.isBankHoliday(day),
      isStatutory: (day) => calendar.isStatutory(day),
      titleOf: (day) => calendar.titleOf(day),
      statutoryDays: (from, to) => calendar.statutoryDays(from, to),
    }
    const index = createServiceIndex(current)
    await index.load(db.pool)
    const asked = {
      latitude: 53.4,
      longitude: -2.3,
      at: { day: dayOf('2027-06-07'), minute: 600 },
      onlyOpen: true,
      limit: 9,
    }
    assert.deepEqual(
      index.nearest(asked).map(({ service }) => service.uid),
      [1, 2],
    )
    calendar = holidayCalendar([{ date: '2027-06-07', title: 'A royal wedding' }])
    assert.deepEqual(index.nearest(asked), [])
  })
})
