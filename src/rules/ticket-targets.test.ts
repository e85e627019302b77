import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { computedBankHolidays, holidayCalendar } from './bank-holidays.ts'
import { formatLondon, parseLondonMinute, toLondon } from './london-time.ts'
import { lineAt } from './on-call.ts'
import { answerDueAt, deskMinutesAfter, isOverdue, TARGET_MINUTES, TICKET_SEVERITIES } from './ticket-targets.ts'

const holidays = holidayCalendar([2026, 2027].flatMap(computedBankHolidays))

/** From, working minutes, until, because. Christmas Day 2026 is a Friday; its Boxing Day is kept on Monday 28 December. */
const CASES: readonly (readonly [from: string, minutes: number, due: string, because: string])[] = [
  ['2026-12-10T10:34', 120, '2026-12-10T12:34', 'two hours of the same morning'],
  ['2026-12-10T16:00', 60, '2026-12-10T17:00', 'due as the desk closes, not the next morning'],
  ['2026-12-10T16:00', 120, '2026-12-11T09:00', 'the rest counts from 8am of the next day'],
  ['2026-12-10T06:00', 120, '2026-12-10T10:00', 'before 8am nothing counts'],
  ['2026-12-10T17:00', 60, '2026-12-11T09:00', 'at 5pm the day is over'],
  ['2026-12-10T22:15', 60, '2026-12-11T09:00', 'nor does the evening count'],
  ['2026-12-11T16:00', 120, '2026-12-14T09:00', 'Friday afternoon goes on on Monday'],
  ['2026-12-12T12:00', 540, '2026-12-14T17:00', 'a Saturday has no working minutes'],
  ['2026-12-24T16:00', 120, '2026-12-29T09:00', 'Christmas, a weekend and the Boxing Day that is kept on Monday'],
  ['2026-12-10T10:34', 540, '2026-12-11T10:34', 'one working day is the same minute of the next'],
  ['2026-12-10T10:34', 2700, '2026-12-17T10:34', 'five working days are a week'],
  ['2027-03-26T10:00', 60, '2027-03-30T09:00', 'Good Friday to Easter Monday, over the change of the clocks'],
]

test('an answer is due after working minutes of the desk only', () => {
  for (const [from, minutes, due, because] of CASES) {
    const start = parseLondonMinute(from) ?? assert.fail(from)
    assert.equal(formatLondon(deskMinutesAfter(start, minutes, holidays)), due, because)
  }
})

test('the more severe a ticket, the earlier its answer is due, always in the hours of the desk and never before it came', () => {
  const minute = fc.integer({ min: Date.parse('2026-01-01') / 60_000, max: Date.parse('2027-12-01') / 60_000 })
  fc.assert(
    fc.property(minute, (at) => {
      const from = new Date(at * 60_000)
      const dues = TICKET_SEVERITIES.map((severity) => answerDueAt(from, severity, holidays))
      assert.deepEqual(
        dues,
        dues.toSorted((one, other) => one.getTime() - other.getTime()),
      )
      for (const due of dues) {
        assert.ok(due > from)
        // The minute before is one in which somebody answers.
        assert.equal(lineAt(toLondon(new Date(due.getTime() - 60_000)), holidays), 'service-desk')
      }
    }),
    { numRuns: 200 },
  )
  assert.deepEqual(Object.keys(TARGET_MINUTES), [...TICKET_SEVERITIES])
})

test('an answer is late after its instant, and never when none is due', () => {
  const now = new Date('2026-12-10T10:34:00Z')
  assert.equal(isOverdue('2026-12-10T10:33:00.000Z', now), true)
  assert.equal(isOverdue('2026-12-10T10:34:00.000Z', now), false)
  assert.equal(isOverdue(null, now), false)
})
