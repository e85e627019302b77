import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDate } from './clock-time.ts'
import { dateOf } from './london-time.ts'
import { parseTypedDate } from './typed-date.ts'

const cases: [text: string, date: string | undefined, because: string][] = [
  ['2026-12-25', '2026-12-25', 'as programs write it'],
  ['25/12/2026', '2026-12-25', 'as spreadsheets show it'],
  ['5.1.2027', '2027-01-05', 'without zeros'],
  [' 25 December 2026 ', '2026-12-25', 'as people write it'],
  ['Fri, 25 Dec 2026', '2026-12-25', 'with its weekday'],
  ['1st Sept 2027', '2027-09-01', 'as people speak'],
  ['12/25/2026', undefined, 'the month cannot be 25: a date is never guessed the American way'],
  ['31/02/2027', undefined, 'there is no such day'],
  ['25/12/26', undefined, 'a year has four digits'],
  ['Christmas', undefined, 'a name is not a date'],
  ['', undefined, 'nothing'],
]
for (const [text, date, because] of cases) {
  test(`“${text}” is ${date ?? 'refused'}: ${because}`, () => assert.equal(parseTypedDate(text), date))
}

test('a date in our own words is read as that date', () => {
  fc.assert(
    fc.property(fc.integer({ min: 18_000, max: 40_000 }), (day) => {
      assert.equal(parseTypedDate(formatDate(dateOf(day))), dateOf(day))
    }),
  )
})
