import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyDay, london, openingTimes, sessions, week } from '#test/support/hours.ts'
import { holidayCalendar } from './bank-holidays.ts'
import { compileOpeningTimes } from './compiled-hours.ts'
import { MINUTES_PER_DAY } from './london-time.ts'
import type { OpeningTimes } from './opening-times.ts'
import { isOpenBetween, sessionWindow } from './session-window.ts'

const WINDOWS: readonly (readonly [timeframe: number | null, from: number, to: number, because: string])[] = [
  [null, 30, 60, 'no timeframe is treated as none at all'],
  [0, 30, 60, 'at once: within the hour'],
  [1, 30, 30, 'up to half an hour the window is the minute after that'],
  [30, 30, 30, 'up to half an hour, itself included'],
  [31, 30, 31, 'from here on the whole timeframe'],
  [45, 30, 45, 'the whole timeframe'],
  [60, 30, 60, 'the last of the whole timeframes'],
  [61, 30, 30, 'an hour before the end would be after one minute: the window is its first minute'],
  [89, 30, 30, 'an hour before the end would be after 29 minutes'],
  [90, 30, 30, 'an hour before the end is the first minute'],
  [91, 30, 31, 'an hour before the end'],
  [120, 30, 60, 'an hour before the end'],
  [4320, 30, 4260, 'three days, less an hour'],
]
for (const [timeframe, from, to, because] of WINDOWS) {
  test(`a timeframe of ${timeframe ?? 'no'} minutes is from ${from} to ${to}: ${because}`, () => {
    assert.deepEqual(sessionWindow(timeframe), { from, to })
  })
}

const holidays = holidayCalendar([])
const isOpen = (times: OpeningTimes, at: string, from: number, to: number): boolean =>
  isOpenBetween(compileOpeningTimes(times, holidays), london(at), from, to)

type Case = readonly [at: string, timeframe: number | null, expected: boolean, because: string]
function check(name: string, given: Partial<OpeningTimes>, cases: readonly Case[]): void {
  for (const [at, timeframe, expected, because] of cases) {
    const title = `${name}, asked at ${at} for ${timeframe ?? 'no'} minutes, is ${expected ? 'open' : 'closed'}: ${because}`
    test(title, () => {
      const { from, to } = sessionWindow(timeframe)
      assert.equal(isOpen(openingTimes(given), at, from, to), expected)
    })
  }
}

// 5 August 2026 is a Wednesday.
check('open 11:00-17:00', { weekly: everyDay('11:00-17:00') }, [
  ['2026-08-05T10:00', 0, true, 'it opens at the last minute of the window'],
  ['2026-08-05T09:59', 0, false, 'the window ends a minute before it opens'],
  ['2026-08-05T10:30', 30, true, 'the one minute of the window is when it opens'],
  ['2026-08-05T10:29', 30, false, 'the one minute of the window is before it opens'],
  ['2026-08-05T10:15', 45, true, 'it opens when the whole timeframe ends'],
  ['2026-08-05T10:14', 45, false, 'it opens after the timeframe'],
  ['2026-08-05T09:30', 89, false, 'the window has shrunk to 10:00'],
  ['2026-08-05T10:00', 120, true, 'an hour before the end is 11:00'],
  ['2026-08-05T16:30', 0, true, 'it shuts when the window starts'],
  ['2026-08-05T16:31', 0, false, 'it shuts within half an hour'],
  ['2026-08-05T16:59', 720, false, 'it is open now, shuts within half an hour and opens again only tomorrow'],
  ['2026-08-05T17:00', 1140, true, 'the window reaches tomorrow’s opening'],
  ['2026-08-05T17:00', 1139, false, 'the window ends a minute before tomorrow’s opening'],
])

check('open 10:00-10:20 and 10:45-12:00', { weekly: everyDay('10:00-10:20,10:45-12:00') }, [
  ['2026-08-05T10:00', 0, true, 'the second session is in the window'],
  ['2026-08-05T10:00', 30, false, 'the window is between the sessions'],
  ['2026-08-05T09:50', 0, true, 'the first session ends on the first minute of the window'],
])

check('open until midnight', { weekly: week({ 2: '18:00-24:00' }) }, [
  ['2026-08-05T23:29', 30, true, 'the window is 23:59, the end of the day'],
  ['2026-08-05T23:30', 30, false, 'midnight is the next date, on which it is closed'],
  ['2026-08-06T17:00', 60, false, 'it is open on Wednesdays only'],
])

check('open until 23:59 and from 00:00 to 02:00, as two sessions', { weekly: everyDay('22:00-24:00,00:00-02:00') }, [
  ['2026-08-05T23:30', 30, true, 'the next date has its own session from midnight on'],
  ['2026-08-06T01:30', 30, true, 'it shuts at 02:00, which counts'],
  ['2026-08-06T01:31', 30, false, 'it has shut'],
])

check(
  'two sessions around midnight, with a closed date after it',
  { weekly: everyDay('22:00-24:00,00:00-02:00'), specified: { '2026-08-06': [] } },
  [
    ['2026-08-05T23:29', 30, true, 'the evening belongs to the day before'],
    ['2026-08-05T23:30', 30, false, 'the small hours belong to the date that is closed'],
    ['2026-08-06T23:30', 30, true, 'the date after it is as usual'],
  ],
)

check('one session from 22:00 to 02:00', { weekly: week({ 2: '22:00-02:00' }) }, [
  ['2026-08-05T21:30', 30, true, 'it opens at 22:00'],
  ['2026-08-05T23:30', 30, true, 'one session goes on over midnight'],
  ['2026-08-06T01:30', 30, true, 'it shuts at 02:00, which counts'],
  ['2026-08-06T01:31', 30, false, 'it has shut'],
  ['2026-08-05T01:00', 0, false, 'there was no session on Tuesday'],
  ['2026-08-06T21:30', 30, false, 'there is none on Thursday'],
])

check(
  'open until midnight on a Wednesday, and past it on a Saturday',
  { weekly: week({ 2: '18:00-24:00', 5: '22:00-02:00' }) },
  [
    ['2026-08-05T23:29', 30, true, 'the window is 23:59'],
    ['2026-08-05T23:30', 30, false, 'Wednesday’s session ends at 23:59 all the same'],
    ['2026-08-09T01:30', 30, true, 'Saturday’s goes on'],
  ],
)

check(
  'one session over midnight, with a closed date after it',
  { weekly: everyDay('22:00-02:00'), specified: { '2026-08-06': [] } },
  [
    ['2026-08-06T01:00', 30, true, 'the night before outlasts the closure'],
    ['2026-08-06T21:30', 30, false, 'the closed date begins no session'],
    ['2026-08-07T00:30', 30, false, 'and leaves none to the next morning'],
  ],
)

check(
  'one session over midnight into a date with hours of its own',
  { weekly: everyDay('22:00-02:00'), specified: { '2026-08-06': sessions('10:00-12:00') } },
  [
    ['2026-08-06T01:30', 30, true, 'the night before ends at 02:00'],
    ['2026-08-06T02:00', 30, false, 'the date’s own hours begin at 10:00'],
    ['2026-08-06T10:00', 30, true, 'they do'],
  ],
)

// 25 December 2026 is a Friday; 28 December a bank holiday in place of the 26th.
check('a specified date before all', { openAllHours: true, specified: { '2026-12-25': sessions('10:00-14:00') } }, [
  ['2026-12-25T13:30', 0, true, 'the specified session ends when the window starts'],
  ['2026-12-25T13:31', 0, false, 'a specified date beats open all hours'],
  ['2026-12-26T03:00', 0, true, 'the day after it is open all hours again'],
  ['2026-12-25T22:00', 240, true, 'the window reaches midnight'],
  ['2026-12-25T22:00', 179, false, 'the window ends at 23:59'],
])

check('a closed date before open all hours', { openAllHours: true, specified: { '2026-12-25': [] } }, [
  ['2026-12-25T10:00', 0, false, 'it is closed that day'],
  ['2026-12-24T23:29', 30, true, 'the day before ends at 23:59'],
  ['2026-12-24T23:30', 30, false, 'the closed date begins at midnight'],
])

check('open all hours, before the bank holiday', { openAllHours: true, bankHoliday: [] }, [
  ['2026-12-28T10:00', 0, true, 'open all hours beats the bank holiday'],
  ['2026-12-31T23:30', 30, true, 'midnight is open like every other minute'],
])

check('the bank holiday before the week', { weekly: everyDay('09:00-17:00'), bankHoliday: sessions('12:00-13:00') }, [
  ['2026-12-28T10:00', 0, false, 'on the holiday it opens at noon'],
  ['2026-12-28T11:30', 30, true, 'it does'],
  ['2026-12-26T10:00', 0, true, 'Saturday 26 December is not the bank holiday'],
  ['2026-12-29T10:00', 0, true, 'the day after is an ordinary day'],
])

check('holidays answered one by one', { weekly: everyDay('09:00-17:00') }, [
  ['2026-12-28T10:00', 0, false, 'a holiday without an answer is not known, and what is not known is not open'],
  ['2026-12-29T10:00', 0, true, 'the day after is an ordinary day'],
])

check('a weekday that is not known', { weekly: week({ 1: '22:00-02:00', 2: null, 3: '09:00-17:00' }) }, [
  ['2026-08-05T10:00', 0, false, 'what is not known is not open'],
  ['2026-08-05T01:00', 30, true, 'Tuesday’s session goes on'],
  ['2026-08-05T10:00', 1440, true, 'the window reaches Thursday'],
])

// Clocks go forward on 29 March 2026 and back on 25 October 2026, both Sundays.
check('clocks going forward', { weekly: everyDay('02:00-03:00') }, [
  ['2026-03-29T00:30', 60, false, 'the window is counted on the clock: it ends at 01:30'],
  ['2026-03-29T00:30', 150, true, 'it ends at 02:00'],
  ['2026-03-29T02:30', 30, true, 'it shuts at 03:00, which counts'],
])
check('clocks going back', { weekly: everyDay('01:00-01:30') }, [
  ['2026-10-25T00:30', 0, true, 'the window begins at 01:00'],
  ['2026-10-25T01:00', 30, true, 'it shuts at 01:30, which counts'],
  ['2026-10-25T01:01', 30, false, 'the hour that comes twice is one hour on the clock'],
])

check('never open', {}, [
  ['2026-08-05T10:00', 4320, false, 'it has no sessions'],
  ['2026-08-05T10:00', null, false, 'it has no sessions'],
])

test('a window is open when one of its minutes is', () => {
  const times = openingTimes({
    weekly: everyDay('00:00-02:00,09:00-13:00,22:00-24:00'),
    specified: { '2026-08-06': [], '2026-08-07': sessions('20:00-03:00'), '2026-08-09': sessions('00:00-24:00') },
  })
  const hours = compileOpeningTimes(times, holidays)
  const { day } = london('2026-08-04T00:00')
  const days = 7
  const minutes = Array.from({ length: days * MINUTES_PER_DAY }, (_, at) =>
    isOpenBetween(hours, { day: day + Math.floor(at / MINUTES_PER_DAY), minute: at % MINUTES_PER_DAY }, 0, 0),
  )
  for (let at = 0; at < 4 * MINUTES_PER_DAY; at += 7) {
    const from = at % 61
    const to = from + (at % 2000)
    const time = { day: day + Math.floor(at / MINUTES_PER_DAY), minute: at % MINUTES_PER_DAY }
    const expected = minutes.slice(at + from, at + to + 1).includes(true)
    assert.equal(isOpenBetween(hours, time, from, to), expected, `minute ${at}, from ${from} to ${to}`)
  }
})
