import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseQuarter, quarterAfter, quarterBefore, quarterOf } from './financial-quarter.ts'
import { dateOf, dayOf, type LocalDate } from './london-time.ts'

type Case = readonly [date: LocalDate, id: string, name: string, starts: string, ends: string]
const cases: readonly Case[] = [
  ['2026-04-01', '2026-27-Q1', 'April to June 2026', '2026-04-01', '2026-06-30'],
  ['2026-06-30', '2026-27-Q1', 'April to June 2026', '2026-04-01', '2026-06-30'],
  ['2026-07-01', '2026-27-Q2', 'July to September 2026', '2026-07-01', '2026-09-30'],
  ['2026-12-11', '2026-27-Q3', 'October to December 2026', '2026-10-01', '2026-12-31'],
  ['2027-01-01', '2026-27-Q4', 'January to March 2027', '2027-01-01', '2027-03-31'],
  ['2027-03-31', '2026-27-Q4', 'January to March 2027', '2027-01-01', '2027-03-31'],
  ['1999-12-31', '1999-00-Q3', 'October to December 1999', '1999-10-01', '1999-12-31'],
]
for (const [date, id, name, starts, ends] of cases) {
  test(`${date} lies in ${id}`, () => assert.deepEqual(quarterOf(date), { id, name, starts, ends }))
}

const malformed = [
  '',
  '2026-27',
  '2026-27-Q0',
  '2026-27-Q5',
  '2026-28-Q1',
  '2026-26-Q1',
  '26-27-Q1',
  ' 2026-27-Q1',
  '2026-27-q1',
]
for (const text of malformed) {
  test(`"${text}" is no quarter`, () => assert.equal(parseQuarter(text), undefined))
}

test('quarters tile the calendar: each begins where the one before ended, four to a year', () => {
  const anyDay = fc.integer({ min: dayOf('1901-01-01'), max: dayOf('2198-12-31') })
  fc.assert(
    fc.property(anyDay, (day) => {
      const quarter = quarterOf(dateOf(day))
      assert.ok(quarter.starts <= dateOf(day) && dateOf(day) <= quarter.ends)
      assert.equal(dayOf(quarterAfter(quarter).starts), dayOf(quarter.ends) + 1)
      assert.equal(dayOf(quarterBefore(quarter).ends), dayOf(quarter.starts) - 1)
      assert.deepEqual(quarterBefore(quarterAfter(quarter)), quarter)
      assert.deepEqual(parseQuarter(quarter.id), quarter)
      const length = dayOf(quarter.ends) - dayOf(quarter.starts) + 1
      assert.ok(length >= 90 && length <= 92)
    }),
  )
})
