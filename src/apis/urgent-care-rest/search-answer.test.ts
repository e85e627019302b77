import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { type SearchAnswers, searchAnswers } from './search-answer.ts'

const NOW = new Date('2026-12-11T10:34:00Z')
const twenty = Array.from({ length: 20 }, (_, index) => ({
  service: toUrgentCare({ uid: index + 1, name: `Café ${index}` }),
  distanceMetres: 100 * index,
}))
const readAnswer = (answers: SearchAnswers, ...given: Parameters<SearchAnswers['write']>): string =>
  Buffer.from(answers.write(...given), 'latin1').toString()
const answersKeeping = (keptBytes: number, reference = buildTriageReference({})) =>
  searchAnswers({ reference: () => reference, onlyRecentCapacity: true, keptBytes })

test('what is kept and what is forgotten makes no difference to the answer', () => {
  const expected = readAnswer(answersKeeping(0), twenty, 'ID', NOW)
  assert.equal(JSON.parse(expected).success.services[19].name, 'Café 19')
  for (const keptBytes of [1, 2000, 5000, 10_000_000]) {
    const answers = answersKeeping(keptBytes)
    for (const found of [twenty, twenty.toReversed(), twenty]) answers.write(found, 'ID', NOW)
    assert.equal(readAnswer(answers, twenty, 'ID', NOW), expected)
  }
})

test('a service that changed and a type that got another name are written anew', () => {
  let reference = buildTriageReference({ types: [{ id: 13, name: 'Pharmacist' }] })
  const answers = searchAnswers({ reference: () => reference, onlyRecentCapacity: true })
  const write = (given: object) => {
    const found = [{ service: toUrgentCare({ uid: 1, ...given }), distanceMetres: 0 }]
    const [service] = JSON.parse(readAnswer(answers, found, 'ID', NOW)).success.services
    return [service.name, service.type.name]
  }
  assert.deepEqual(write({ seq: 1, name: 'One' }), ['One', 'Pharmacist'])
  assert.deepEqual(write({ seq: 1, name: 'kept by its number' }), ['One', 'Pharmacist'])
  assert.deepEqual(write({ seq: 2, name: 'Two' }), ['Two', 'Pharmacist'])
  reference = buildTriageReference({ types: [{ id: 13, name: 'Pharmacy' }] })
  assert.deepEqual(write({ seq: 2, name: 'Two' }), ['Two', 'Pharmacy'])
})

test('a night that reaches into a holiday is written for the days to come, today and tomorrow', () => {
  const night = [{ opens: 1320, closes: 1560 }]
  const hours = { weekly: Array(7).fill(night), bankHoliday: null, openAllHours: false, specified: {} }
  const found = [{ service: toUrgentCare({ uid: 1, hours }), distanceMetres: 0 }]
  const answers = answersKeeping(10_000_000)
  const firstDate = (now: string) =>
    JSON.parse(readAnswer(answers, found, 'ID', new Date(now))).success.services[0].openingTimes.specifiedDates[0]
  assert.equal(firstDate('2026-12-11T10:00:00Z').date, '26-12-2026')
  assert.equal(firstDate('2027-01-03T10:00:00Z').date, '27-03-2027')
})
