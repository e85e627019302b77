import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FoundSearch } from './find-searches.ts'
import { askedFacts, type CodeNames, durationWords, outcomeWords } from './search-words.ts'

const NAMES: CodeNames = {
  symptomGroupName: (group) => (group === 1011 ? 'Chest' : null),
  discriminatorName: (discriminator) => (discriminator === 4003 ? 'Pain' : null),
  dispositions: new Map([[1008, { id: 1008, name: 'Speak to a clinician', timeframe: 60 }]]),
  roles: new Map([[4, 'Health adviser']]),
  types: new Map(),
}
const factsOf = (parameters: object, api = 'soap', postcodeSector: string | null = null) =>
  askedFacts({ api, parameters, postcodeSector } as FoundSearch, NAMES).map(({ name, value }) => `${name}: ${value}`)

const asked: [parameters: object, words: readonly string[], because: string][] = [
  [{ age: '22', ageFormat: 'Years' }, ['Age: 22 years'], 'the unit belongs to the age'],
  [{ age: '1', ageFormat: 'AgeGroup' }, ['Age: Age group 1'], 'a group is no unit'],
  [{ age: null, ageFormat: 'Years' }, ['Age format: Years'], 'a unit alone is shown as it is'],
  [{ gender: 'I' }, ['Gender: Indeterminate'], 'letters as words'],
  [
    { role: 4, odd: 1, gender: 'F', age: '2' },
    ['Age: 2', 'Gender: Female', 'Referral role: 4 (Health adviser)', 'Odd: 1'],
    'in the order of a call, whatever the database made of it',
  ],
  [{ gender: 'x' }, ['Gender: x'], 'what was sent, when it is none of them'],
  [
    { symptomGroup: '1011', symptomDiscriminators: ['4003', '4004'] },
    ['Symptom group: 1011 (Chest)', 'Symptom discriminators: 4003 (Pain), 4004'],
    'names where they are known',
  ],
  [
    { disposition: '1008', role: 4 },
    ['Disposition: 1008 (Speak to a clinician)', 'Referral role: 4 (Health adviser)'],
    'names',
  ],
  [
    { searchDistance: '5', forceSearchDistance: false, surgery: null, distanceUsed: '60 National' },
    ['Distance asked for: 5 km', 'Distance used: 60 km (National)'],
    'SOAP asks in kilometres; what was not given is left out',
  ],
  [{ forceSearchDistance: true }, ['Distance overrides the stored one: Yes'], 'a flag'],
  [{ numberPerWard: '0', odd: { a: 1 } }, ['Number per ward: 0', 'Odd: {"a":1}'], 'others by their names'],
  [{ constructor: 'x', toString: 'y' }, ['Constructor: x', 'To string: y'], 'names that every object has'],
]
for (const [parameters, words, because] of asked) {
  test(`${JSON.stringify(parameters)} in words: ${because}`, () => assert.deepEqual(factsOf(parameters), words))
}
test('REST asks in miles', () =>
  assert.deepEqual(factsOf({ searchDistance: '5' }, 'rest', 'M33 7'), [
    'Postcode sector: M33 7',
    'Distance asked for: 5 miles',
  ]))

test('REST sends 0 for what it leaves out, and ages as groups', () => {
  const given = { age: '4', gender: '0', disposition: 'null', gpPracticeId: '0', serviceTypeIds: '13,14' }
  assert.deepEqual(factsOf({ ...given, numberPerType: '0' }, 'rest'), ['Age: Age group 4', 'Service types: 13,14'])
  assert.deepEqual(factsOf({ age: '0' }), ['Age: 0'])
})

const outcomes: [outcome: string, uids: number[], words: string][] = [
  ['ok', [1], '1 service'],
  ['ok', [], 'No services'],
  ['catch-all', [1, 2], 'Nothing matched: 2 services as a catch-all'],
  ['101', [], 'Fault 101'],
]
for (const [outcome, uids, words] of outcomes) {
  test(`${outcome} with ${uids.length} services reads "${words}"`, () =>
    assert.equal(outcomeWords({ outcome, uids }), words))
}
test('durations have the unit that fits', () =>
  assert.deepEqual([640, 12_345, 1_234_567].map(durationWords), ['0.64 ms', '12 ms', '1.2 s']))
