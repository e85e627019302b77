/** Which reference files are refused, whole and with one clear line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFile } from '#test/support/input-files.ts'
import { InputRefused } from './input-file.ts'
import { mergedCatalogue, type Reference, readReference } from './reference-file.ts'

const TYPES = [{ id: 13, name: 'Pharmacy' }]
const AREA = 'an area must be a list of postcodes, or an object with a kind (la, icb, local) and postcodes'
const DISTANCE = 'a distance must be more than 0 and at most 99 km, with one decimal at most'
const RANK = 'a rank must be a whole number from 1 to 10'

const wrong: readonly (readonly [given: unknown, fault: string])[] = [
  [[], 'its outermost value: Invalid input: expected object, received array'],
  [
    {},
    'it has none of types, pairs, symptomGroups, discriminators, dispositions, roles, areas, rankings, searchDistances, catchAllTypes, catchAllKm, bankHolidays',
  ],
  [
    { note: 'hello' },
    'it has none of types, pairs, symptomGroups, discriminators, dispositions, roles, areas, rankings, searchDistances, catchAllTypes, catchAllKm, bankHolidays',
  ],
  [{ types: [] }, 'types: Too small: expected array to have >=1 items'],
  [{ types: [{ id: '13', name: 'Pharmacy' }] }, 'types.0.id: Invalid input: expected number, received string'],
  [{ types: [...TYPES, ...TYPES] }, 'types: an id occurs twice'],
  [{ types: [{ id: 13, name: 'Pharmacy', rank: 0 }] }, `types.0.rank: ${RANK}`],
  [{ types: [{ id: 13, name: 'Pharmacy', rank: 11 }] }, `types.0.rank: ${RANK}`],
  [{ types: [{ id: 13, name: 'Pharmacy', rank: 1.5 }] }, `types.0.rank: ${RANK}`],
  [{ types: [{ id: 13, name: 'Pharmacy', limit: 0 }] }, 'types.0.limit: Too small: expected number to be >=1'],
  [{ pairs: { SG1: [1] } }, 'pairs.SG1: a number must stand here'],
  [{ pairs: { '1': ['4003'] } }, 'pairs.1.0: Invalid input: expected number, received string'],
  [{ dispositions: [{ id: 1002 }] }, 'dispositions.0.timeframe: Invalid input: expected number, received undefined'],
  [{ dispositions: [{ id: 1002, timeframe: -1 }] }, 'dispositions.0.timeframe: Too small: expected number to be >=0'],
  [{ roles: ['23'] }, 'roles.0: a role must be a number, or an object with a number as its id'],
  [{ areas: { QOP: 'ZZ1' } }, `areas.QOP: ${AREA}`],
  [{ areas: { QOP: { kind: 'region', postcodes: [] } } }, `areas.QOP: ${AREA}`],
  [{ areas: { QOP: { postcodes: ['ZZ1'] } } }, `areas.QOP: ${AREA}`],
  [{ areas: { QOP: ['ZZ1', 'Leeds'] } }, 'areas.QOP.1: “Leeds” is not a postcode, a sector or a district'],
  [
    { areas: { QOP: { kind: 'icb', postcodes: ['M'] } } },
    'areas.QOP.postcodes.0: “M” is not a postcode, a sector or a district',
  ],
  [{ areas: { ' ': ['ZZ1'] } }, 'areas. : the code of an area is empty'],
  [{ rankings: { QOP: { thirteen: 1 } } }, 'rankings.QOP.thirteen: a number must stand here'],
  [{ rankings: { QOP: { '13': 11 } } }, `rankings.QOP.13: ${RANK}`],
  [{ rankings: { QOP: { '13': '1' } } }, `rankings.QOP.13: ${RANK}`],
  [{ searchDistances: { Leeds: 5 } }, 'searchDistances.Leeds: “Leeds” is not a postcode, a sector or a district'],
  [{ searchDistances: { ZZ1: 0 } }, `searchDistances.ZZ1: ${DISTANCE}`],
  [{ searchDistances: { ZZ1: 99.1 } }, `searchDistances.ZZ1: ${DISTANCE}`],
  [{ searchDistances: { ZZ1: 2.55 } }, `searchDistances.ZZ1: ${DISTANCE}`],
  [{ searchDistances: { ZZ1: '5' } }, `searchDistances.ZZ1: ${DISTANCE}`],
  [{ catchAllTypes: 40 }, 'catchAllTypes: Invalid input: expected array, received number'],
  [{ catchAllKm: 0 }, 'catchAllKm: Too small: expected number to be >0'],
]
for (const [given, fault] of wrong) {
  test(`refuses ${JSON.stringify(given).slice(0, 80)}`, async () => {
    const path = inputFile('reference.json', JSON.stringify(given))
    await assert.rejects(readReference(path), (error: Error) => {
      assert.ok(error instanceof InputRefused)
      assert.equal(error.message, `reference.json is not a reference file: ${fault}`)
      return true
    })
  })
}

const right: readonly (readonly [given: object, because: string])[] = [
  [{ types: TYPES }, 'types alone'],
  [{ searchDistances: { 'ZZ1 1AA': 0.1, zz11: 99, 'ZZ1 1': 7.3 } }, 'distances alone, of all three kinds'],
  [{ areas: { QOP: ['ZZ1 1AA'], X: { kind: 'local', name: 'Valley', postcodes: ['ZZ1 1', 'zz2'] } } }, 'both forms'],
  [{ roles: [1, { id: 23, name: 'Pathways Referral' }, { id: 126 }] }, 'roles with and without names'],
  [{ types: TYPES, somethingNew: { a: 1 } }, 'what we do not know is kept'],
  [{ bankHolidays: [] }, 'an empty list'],
]
for (const [given, because] of right) {
  test(`reads ${because}`, async () => {
    const read = await readReference(inputFile('reference.json', JSON.stringify(given)))
    assert.deepEqual(read, { types: [], ...given })
  })
}

test('an import replaces the parts that it has and the types that it names', () => {
  const stored = {
    types: [
      { id: 14, name: 'Optical' },
      { id: 13, name: 'Old' },
    ],
    catchAllKm: 40,
    roles: [1],
  } as Reference
  const given = { types: TYPES, roles: [23] } as Reference
  assert.deepEqual(mergedCatalogue(stored, given), {
    types: [...TYPES, { id: 14, name: 'Optical' }],
    catchAllKm: 40,
    roles: [23],
  })
})

test('of a catalogue that only stood in nothing stays', () => {
  const stored = { standIn: true, types: [{ id: 14, name: 'Optical' }], searchDistances: { ZZ1: 5 } } as Reference
  assert.deepEqual(mergedCatalogue(stored, { types: TYPES } as Reference), { types: TYPES })
})
