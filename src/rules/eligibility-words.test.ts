import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agesInWords, areasInWords, sexesInWords, surgeriesInWords } from './eligibility-words.ts'
import { REFERRAL_PROBLEMS, referralProblem } from './referral-problems.ts'

const ages: readonly (readonly [ranges: (readonly [number, number])[], words: string, because: string])[] = [
  [[[0, 47_481.5]], 'any age', 'from birth to the oldest that can be profiled'],
  [[[5844, 47_481.5]], '16 years and over', 'no upper end'],
  [[[0, 364.25]], 'under 1 year', 'a baby'],
  [[[365.25, 1825.25]], '1 to 4 years', 'the last day of the fourth year'],
  [
    [
      [0, 364.25],
      [1826.25, 5843],
    ],
    'under 1 year or 5 to 15 years',
    'a gap',
  ],
  [[[2191.5, 2555.75]], '6 years old', 'one year'],
  [[[91.3125, 364.25]], '3 months to under 1 year', 'months are said as months'],
  [[[10, 20]], '10 days to under 21 days', 'and days as days'],
  [
    [
      [1826.25, 5843],
      [0, 364.25],
      [5844, 47_481.5],
      [365.25, 1825.25],
    ],
    'any age',
    'groups that leave nobody out, in any order',
  ],
  [[], 'no age is given', 'an empty list matches nobody'],
]
for (const [ranges, words, because] of ages) {
  test(`ages are "${words}": ${because}`, () => assert.equal(agesInWords(ranges), words))
}

test('sexes, surgeries and areas are said, and that none is given', () => {
  assert.deepEqual(
    [['F', 'M', 'I'], ['F'], ['M'], ['I']].map((genders) => sexesInWords(new Set(genders))),
    ['female and male', 'female only', 'male only', 'no sex is given'],
  )
  const many = new Set(Array.from({ length: 12 }, (_, at) => `P910${10 + at}`))
  assert.equal(surgeriesInWords({ restricted: false, referrals: many }), 'any surgery')
  assert.match(
    surgeriesInWords({ restricted: true, referrals: many }),
    /^only patients of P91010, .*P91019 and 2 more$/,
  )
  assert.equal(surgeriesInWords({ restricted: true, referrals: new Set() }), 'no surgery is given')
  assert.deepEqual([null, new Set(['B', 'A'])].map(areasInWords), ['any area', 'only from A, B'])
})

test('every reason of a problem has its own key and number', () => {
  const numbers = REFERRAL_PROBLEMS.flatMap(({ nhsReason }) => nhsReason ?? [])
  assert.equal(new Set(numbers).size, numbers.length)
  for (const problem of REFERRAL_PROBLEMS) assert.equal(referralProblem(problem.key), problem)
  assert.equal(referralProblem('toString'), undefined)
})
