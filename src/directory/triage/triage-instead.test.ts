import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { TriageQuestion } from '#src/rules/triage.ts'
import { openingTimes } from '#test/support/hours.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { createTriageIndex, type ResultRules } from './triage-index.ts'

const OPEN = { ...openingTimes({ openAllHours: true }) }
const FOR_ALL = {
  ...{ genders: ['F', 'M', 'I'], ages: [[0, 50_000]], sgsd: { 1011: [4003] }, dispositions: [1008], roles: [23] },
  ...{ restricted: false, referrals: [] },
}
/** Four pharmacies and three emergency departments in a row, a kilometre apart. */
const at = (uid: number, km: number, given: Partial<ServiceRecord> = {}, other: object = {}) =>
  toUrgentCare({
    ...{ uid, name: `Service ${uid}`, typeId: uid > 10 ? 105 : 13, odsCode: `FY${uid}`, hours: OPEN },
    ...{ easting: 400_000 + km * 1000, northing: 400_000, latitude: 53, longitude: -2 },
    ...given,
    other: { ...FOR_ALL, ...(uid > 10 ? { sgsd: {} } : {}), ...other },
  })
const SERVICES = [at(1, 1), at(2, 2), at(3, 3), at(4, 4), at(11, 1), at(12, 2), at(13, 3)]

const QUESTION: TriageQuestion = {
  origin: { easting: 400_000, northing: 400_000 },
  distanceKm: 60,
  symptomGroup: 1011,
  discriminators: [4003],
  discriminatorRule: 'all',
  disposition: null,
  gender: 'F',
  age: [8000, 8000],
  role: 23,
  surgery: null,
  at: { day: 20_000, minute: 600 },
  areas: null,
}
const NOBODY_CAN: TriageQuestion = { ...QUESTION, discriminators: [4999] }
const RULES: ResultRules = {
  rankOf: () => 1,
  limitOf: () => 2,
  catchAllTypes: [105],
  catchAllKm: 60,
  legacyCatchAll: false,
}

for (const { edited, question = QUESTION, expected, because } of [
  { edited: at(3, 3), expected: [1, 2], because: 'an edit that changes nothing changes no answer' },
  { edited: at(1, 1, {}, { genders: ['M'] }), expected: [2, 3], because: 'the third of its type moves up' },
  { edited: at(1, 1, { status: 'CLOSED' }), expected: [2, 3], because: 'it is not active any more' },
  { edited: at(4, 0.5), expected: [4, 1], because: 'it has come nearest, and the second is not shown any more' },
  { edited: at(1, 2.5), expected: [2, 1], because: 'it stands where its new place puts it, once' },
  { edited: at(1, 1, { typeId: 132 }), expected: [1, 2, 3], because: 'another type has room of its own' },
  { edited: at(5, 0.1), expected: [5, 1], because: 'a service that is not stored yet competes with those that are' },
  { edited: at(1, 1), question: NOBODY_CAN, expected: [11, 12], because: 'nobody matches: emergency departments' },
  {
    edited: at(11, 1, { status: 'CLOSED' }),
    question: NOBODY_CAN,
    expected: [12, 13],
    because: 'the third nearest department moves up',
  },
  { edited: at(13, 0.5), question: NOBODY_CAN, expected: [13, 11], because: 'a department that has come nearer' },
  {
    edited: at(4, 4, {}, { sgsd: { 1011: [4003, 4999] } }),
    question: NOBODY_CAN,
    expected: [4],
    because: 'one that matches now makes departments needless',
  },
] as const) {
  test(`with service ${edited.uid} as edited ${expected.join(', ')} are returned: ${because}`, () => {
    const live = createTriageIndex()
    for (const service of SERVICES) live.take(service)
    const before = live.explain(question, RULES)
    const overlaid = live.instead(edited)
    assert.deepEqual(
      overlaid.search(question, RULES).services.map(({ service }) => service.uid),
      expected,
    )
    const returned = overlaid.explain(question, RULES).filter(({ outcome }) => outcome === 'returned')
    assert.deepEqual(new Set(returned.map(({ service }) => service.uid)), new Set(expected))
    assert.deepEqual(live.explain(question, RULES), before, 'the index itself has not changed')
  })
}
