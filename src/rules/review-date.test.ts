import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LocalDate } from './london-time.ts'
import { monthsAfter } from './review-date.ts'

for (const [date, months, expected, because] of [
  ['2026-12-11', 6, '2027-06-11', 'the same day, in the next year'],
  ['2026-08-31', 6, '2027-02-28', 'February is shorter'],
  ['2027-08-31', 6, '2028-02-29', 'but not in a leap year'],
  ['2026-12-31', 12, '2027-12-31', 'a whole year'],
  ['2026-01-31', 3, '2026-04-30', 'April has thirty days'],
] as const) {
  test(`${months} months after ${date} is ${expected}: ${because}`, () => {
    assert.equal(monthsAfter(date as LocalDate, months), expected)
  })
}
