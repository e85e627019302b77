import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import { adviceOnDates, adviceOnWeek, type Contract, coreWeekOf, durationInWords, hoursByKind } from './core-hours.ts'
import { dayOf } from './london-time.ts'
import type { Session, WeeklyHours } from './opening-times.ts'
import { minutesOf, weeklyMinutes } from './shared-sessions.ts'

const hours = (text: string): readonly Session[] =>
  text === '-'
    ? []
    : text.split('+').map((session) => {
        const [opens = 0, closes = 0] = session.split('-').map((hour) => Number(hour) * 60)
        return { opens, closes }
      })
/** The same hours from Monday to Friday, then those of Saturday and Sunday. */
const week = (weekdays: string, saturday = '-', sunday = '-'): WeeklyHours => [
  ...Array.from({ length: 5 }, () => hours(weekdays)),
  hours(saturday),
  hours(sunday),
]
const TODAY = '2026-11-22' as const
const forty: Contract = { condition: 'forty', core: week('9-17') }
/** 12 hours a day from Monday to Saturday and 5 on Sunday: 77 hours. */
const hundred: Contract = { condition: 'hundred', core: week('9-21', '9-21', '11-16') }

const weekCases: [
  contract: Contract | undefined,
  before: WeeklyHours,
  after: WeeklyHours,
  codes: string[],
  because: string,
][] = [
  [forty, week('9-18'), week('9-18'), [], 'nothing moves'],
  [forty, week('9-18'), week('9-19'), ['more-supplementary'], 'an hour more is word to the ICB'],
  [forty, week('9-18'), week('9-17'), ['fewer-supplementary'], 'supplementary hours need notice'],
  [forty, week('9-18'), week('8-17'), ['fewer-supplementary', 'more-supplementary'], 'one end for the other'],
  [forty, week('9-18'), week('10-18'), ['core-hours-change', 'core-total-falls'], '5 core hours of 40 are gone'],
  [
    forty,
    week('9-17'),
    week('10-18'),
    ['core-hours-change', 'core-total-falls', 'more-supplementary'],
    'moved an hour',
  ],
  [
    hundred,
    week('9-21', '9-21', '11-16'),
    week('10-21', '9-21', '11-16'),
    ['core-hours-change', 'must-be-granted'],
    '77 less 5 is 72, mornings only',
  ],
  [
    hundred,
    week('9-21', '9-21', '11-16'),
    week('10-21', '10-21', '11-16'),
    ['core-hours-change', 'below-72'],
    '77 less 6 is 71',
  ],
  [
    hundred,
    week('9-21', '9-21', '11-16'),
    week('9-20', '9-21', '11-16'),
    ['core-hours-change', 'protected-hours'],
    '8pm to 9pm is protected from Monday to Saturday',
  ],
  [
    hundred,
    week('9-21', '9-21', '11-16'),
    week('9-21', '9-21', '11-15'),
    ['core-hours-change', 'protected-hours', 'sunday-total'],
    '3pm to 4pm on Sunday is protected, and so is the total',
  ],
  [
    { ...hundred, core: week('9-21', '9-21', '10-18') },
    week('9-21', '9-21', '10-18'),
    week('9-21', '9-21', '10-13+14-18'),
    ['core-hours-change', 'sunday-total'],
    'a break of an hour, three hours in and four from the end, may fall into the protected hours',
  ],
  [
    { ...hundred, core: week('9-21', '9-21', '10-18') },
    week('9-21', '9-21', '10-18'),
    week('9-21', '9-21', '10-12+13-18'),
    ['core-hours-change', 'protected-hours', 'sunday-total'],
    'the break begins two hours after opening',
  ],
  [undefined, week('9-18'), week('9-17'), ['fewer-hours'], 'nobody said which hours are core'],
  [undefined, week('9-18'), week('9-19'), ['more-supplementary'], 'more can only be supplementary'],
]
for (const [contract, before, after, codes, because] of weekCases) {
  test(`a change of the week needs ${codes.join(', ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(
      adviceOnWeek({ before, after, contract, today: TODAY }).map(({ code }) => code),
      codes,
    )
  })
}

test('five weeks’ notice given on Sunday 22 November runs to Sunday 27 December', () => {
  const [advice] = adviceOnWeek({ before: week('9-18'), after: week('9-17'), contract: forty, today: TODAY })
  assert.equal(advice?.earliest, '2026-12-27')
  assert.match(advice?.message ?? '', /Monday \(5pm to 6pm\).* from Sunday 27 December 2026/)
})

const holidays = holidayCalendar([])
const dateCases: [date: `${number}-${number}-${number}`, sessions: string, codes: string[], because: string][] = [
  ['2026-12-25', '-', [], 'Christmas Day is free'],
  ['2026-12-28', '-', [], 'Monday 28 December is the bank holiday for Boxing Day'],
  ['2027-03-28', '-', [], 'Easter Sunday is free'],
  [
    '2026-12-01',
    '-',
    ['core-hours-change', 'fewer-supplementary'],
    'core hours, and the hour after them, at 9 days’ notice',
  ],
  ['2026-12-01', '9-17', ['fewer-supplementary'], 'only the supplementary hour, at 9 days’ notice'],
  ['2027-01-05', '9-17', [], 'only the supplementary hour, with 44 days’ notice'],
  ['2027-01-05', '10-18', ['core-hours-change'], 'an hour of core hours, however early'],
]
for (const [date, sessions, codes, because] of dateCases) {
  test(`hours ${sessions} on ${date} need ${codes.join(', ') || 'nothing'}: ${because}`, () => {
    const change = { date, usual: hours('9-18'), sessions: hours(sessions) }
    assert.deepEqual(
      adviceOnDates([change], { contract: forty, today: TODAY, holidays }).map(({ code }) => code),
      codes,
    )
  })
}

test('26 December on a Sunday is an ordinary Sunday: the Tuesday after it is the bank holiday', () => {
  const change = { date: '2027-12-26', usual: hours('11-16'), sessions: [] } as const
  const contract = { condition: 'hundred', core: week('9-21', '9-21', '11-16') } as const
  assert.deepEqual(
    adviceOnDates([change], { contract, today: TODAY, holidays }).map(({ code }) => code),
    ['core-hours-change'],
  )
})

test('the week before Easter counts 40 core hours although the pharmacy is closed on Good Friday', () => {
  const monday = dayOf('2027-03-22')
  const core = coreWeekOf(monday, {
    core: forty.core,
    holidays,
    sessionsOn: (day) => (day === monday + 4 ? [] : (week('9-17')[day - monday] ?? [])),
  })
  assert.deepEqual(core, { required: 2400, worked: 1920, credited: 480, missing: 0 })
})

test('a day that is not known counts as missing, so that nobody relies on it', () => {
  const monday = dayOf('2026-11-23')
  const core = coreWeekOf(monday, {
    core: forty.core,
    holidays,
    sessionsOn: (day) => (day === monday ? null : hours('9-17')),
  })
  assert.equal(core.missing, 480)
})

const session = fc
  .tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: 1, max: 600 }))
  .map(([opens, length]) => [{ opens, closes: opens + length }] as const)
const anyWeek = fc.array(fc.oneof(session, fc.constant([])), { minLength: 7, maxLength: 7 })

test('core and supplementary hours together are the hours, minute by minute', () => {
  fc.assert(
    fc.property(anyWeek, anyWeek, (open, core) => {
      for (const day of [0, 1, 2, 3, 4, 5, 6]) {
        const parts = hoursByKind(open[day] ?? [], core[day] ?? [])
        assert.equal(minutesOf(parts.core) + minutesOf(parts.supplementary), minutesOf(open[day] ?? []))
      }
    }),
  )
})

test('a week that stays as it is needs nothing, and fewer hours always need something', () => {
  fc.assert(
    fc.property(anyWeek, anyWeek, fc.constantFrom('forty' as const, 'hundred' as const), (before, core, condition) => {
      const contract = { condition, core }
      assert.deepEqual(adviceOnWeek({ before, after: before, contract, today: TODAY }), [])
      const none = week('-')
      const advice = adviceOnWeek({ before, after: none, contract, today: TODAY })
      assert.equal(advice.length > 0, weeklyMinutes(before) > 0)
    }),
  )
})

const durations: [minutes: number, words: string][] = [
  [0, '0 minutes'],
  [1, '1 minute'],
  [60, '1 hour'],
  [2400, '40 hours'],
  [2430, '40 hours 30 minutes'],
]
for (const [minutes, words] of durations) {
  test(`${minutes} minutes are ${words}`, () => assert.equal(durationInWords(minutes), words))
}
