import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageGroup, readAge, readAgeLoosely } from './patient-age.ts'

type Expected = string | number | readonly [number, number] | null
type Case = readonly [age: string | null, format: string | null, expected: Expected, because: string]

/** A problem's code, the days of an exact age, a group's range, or null for an age that is not asked for. */
const result = (read: ReturnType<typeof readAge>): Expected => {
  if (!read.ok) return read.code
  return read.age.days ?? read.age.range
}

const strict: readonly Case[] = [
  ['22', 'Years', 8035.5, 'a year has 365.25 days and the half day is kept, as a recorded reply shows'],
  ['5', 'Years', 1826.25, 'rounded down it would fall between two profiled bands'],
  ['2', 'Years', 730.5, 'the youngest age in years'],
  ['129', 'Years', 47_117.25, 'the oldest'],
  ['1', 'Years', 'age-years', 'younger children are given in months'],
  ['130', 'Years', 'age-years', 'nobody is so old'],
  ['-3', 'Years', 'age-years', 'a whole number, but out of range'],
  ['1', 'Months', 30.4375, 'a month has 30.4375 days'],
  ['23', 'Months', 700.0625, 'the day before the second birthday'],
  ['0', 'Months', 'age-months', 'days are meant'],
  ['24', 'Months', 'age-months', 'years are meant'],
  ['0', 'Days', 0, 'born today'],
  ['31', 'Days', 31, 'the longest month'],
  ['32', 'Days', 'age-days', 'months are meant'],
  ['4', 'AgeGroup', [0, 364.25], 'neonate and infant'],
  ['3', 'AgeGroup', [365.25, 1825.25], 'toddler'],
  ['2', 'AgeGroup', [1826.25, 5843], 'child'],
  ['1', 'AgeGroup', [5844, 47_481.5], 'adult'],
  ['8', 'AgeGroup', 'age-group', 'older people are a group of version 1.3 only'],
  ['0', 'AgeGroup', 'age-group', 'no such group'],
  ['5', 'AgeGroup', 'age-group', 'no such group'],
  [null, 'Years', 'age', 'mandatory'],
  ['', 'Years', 'age', 'mandatory'],
  ['22.5', 'Years', 'age', 'only whole numbers'],
  ['twenty', 'Years', 'age', 'only whole numbers'],
  ['1e1', 'Years', 'age', 'only digits'],
  ['99999999999', 'Years', 'age', 'too long to be an age'],
  [null, null, 'age', 'the age is looked at first'],
  ['22', 'Weeks', 'age-format', 'no such format'],
  ['22', 'years', 'age-format', 'formats are written as they are listed'],
  ['22', null, 'age-format', 'mandatory'],
]
for (const [age, format, expected, because] of strict) {
  test(`version 1.5 reads age ${age} in ${format} as ${expected}: ${because}`, () => {
    assert.deepEqual(result(readAge(age, format)), expected)
  })
}

const NOBODY: Expected = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const lax: readonly Case[] = [
  ['22', 'Years', 8035.5, 'as in 1.5'],
  ['0', 'Years', 0, 'years begin at 0'],
  ['1', 'Years', 365.25, 'years begin at 0'],
  ['130', 'Years', null, 'an age that cannot be is not asked for'],
  ['-1', 'Years', null, 'an age that cannot be is not asked for'],
  ['abc', 'Years', null, 'an age that cannot be is not asked for'],
  [null, 'Years', null, 'a missing age in years is not asked for'],
  ['22', null, null, 'without a format the age is not asked for'],
  ['1', 'AgeGroup', [5844, 47_481.5], 'as in 1.5'],
  ['8', 'AgeGroup', [23_741.25, 47_481.5], 'older people'],
  ['5', 'AgeGroup', NOBODY, 'a group that does not exist matches nobody, so that the catch-all answers'],
  [null, 'AgeGroup', NOBODY, 'a missing group matches nobody'],
  ['22', 'Weeks', 'age-format', 'the only problem that 1.3 knows'],
]
for (const [age, format, expected, because] of lax) {
  test(`version 1.3 reads age ${age} in ${format} as ${expected}: ${because}`, () => {
    assert.deepEqual(result(readAgeLoosely(age, format)), expected)
  })
}

test('the groups leave no day of a stored band out', () => {
  assert.deepEqual([4, 3, 2, 1, 8, 7].map(ageGroup), [
    [0, 364.25],
    [365.25, 1825.25],
    [1826.25, 5843],
    [5844, 47_481.5],
    [23_741.25, 47_481.5],
    undefined,
  ])
})
