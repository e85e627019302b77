import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  clockChangeDay,
  dateOf,
  dayOf,
  formatClock,
  formatLondon,
  instantOf,
  minuteExists,
  parseLocalDate,
  parseLondonMinute,
  toLondon,
  WEEKDAYS,
  weekdayIndex,
  weekdayOf,
} from './london-time.ts'

const instants: readonly (readonly [instant: string, london: string, because: string])[] = [
  ['2026-06-22T08:00Z', '2026-06-22T09:00', 'June is British Summer Time'],
  ['2026-12-22T08:00Z', '2026-12-22T08:00', 'December is not'],
  ['2026-06-30T23:30Z', '2026-07-01T00:30', 'summer time passes midnight first'],
  ['2027-03-28T00:59:59Z', '2027-03-28T00:59', 'the last minute of winter time'],
  ['2027-03-28T01:00Z', '2027-03-28T02:00', 'the clock passes to 02:00'],
  ['2027-10-31T00:30Z', '2027-10-31T01:30', 'half past one for the first time'],
  ['2027-10-31T01:30Z', '2027-10-31T01:30', 'half past one for the second time'],
  ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59', 'before day 0, in a year of the later rule'],
]
for (const [instant, london, because] of instants) {
  test(`${instant} is ${london} in London: ${because}`, () => {
    assert.equal(formatLondon(toLondon(new Date(instant))), london)
  })
}

const minutes: readonly (readonly [text: string, instant: string | undefined, because: string])[] = [
  ['2026-12-11T10:34', '2026-12-11T10:34:00.000Z', 'winter'],
  ['2026-07-11T10:34', '2026-07-11T09:34:00.000Z', 'summer'],
  ['2027-10-31T01:30', '2027-10-31T00:30:00.000Z', 'a minute that occurs twice is the first'],
  ['2027-03-28T01:00', undefined, 'no London clock shows it'],
  ['2027-03-28T01:59', undefined, 'no London clock shows it'],
  ['2027-03-28T02:00', '2027-03-28T01:00:00.000Z', 'the first minute of summer time'],
  ['2026-02-29T10:00', undefined, 'there is no such date'],
  ['2028-02-29T10:00', '2028-02-29T10:00:00.000Z', 'a leap year'],
  ['2026-12-11T24:00', undefined, 'the day ends at 23:59'],
  ['2026-12-11T10:60', undefined, 'there is no such minute'],
  ['2026-12-11T10:34Z', undefined, 'a zone is not for London minutes'],
  ['2026-12-11T10:34+00:00', undefined, 'a zone is not for London minutes'],
  ['2026-12-11T10:34:00', undefined, 'no seconds'],
  ['2026-12-11', undefined, 'a date alone'],
  ['2026-12-11T１0:34', undefined, 'a full-width digit'],
  ['1899-12-31T10:00', undefined, 'before 1900'],
  ['2200-01-01T10:00', undefined, 'after 2199'],
  ['', undefined, 'empty'],
]
for (const [text, instant, because] of minutes) {
  test(`the London minute "${text}" is ${instant ?? 'refused'}: ${because}`, () => {
    const time = parseLondonMinute(text)
    assert.equal(time && instantOf(time).toISOString(), instant)
  })
}

const dates: readonly (readonly [text: string, valid: boolean])[] = [
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2100-02-29', false],
  ['2000-02-29', true],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-01-00', false],
  ['2026-1-1', false],
  [' 2026-01-01', false],
  ['2026-01-01\n', false],
  ['20260101', false],
]
for (const [text, valid] of dates) {
  test(`${JSON.stringify(text)} is ${valid ? 'a date' : 'no date'}`, () =>
    assert.equal(parseLocalDate(text), valid ? text : undefined))
}

test('minutes past midnight are written on the next date', () => {
  assert.equal(formatLondon({ day: dayOf('2026-12-31'), minute: 1440 + 125 }), '2027-01-01T02:05')
  assert.equal(formatClock(1440), '24:00')
  assert.equal(formatClock(545), '09:05')
})

const anyDay = fc.integer({ min: dayOf('1900-01-01'), max: dayOf('2199-12-31') })

test('a date and its day number are two names of one thing', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      assert.equal(dayOf(dateOf(day)), day)
      assert.equal(parseLocalDate(dateOf(day)), dateOf(day))
      assert.equal(weekdayOf(day), WEEKDAYS[(new Date(day * 86_400_000).getUTCDay() + 6) % 7])
      assert.equal(weekdayIndex(day + 7), weekdayIndex(day))
    }),
  )
})

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'short' })
const byIntl = (instant: Date): string => clock.format(instant).replace(' ', 'T')

test('toLondon agrees with the time zone database from 1997 to 2199', () => {
  const anyInstant = fc.date({
    min: new Date('1997-01-01T00:00Z'),
    max: new Date('2199-12-31T23:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(anyInstant, (instant) => assert.equal(formatLondon(toLondon(instant)), byIntl(instant))),
    { numRuns: 1000 },
  )
})

test('toLondon agrees with the time zone database in every hour around each clock change', () => {
  const anyChange = fc.tuple(fc.integer({ min: 1997, max: 2199 }), fc.constantFrom(2 as const, 9 as const))
  fc.assert(
    fc.property(anyChange, ([year, month]) => {
      const midnight = clockChangeDay(year, month) * 86_400_000
      for (let quarter = -4; quarter < 16; quarter++) {
        for (const ms of [-1, 0]) {
          const instant = new Date(midnight + quarter * 900_000 + ms)
          assert.equal(formatLondon(toLondon(instant)), byIntl(instant))
        }
      }
    }),
  )
})

test('a London minute that exists comes back from its instant', () => {
  const anyDayAndMinute = fc.tuple(fc.integer({ min: dayOf('1997-01-01'), max: 84_000 }), fc.nat({ max: 1439 }))
  fc.assert(
    fc.property(anyDayAndMinute, ([day, minute]) => {
      const time = { day, minute }
      fc.pre(minuteExists(time))
      assert.deepEqual(toLondon(instantOf(time)), time)
    }),
  )
})

test('of a minute that occurs twice the instant is the first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1997, max: 2199 }), fc.integer({ min: 60, max: 119 }), (year, minute) => {
      const time = { day: clockChangeDay(year, 9), minute }
      const first = instantOf(time)
      assert.deepEqual(toLondon(new Date(first.getTime() + 3_600_000)), time, 'an hour later the clock shows it again')
      assert.notDeepEqual(toLondon(new Date(first.getTime() - 3_600_000)), time)
    }),
  )
})
