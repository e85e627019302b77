import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Areas, areaKindOf, buildTriageReference, type Catalogue } from './triage-reference.ts'

const catalogue: Catalogue = {
  types: [
    { id: 13, name: 'Pharmacist', rank: 3, limit: 5 },
    { id: 100, name: 'GP in hours', rank: 1 },
    { id: 105, name: 'ED' },
    { id: 116, name: 'Pharmacy Extended Hours', rank: 4, limit: 2 },
    { id: 35, name: 'Walk-in Centre' },
  ],
  pairs: { '9001': [4001, 4002], '9002': [] },
  symptomGroups: [
    { id: 9001, name: 'Sore throat' },
    { id: 9003, name: 'Nobody takes this' },
  ],
  discriminators: [{ id: 4001, name: 'Fever' }],
  dispositions: [
    { id: 1002, timeframe: null },
    { id: 1008, timeframe: 720, name: 'Speak to a pharmacist' },
  ],
  roles: [1, { id: 23, name: 'Pathways Referral' }, { id: 126 }],
  areas: {
    'LA-1': { kind: 'la', postcodes: ['ZZ1', 'zz2 1aa'] },
    'LA-2': { kind: 'la', postcodes: ['ZZ1 1AA'] },
    'ICB-1': { kind: 'icb', postcodes: ['ZZ1 1', 'ZZ3'] },
    LDA1: { kind: 'local', postcodes: ['ZZ11AB', 'ZZ3'] },
    E54000054: ['ZZ4'],
    E08000035: ['ZZ4 1'],
    ' Valley': ['ZZ4 1AA', 'ZZ4 1'],
  },
  rankings: { 'LA-1': { '13': 1 }, 'icb-1': { '13': 2, '100': 7 } },
  searchDistances: { 'zz1  1aa': 2.5, ZZ11: 11, 'ZZ1 1': 5, zz1: 10, ZZ21AA: 3 },
}
const reference = buildTriageReference(catalogue)

const types: readonly (readonly [id: number, expected: object | undefined, because: string])[] = [
  [13, { id: 13, name: 'Pharmacist', rank: 3, limit: 5, lifecycle: 'current' }, 'the catalogue wins in everything'],
  [100, { id: 100, name: 'GP in hours', rank: 1, limit: 1, lifecycle: 'current' }, 'one surgery is enough'],
  [105, { id: 105, name: 'ED', rank: 10, limit: 2, lifecycle: 'current' }, 'not ranked is last'],
  [116, { id: 116, name: 'Pharmacy Extended Hours', rank: 4, limit: 2, lifecycle: 'current' }, 'an old type'],
  [35, { id: 35, name: 'Walk-in Centre', rank: 10, limit: 2, lifecycle: 'current' }, 'an old type without a rank'],
  [149, { id: 149, name: 'Pharmacy Contraception', rank: 10, limit: 2, lifecycle: 'current' }, 'listed, not named'],
  [138, { id: 138, name: 'Emergency National Response', rank: 10, limit: 1, lifecycle: 'current' }, 'national'],
  [-1, { id: -1, name: 'DoS Region', rank: 10, limit: 2, lifecycle: 'administrative' }, 'not a service'],
  [114, { id: 114, name: '(Capacity) Acute Hospital', rank: 10, limit: 2, lifecycle: 'administrative' }, 'beds'],
  [112, { id: 112, name: 'Optical Enhanced', rank: 10, limit: 2, lifecycle: 'current' }, 'between capacity types'],
  [21, { id: 21, name: 'Retired', rank: 10, limit: 2, lifecycle: 'retired' }, 'says so itself'],
  [42, undefined, 'neither listed nor named'],
]
for (const [id, expected, because] of types) {
  test(`type ${id}: ${because}`, () => assert.deepEqual(reference.types.get(id), expected))
}

test('the complete list has 73 types, with and without a catalogue', () => {
  assert.equal(buildTriageReference({}).types.size, 73)
})

const at = (localAuthority: string | null, icb: string | null): Areas => ({ localAuthority, icb, local: ['LDA1'] })

const ranks: readonly (readonly [typeId: number, areas: Areas | null, rank: number, because: string])[] = [
  [13, at('LA-1', 'ICB-1'), 1, 'the local authority ranks it'],
  [100, at('LA-1', 'ICB-1'), 7, 'the local authority does not, the board does'],
  [116, at('LA-1', 'ICB-1'), 4, 'neither does: the national rank'],
  [149, at('LA-1', 'ICB-1'), 10, 'nobody ranks it'],
  [42, at('LA-1', 'ICB-1'), 10, 'nobody knows it'],
  [13, at('LA-2', 'ICB-1'), 2, 'the local authority has no ranking'],
  [13, at(null, 'ICB-1'), 2, 'the local authority is not known'],
  [13, at('LA-1', null), 1, 'the board is not known'],
  [13, at('ICB-1', 'LA-1'), 2, 'a ranking is found by its code alone'],
  [13, at(null, null), 3, 'only a local area is known, and those do not rank'],
  [13, null, 3, 'nothing is known of the place'],
]
for (const [typeId, areas, rank, because] of ranks) {
  test(`type ${typeId} has rank ${rank}: ${because}`, () => assert.equal(reference.rankOf(typeId, areas), rank))
}

const distances: readonly (readonly [postcode: string, expected: object | undefined, because: string])[] = [
  ['ZZ1 1AA', { km: 2.5, source: 'Postcode' }, 'the postcode itself'],
  ['zz11aa', { km: 2.5, source: 'Postcode' }, 'however it is typed'],
  ['ZZ1 1AB', { km: 5, source: 'Sector' }, 'its sector'],
  ['ZZ1 2AB', { km: 10, source: 'District' }, 'its district'],
  ['ZZ11 2AB', { km: 11, source: 'District' }, 'ZZ11 without a space is a district'],
  ['ZZ2 1AA', { km: 3, source: 'Postcode' }, 'stored without a space'],
  ['ZZ2 1AB', undefined, 'none is stored'],
  ['ZZ1', undefined, 'not a postcode'],
]
for (const [postcode, expected, because] of distances) {
  test(`the stored distance of ${postcode}: ${because}`, () => {
    assert.deepEqual(reference.storedDistance(postcode), expected)
    assert.equal(buildTriageReference({}).storedDistance(postcode), undefined)
  })
}

const areas: readonly (readonly [postcode: string, expected: Areas | null, because: string])[] = [
  ['ZZ1 9ZZ', { localAuthority: 'LA-1', icb: null, local: [] }, 'listed with its district'],
  ['ZZ1 1AC', { localAuthority: 'LA-1', icb: 'ICB-1', local: [] }, 'with its district and its sector'],
  ['ZZ1 1AB', { localAuthority: 'LA-1', icb: 'ICB-1', local: ['LDA1'] }, 'and by itself'],
  ['ZZ1 1AA', { localAuthority: 'LA-2', icb: 'ICB-1', local: ['LA-1'] }, 'of two authorities the closer one'],
  ['zz21AA', { localAuthority: 'LA-1', icb: null, local: [] }, 'however it is typed'],
  ['ZZ2 1AB', null, 'its neighbour is listed'],
  ['ZZ3 1AA', { localAuthority: null, icb: 'ICB-1', local: ['LDA1'] }, 'no authority is known'],
  ['ZZ4 1AA', { localAuthority: 'E08000035', icb: 'E54000054', local: ['VALLEY'] }, 'bare lists, each code once'],
  ['ZZ9 1AA', null, 'not listed'],
  ['elsewhere', null, 'not a postcode'],
]
for (const [postcode, expected, because] of areas) {
  test(`the listed areas of ${postcode}: ${because}`, () => {
    assert.deepEqual(reference.listedAreasOf(postcode), expected)
    assert.equal(buildTriageReference({}).listedAreasOf(postcode), null)
  })
}

const kinds: readonly (readonly [code: string, kind: string])[] = [
  ['E54000054', 'icb'],
  ['ICB-NORTH', 'icb'],
  ['QOP', 'icb'],
  ['QUAYSIDE', 'local'],
  ['E06000001', 'la'],
  ['E08000035', 'la'],
  ['E09000001', 'la'],
  ['W06000015', 'la'],
  ['LAD-1', 'la'],
  ['LA-NORTH', 'la'],
  ['LADYWOOD', 'local'],
  ['LDA-1', 'local'],
  ['E10000006', 'local'],
  ['E05000650', 'local'],
  ['E55', 'local'],
  ['', 'local'],
]
for (const [code, kind] of kinds) {
  test(`${code || 'an empty code'} looks like ${kind}`, () => assert.equal(areaKindOf(code), kind))
}

test('codes and names are those of the catalogue', () => {
  assert.deepEqual(reference.symptomGroups, [9001, 9002, 9003])
  assert.deepEqual(reference.pairedWith(9001), new Set([4001, 4002]))
  assert.deepEqual(reference.pairedWith(9002), new Set(), 'known, with nothing to combine it with')
  assert.deepEqual(reference.pairedWith(9003), new Set(), 'named, and in no pair')
  assert.equal(reference.pairedWith(9004), undefined)
  assert.deepEqual([reference.symptomGroupName(9001), reference.symptomGroupName(9002)], ['Sore throat', null])
  assert.deepEqual([reference.discriminatorName(4001), reference.discriminatorName(4002)], ['Fever', null])
  assert.deepEqual(reference.dispositions.get(1002), { id: 1002, timeframe: null, name: null })
  assert.deepEqual(reference.dispositions.get(1008), { id: 1008, timeframe: 720, name: 'Speak to a pharmacist' })
  assert.deepEqual(
    [...reference.roles],
    [
      [1, null],
      [23, 'Pathways Referral'],
      [126, null],
    ],
  )
})

test('the catch-all is the national one unless the catalogue says otherwise', () => {
  assert.deepEqual([reference.catchAllTypes, reference.catchAllKm], [null, 60])
  const own = buildTriageReference({ catchAllTypes: [105], catchAllKm: 40.5 })
  assert.deepEqual([own.catchAllTypes, own.catchAllKm], [[105], 40.5])
  assert.equal(buildTriageReference({ catchAllTypes: [] }).catchAllTypes, null)
})

for (const [code, kind, because] of [
  ['sale', 'local', 'listed with its kind, in any case'],
  ['Q99', 'icb', 'the code of a board says so itself'],
  ['E08000009', 'la', 'and so does that of a local authority'],
  ['Nowhere', undefined, 'a local area must be listed'],
] as const) {
  test(`an area ${code} is ${kind ?? 'none of ours'}: ${because}`, () => {
    assert.equal(buildTriageReference({ areas: { SALE: { kind: 'local', postcodes: ['M33'] } } }).areaKind(code), kind)
  })
}
