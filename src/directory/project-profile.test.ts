import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import {
  changedFields,
  decidedBy,
  overridesAfter,
  overridesThatKeep,
  type ProjectedFacts,
  projectProfile,
} from './project-profile.ts'
import type { ServiceRecord } from './service-record.ts'

const nineToFive: readonly Session[] = [{ opens: 540, closes: 1020 }]
const week = (hours: readonly Session[] | null) => [hours, hours, hours, hours, hours, [], []]

const place = {
  address: ['1 High Street', 'Exampleton'],
  postcode: 'M33 1AA',
  easting: 379000,
  northing: 391000,
  latitude: 53.42,
  longitude: -2.32,
}
const record: ServiceRecord = {
  uid: 2140000001,
  name: 'Pharmacy - Exampleton',
  publicName: null,
  typeId: 13,
  odsCode: 'FZ001',
  status: 'ACTIVE',
  ...place,
  phone: '01632 960001',
  web: null,
  nonPublicPhone: '01632 960002',
  email: null,
  publicInformation: null,
  referralInformation: 'Ring first',
  hours: { weekly: week(nineToFive), bankHoliday: [], openAllHours: false, specified: {} },
  other: { capacity: { status: 'GREEN' } },
}
const facts: ProjectedFacts = { phone: '01632 960009', place, weekly: week(nineToFive), specified: {}, holidays: [] }

test('a stated value replaces the service value, and an absent one leaves it', () => {
  const after = projectProfile(record, facts, {})
  assert.equal(after.phone, '01632 960009')
  assert.equal(after.nonPublicPhone, '01632 960002')
  assert.equal(after.referralInformation, 'Ring first')
})

test('a value stated as none clears the service value', () => {
  assert.equal(projectProfile(record, { ...facts, nonPublicPhone: null }, {}).nonPublicPhone, null)
})

test('a day that the pharmacy has not stated leaves the hours of the service', () => {
  assert.deepEqual(projectProfile(record, { ...facts, weekly: week(null) }, {}).hours.weekly[0], nineToFive)
})

test('bank holidays of a projected service are asked for one by one', () => {
  assert.equal(projectProfile(record, facts, {}).hours.bankHoliday, null)
})

test('a pharmacy without a known point leaves a service of the same postcode where it is', () => {
  const nowhere = { ...place, easting: null, northing: null, latitude: null, longitude: null }
  assert.equal(projectProfile(record, { ...facts, place: nowhere }, {}).latitude, 53.42)
  assert.equal(projectProfile(record, { ...facts, place: { ...nowhere, postcode: 'M33 2BB' } }, {}).latitude, null)
})

test('changed fields carry the names of the interchange format', () => {
  const after = projectProfile(record, { ...facts, specified: { '2026-12-25': [] } }, {})
  assert.deepEqual(
    changedFields(record, after).map(({ field }) => field),
    ['phone', 'bankHoliday', 'specified'],
  )
})

const christmas: LocalDate = '2026-12-25'
const closedAtChristmas: ProjectedFacts = { ...facts, specified: { [christmas]: [] } }

test('a date that the pharmacy decides reaches a service that had hours of its own on it', () => {
  const own = { specified: { [christmas]: nineToFive } }
  const before = projectProfile(record, facts, own)
  assert.deepEqual(before.hours.specified[christmas], nineToFive)
  const decided = decidedBy(facts, closedAtChristmas)
  for (const keepAsItIs of [false, true]) {
    const after = projectProfile(before, closedAtChristmas, overridesAfter(before, own, decided, keepAsItIs))
    assert.deepEqual(after.hours.specified[christmas], [], `a closure reaches every service (keep: ${keepAsItIs})`)
  }
})

test('answering one bank holiday ends the rule that a service had for all of them; another date does not', () => {
  const own = { bankHoliday: nineToFive }
  const answered = { ...closedAtChristmas, holidays: [christmas] }
  assert.deepEqual(overridesAfter(record, own, decidedBy(facts, answered), false), {})
  assert.deepEqual(overridesAfter(record, own, decidedBy(facts, closedAtChristmas), false), own)
})

test('a service that an editor leaves as it is keeps its weekday, and only the weekday that was changed', () => {
  const later = [{ opens: 600, closes: 960 }]
  const own = { weekly: { '0': later, '1': later } }
  const changed = { ...facts, weekly: [[{ opens: 480, closes: 1080 }], ...facts.weekly.slice(1)] }
  const decided = decidedBy(facts, changed)
  assert.deepEqual(decided.days, [0])
  assert.deepEqual(overridesAfter(projectProfile(record, facts, own), own, decided, true), own)
  assert.deepEqual(overridesAfter(projectProfile(record, facts, own), own, decided, false), { weekly: { '1': later } })
})

test('a round-the-clock service follows the week once the pharmacy decides a weekday', () => {
  const changed = { ...facts, weekly: week([{ opens: 480, closes: 1080 }]) }
  const after = overridesAfter(record, { openAllHours: true }, decidedBy(facts, changed), false)
  assert.deepEqual(after, {})
})

const session = fc
  .tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: 15, max: 600 }))
  .map(([opens, length]) => ({ opens, closes: opens + length }))
const day = fc.oneof(fc.constant<Session[]>([]), fc.array(session, { minLength: 1, maxLength: 1 }))
const weekly = fc.array(day, { minLength: 7, maxLength: 7 })
const someDates = ['2026-12-25', '2026-12-26', '2027-01-01', '2027-03-28'] as const
const dates = fc
  .array(fc.tuple(fc.constantFrom(...someDates), day))
  .map((entries): Record<LocalDate, readonly Session[]> => Object.fromEntries(entries))
const phone = fc.constantFrom('01632 960001', '01632 960002', null)
const records = fc
  .record({ weekly, specified: dates, bankHoliday: fc.option(day), openAllHours: fc.boolean(), phone })
  .map(({ phone, ...hours }): ServiceRecord => ({ ...record, phone, hours }))
const stated = fc
  .record({
    phone: fc.option(phone, { nil: undefined }),
    weekly: fc.array(fc.option(day), { minLength: 7, maxLength: 7 }),
    specified: dates,
    holidays: fc.constant<LocalDate[]>([]),
    place: fc.constantFrom(place, { ...place, postcode: 'M33 9ZZ' }),
  })
  .map(({ phone, ...facts }): ProjectedFacts => (phone === undefined ? facts : { ...facts, phone }))

test('meeting a profile under the overrides that keep changes nothing, whatever both say', () => {
  fc.assert(
    fc.property(records, stated, (service, facts) => {
      assert.deepEqual(projectProfile(service, facts, overridesThatKeep(service, facts)), service)
    }),
  )
})

test('projecting twice is projecting once', () => {
  fc.assert(
    fc.property(records, stated, (service, facts) => {
      const once = projectProfile(service, facts, {})
      assert.deepEqual(projectProfile(once, facts, {}), once)
    }),
  )
})

test('after a decision without exceptions nothing that was decided is the own value of a service', () => {
  fc.assert(
    fc.property(records, stated, stated, (service, before, after) => {
      const own = overridesThatKeep(service, before)
      const left = overridesAfter(service, own, decidedBy(before, after), false)
      const projected = projectProfile(service, after, left)
      for (const date of decidedBy(before, after).dates) {
        assert.deepEqual(projected.hours.specified[date], after.specified[date])
      }
    }),
  )
})

test('hours that a closure cut are no hours of the service’s own', () => {
  const closures = [
    { from: '2026-12-24T12:00', until: null, writtenTo: '2026-12-25', statutory: ['2026-12-25'], ended: false },
  ] as const
  const closed = projectProfile(record, { ...facts, closures }, {})
  assert.deepEqual(overridesThatKeep(closed, { ...facts, closures }), {})
  const { closures: _, ...reopened } = closed
  assert.equal(reopened.hours.specified['2026-12-25']?.length, 0)
  assert.deepEqual(projectProfile(closed, facts, {}).hours.specified, facts.specified, 'nothing is left of it')
})
