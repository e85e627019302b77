import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import { type ClosedSpell, closeHours } from './closed-spells.ts'
import { compileOpeningTimes, openStateAt } from './compiled-hours.ts'
import { dateOf, dayOf, formatLondon, type LocalDate } from './london-time.ts'
import type { OpeningTimes, Session } from './opening-times.ts'

const at = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const sessions = (...texts: string[]): Session[] =>
  texts.map((text) => ({ opens: at(text.slice(0, 5)), closes: at(text.slice(6)) }))
const NINE_TO_SIX = sessions('09:00-18:00')
const week = (day: readonly Session[] | null): OpeningTimes => ({
  weekly: [day, day, day, day, day, day, day],
  bankHoliday: null,
  openAllHours: false,
  specified: {},
})
const spell = (from: string, until: string | null, more: Partial<ClosedSpell> = {}): ClosedSpell => ({
  from,
  until,
  writtenTo: (until ?? from).slice(0, 10) as LocalDate,
  statutory: [],
  ended: false,
  ...more,
})

const CASES: readonly {
  readonly because: string
  readonly times: OpeningTimes
  readonly spells: readonly ClosedSpell[]
  readonly specified: OpeningTimes['specified']
}[] = [
  {
    because: 'a closure in the afternoon leaves the hours before and after it',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-05T14:37', '2026-08-05T16:00')],
    specified: { '2026-08-05': sessions('09:00-14:37', '16:00-18:00') },
  },
  {
    because: 'an end nobody knows shuts every date that it is written to',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-05T14:37', null, { writtenTo: '2026-08-07' })],
    specified: { '2026-08-05': sessions('09:00-14:37'), '2026-08-06': [], '2026-08-07': [] },
  },
  {
    because: 'a closure outside the hours writes nothing',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-05T19:00', '2026-08-06T08:00')],
    specified: {},
  },
  {
    because: 'across midnight each date loses its own part',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-05T17:00', '2026-08-06T10:00')],
    specified: { '2026-08-05': sessions('09:00-17:00'), '2026-08-06': sessions('10:00-18:00') },
  },
  {
    because: 'a dated change beats the week, and the closure is taken out of it',
    times: { ...week(NINE_TO_SIX), specified: { '2026-08-05': sessions('12:00-20:00') } },
    spells: [spell('2026-08-05T14:00', '2026-08-05T15:00')],
    specified: { '2026-08-05': sessions('12:00-14:00', '15:00-20:00') },
  },
  {
    because: 'a night shift that is cut in two goes on under the date on which its second part begins',
    times: { ...week([]), specified: { '2026-08-05': sessions('22:00-28:00') } },
    spells: [spell('2026-08-05T23:00', '2026-08-06T01:00')],
    specified: { '2026-08-05': sessions('22:00-23:00'), '2026-08-06': sessions('01:00-04:00') },
  },
  {
    because: 'the tail of last night is cut too',
    times: { ...week([]), specified: { '2026-08-05': sessions('22:00-28:00') } },
    spells: [spell('2026-08-06T01:00', '2026-08-06T12:00')],
    specified: { '2026-08-05': sessions('22:00-25:00') },
  },
  {
    because: 'a bank holiday without an answer is closed while the closure lies on it',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-31T10:00', '2026-08-31T12:00', { statutory: ['2026-08-31'] })],
    specified: { '2026-08-31': [] },
  },
  {
    because: 'and not known again once the closure has ended',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-31T10:00', '2026-08-31T12:00', { statutory: ['2026-08-31'], ended: true })],
    specified: {},
  },
  {
    because: 'hours of a day that nobody knows stay unknown after it',
    times: week(null),
    spells: [spell('2026-08-05T10:00', '2026-08-05T12:00', { ended: true })],
    specified: {},
  },
  {
    because: 'two closures of one day are both taken out',
    times: week(NINE_TO_SIX),
    spells: [
      spell('2026-08-05T10:00', '2026-08-05T11:00', { ended: true }),
      spell('2026-08-05T10:30', '2026-08-05T12:00'),
    ],
    specified: { '2026-08-05': sessions('09:00-10:00', '12:00-18:00') },
  },
  {
    because: 'a pharmacy that never closes is closed for the spell',
    times: { ...week(NINE_TO_SIX), openAllHours: true },
    spells: [spell('2026-08-05T00:00', '2026-08-05T12:00')],
    specified: { '2026-08-05': sessions('12:00-24:00') },
  },
  {
    because: 'an end before the start is no closure',
    times: week(NINE_TO_SIX),
    spells: [spell('2026-08-05T14:00', '2026-08-05T13:00')],
    specified: {},
  },
]

for (const { because, times, spells, specified } of CASES) {
  test(because, () => {
    assert.deepEqual(closeHours(times, spells).specified, { ...times.specified, ...specified })
  })
}

test('within a spell nothing is open, outside it everything is as it was', () => {
  const holidays = holidayCalendar([])
  const start = dayOf('2026-08-03')
  const session = fc
    .record({ opens: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 700 }) })
    .map(({ opens, length }) => [{ opens, closes: opens + length }])
  const minute = fc.integer({ min: start * 1440, max: (start + 5) * 1440 })
  const text = (absolute: number) => formatLondon({ day: Math.floor(absolute / 1440), minute: absolute % 1440 })
  fc.assert(
    fc.property(session, minute, fc.integer({ min: 1, max: 4000 }), minute, (hours, from, length, moment) => {
      const until = from + length
      const shut = spell(text(from), text(until), { writtenTo: dateOf(Math.floor(until / 1440)) })
      const times = week(hours)
      const time = { day: Math.floor(moment / 1440), minute: moment % 1440 }
      const before = openStateAt(compileOpeningTimes(times, holidays), time).open
      const after = openStateAt(compileOpeningTimes(closeHours(times, [shut]), holidays), time).open
      assert.equal(after, moment >= from && moment < until ? false : before)
    }),
  )
})
