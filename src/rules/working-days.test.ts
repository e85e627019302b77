import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import { dayOf, formatLondon, type LondonTime, parseLondonMinute } from './london-time.ts'
import { workingDayAfter, workingDayBefore } from './working-days.ts'

const HOLIDAYS = holidayCalendar([])
const at = (text: string): LondonTime => parseLondonMinute(text) ?? assert.fail(text)

const cases: [from: string, until: string, because: string][] = [
  ['2026-12-10T10:34', '2026-12-11T10:34', 'Thursday to Friday'],
  ['2026-12-11T10:34', '2026-12-14T10:34', 'a weekend does not count'],
  ['2026-12-12T10:34', '2026-12-15T00:00', 'what comes on Saturday has all of Monday'],
  ['2026-12-13T23:59', '2026-12-15T00:00', 'and so has what comes on Sunday'],
  ['2026-12-24T17:00', '2026-12-29T17:00', 'Christmas on a Friday, and Boxing Day kept on Monday'],
  ['2026-12-25T09:00', '2026-12-30T00:00', 'what comes on a bank holiday waits for the next working day'],
  ['2026-10-24T09:00', '2026-10-27T00:00', 'the clocks go back that Sunday'],
]
for (const [from, until, because] of cases) {
  test(`one working day after ${from} is ${until}: ${because}`, () => {
    assert.equal(formatLondon(workingDayAfter(at(from), HOLIDAYS)), until)
  })
}

test('a working day has passed since a moment exactly when the moment is not after the last one of which that is so', () => {
  const first = dayOf('2026-01-01')
  const moment = fc.record({
    day: fc.integer({ min: first, max: first + 800 }),
    minute: fc.integer({ min: 0, max: 1439 }),
  })
  const minutes = ({ day, minute }: LondonTime): number => day * 1440 + minute
  const near = fc.tuple(moment, fc.integer({ min: -8 * 1440, max: 0 }))
  fc.assert(
    fc.property(near, ([now, shift]) => {
      const shifted = minutes(now) + shift
      const then = { day: Math.floor(shifted / 1440), minute: shifted % 1440 }
      const passed = minutes(workingDayAfter(then, HOLIDAYS)) <= minutes(now)
      assert.equal(minutes(then) <= minutes(workingDayBefore(now, HOLIDAYS)), passed)
    }),
    { seed: 20261211, numRuns: 2000 },
  )
})
