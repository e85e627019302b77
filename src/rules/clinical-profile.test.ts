import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ageRangeInDays,
  ageRangeProblem,
  ageWords,
  type ClinicalCodes,
  matchesNobodyBecause,
  type ProfileFields,
  profileProblems,
} from './clinical-profile.ts'
import { ageGroup } from './patient-age.ts'
import type { ZCodeBearer } from './z-codes.ts'

const CODES: ClinicalCodes = {
  pairedWith: (group) =>
    new Map([
      [1011, new Set([4003, 4004])],
      [360, new Set([14_207, 14_500])],
    ]).get(group),
  dispositions: new Map([[1008, {}]]),
  roles: new Map([[23, 'Pathways Referral']]),
  areaKind: (code) =>
    new Map<string, 'icb' | 'la' | 'local'>([
      ['QOP', 'icb'],
      ['E08000009', 'la'],
      ['SALE', 'local'],
    ]).get(code),
}
const BEFORE: ZCodeBearer & ProfileFields = {
  typeId: 132,
  odsCode: 'FA001',
  genders: ['M', 'F', 'X'],
  ages: [
    [0, 364.25],
    [300, 900],
  ],
  sgsd: { 1011: [4003, 4999], 7: [8] },
  dispositions: [9],
  roles: [77, { id: 78 }],
  restricted: false,
  referrals: ['p84016 '],
  limitedTo: ['OLD'],
  promotedTo: null,
  returnIfOpenMinutes: null,
}
const NEW = { ...BEFORE, genders: [], ages: [], sgsd: {}, dispositions: [], roles: [], referrals: [], limitedTo: null }

for (const { from = BEFORE, to, problems, because } of [
  { to: {}, problems: [], because: 'what an import brought is not judged until it is touched' },
  { to: { sgsd: { 1011: [4003] } }, problems: [], because: 'unknown pairs may be taken out' },
  { to: { sgsd: { 1011: [4003, 4004, 4999], 7: [8] } }, problems: [], because: 'a known pair is added' },
  {
    to: { sgsd: { 1011: [4005], 12: [4003], 360: [4003] } },
    problems: [
      'sgsd: There is no symptom group 12',
      'sgsd: Discriminator 4003 does not go with symptom group 360',
      'sgsd: Discriminator 4005 does not go with symptom group 1011',
    ],
    because: 'each new pair that the reference does not know is named',
  },
  {
    to: { sgsd: { 360: [14_207] } },
    problems: ['sgsd: Z code 360=14207 (blood pressure) does not belong on Pharmacy Enhanced'],
    because: 'a Z code is refused where it does not belong',
  },
  {
    from: { ...NEW, typeId: 148, sgsd: { 360: [14_207] } },
    to: { typeId: 13 },
    problems: ['sgsd: Z code 360=14207 (blood pressure) does not belong on Pharmacy'],
    because: 'and a type on which the code would not belong',
  },
  {
    from: { ...NEW, typeId: 132, sgsd: { 360: [14_207] } },
    to: { sgsd: { 360: [14_207, 14_500] } },
    problems: [],
    because: 'a code that is misplaced already is for the quality checks, and bars no other edit',
  },
  { to: { dispositions: [9, 1008] }, problems: [], because: 'a known disposition' },
  {
    to: { dispositions: [1, 2] },
    problems: ['dispositions: There is no disposition 1', 'dispositions: There is no disposition 2'],
    because: 'unknown ones',
  },
  { to: { roles: [23, { id: 78 }] }, problems: [], because: 'a known role, and one that was there' },
  { to: { roles: [24] }, problems: ['roles: There is no referral role 24'], because: 'an unknown role' },
  { to: { genders: ['F', 'Z'] }, problems: ['genders: “Z” is not M, F or I'], because: 'an unknown gender' },
  { to: { ages: [[0, 364.25]] }, problems: [], because: 'one of two that overlapped is taken out' },
  {
    from: NEW,
    to: {
      ages: [
        [0, 364.25],
        [365.25, 1825.25],
      ],
    },
    problems: [],
    because: 'ages side by side',
  },
  {
    from: NEW,
    to: {
      ages: [
        [365.25, 5843],
        [1826.25, 5843],
      ],
    },
    problems: [
      'ages: Ages 1 to 15 years overlap with 5 to 15 years. Take those out first',
      'ages: Ages 5 to 15 years overlap with 1 to 15 years. Take those out first',
    ],
    because: 'of two ranges nobody could tell which counts',
  },
  { from: NEW, to: { restricted: true, referrals: ['P84016'] }, problems: [], because: 'restricted to one surgery' },
  {
    from: NEW,
    to: { restricted: true },
    problems: ['referrals: A service for patients of some surgeries only must list at least one surgery'],
    because: 'restricted to nobody',
  },
  {
    to: { referrals: ['p84016 ', 'P8'] },
    problems: ['referrals: “P8” is not an ODS code'],
    because: 'only the new one is judged',
  },
  { to: { limitedTo: ['OLD', 'QOP', 'SALE'], promotedTo: ['E08000009'] }, problems: [], because: 'areas of each kind' },
  {
    to: { promotedTo: ['Nowhere'] },
    problems: ['promotedTo: We know no area with the code Nowhere'],
    because: 'no such area',
  },
  { to: { returnIfOpenMinutes: 15 }, problems: [], because: 'one of the two' },
  {
    to: { returnIfOpenMinutes: 20 },
    problems: ['returnIfOpenMinutes: Returned only if open must be 15 or 30 minutes, or not at all'],
    because: 'neither of the two',
  },
] as const) {
  test(`a change to ${JSON.stringify(to)} has ${problems.length} problems: ${because}`, () => {
    const found = profileProblems(from, { ...from, ...to }, CODES)
    assert.deepEqual(
      found.map(({ field, message }) => `${field}: ${message}`),
      problems,
    )
  })
}

for (const [range, code, because] of [
  [[0, 364.25], undefined, 'a baby'],
  [[5844, 47_481.5], undefined, 'an adult, to the last day'],
  [[-1, 5], 'invalid', 'nobody is younger than newborn'],
  [[Number.NaN, 5], 'invalid', 'not a number'],
  [[5, 5], 'order', 'no age lies between'],
  [[9, 5], 'order', 'the wrong way round'],
  [[0, 47_482], 'too-old', 'older than searches can ask for'],
] as const) {
  test(`ages ${range.join(' to ')} are ${code ?? 'accepted'}: ${because}`, () => {
    assert.equal(ageRangeProblem(range)?.code, code)
  })
}

for (const [from, to, days, words] of [
  [[0, 'years'], [0, 'years'], ageGroup(4), 'under 1 year'],
  [[1, 'years'], [4, 'years'], ageGroup(3), '1 to 4 years'],
  [[5, 'years'], [15, 'years'], ageGroup(2), '5 to 15 years'],
  [[16, 'years'], [129, 'years'], ageGroup(1), '16 years and over'],
  [[65, 'years'], [129, 'years'], ageGroup(8), '65 years and over'],
  [[1, 'years'], [1, 'years'], [365.25, 729.5], '1 year'],
  [[0, 'months'], [5, 'months'], [0, 181.625], '0 to 5 months'],
  [[0, 'days'], [27, 'days'], [0, 27], '0 to 27 days'],
  [[0.5, 'days'], [364.25, 'days'], [0.5, 364.25], '0.5 to 364.25 days'],
  [[2, 'months'], [11, 'years'], [60.875, 4382], '2 to 143 months'],
] as const) {
  test(`from ${from.join(' ')} to ${to.join(' ')} is ${words}, in days ${days?.join(' to ')}`, () => {
    const range = ageRangeInDays({ value: from[0], unit: from[1] }, { value: to[0], unit: to[1] })
    assert.deepEqual(range, days)
    assert.equal(ageWords(range), words)
  })
}

test('a profile says which of its empty lists keep every search from returning it', () => {
  assert.deepEqual(matchesNobodyBecause(BEFORE), [])
  assert.deepEqual(matchesNobodyBecause({ ...NEW, sgsd: { 1011: [] } }), [
    'no symptom group and discriminator',
    'no disposition',
    'no gender',
    'no ages',
    'no referral role',
  ])
})
