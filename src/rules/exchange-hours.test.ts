import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { everyDay, openingTimes, sessions, week } from '#test/support/hours.ts'
import { holidayCalendar } from './bank-holidays.ts'
import { compileOpeningTimes, isOpenAt } from './compiled-hours.ts'
import {
  type ExchangeHours,
  type ExchangeSession,
  fromExchangeHours,
  parseExchangeSessions,
  splitAtMidnight,
  toExchangeHours,
} from './exchange-hours.ts'
import { dateOf, dayOf } from './london-time.ts'
import { mergeSessions, type OpeningTimes, type Session } from './opening-times.ts'

const holidays = holidayCalendar([])
// Monday 21 December 2026 to Sunday 10 January 2027.
const range = { from: dayOf('2026-12-21'), to: dayOf('2027-01-10') }

const thursdayNight = week({ 3: '22:00-02:00' })
const splitWeek = [[], [], [], [['22:00', '23:59']], [['00:00', '02:00']], [], []]

test('without a night session nothing is rewritten', () => {
  const times = openingTimes({
    weekly: everyDay('09:00-13:00,14:00-24:00'),
    bankHoliday: [],
    specified: { '2026-12-24': [] },
  })
  assert.equal(splitAtMidnight(times, holidays, range), times)
  assert.deepEqual(toExchangeHours(times, holidays, range), {
    weekly: Array(7).fill([
      ['09:00', '13:00'],
      ['14:00', '23:59'],
    ]),
    bankHoliday: [],
    openAllHours: false,
    specified: { '2026-12-24': [] },
  })
})

test('a night session becomes an evening and the next early morning', () => {
  const { weekly } = toExchangeHours(openingTimes({ weekly: thursdayNight }), holidays, range)
  assert.deepEqual(weekly, splitWeek)
})

test("Sunday's night ends on Monday, the first of the list", () => {
  const { weekly } = toExchangeHours(
    openingTimes({ weekly: week({ 6: '20:00-06:00', 0: '06:00-09:00' }) }),
    holidays,
    range,
  )
  assert.deepEqual(weekly[0], [['00:00', '09:00']])
  assert.deepEqual(weekly[6], [['20:00', '23:59']])
})

type Case = readonly [
  because: string,
  times: Partial<OpeningTimes>,
  specified: Record<string, readonly ExchangeSession[]>,
]
const cases: readonly Case[] = [
  [
    "the night survives the next day's closure",
    { weekly: thursdayNight, specified: { '2026-12-25': [] } },
    { '2026-12-25': [['00:00', '02:00']] },
  ],
  [
    'a night that does not begin has no morning after',
    { weekly: thursdayNight, bankHoliday: [], specified: { '2027-01-07': [] } },
    { '2026-12-25': [['00:00', '02:00']], '2027-01-01': [['00:00', '02:00']], '2027-01-07': [], '2027-01-08': [] },
  ],
  [
    'a night of a date reaches into the weekday after',
    { weekly: week({ 1: '09:00-10:00' }), bankHoliday: [], specified: { '2027-01-04': sessions('20:00-04:00') } },
    {
      '2027-01-04': [['20:00', '23:59']],
      '2027-01-05': [
        ['00:00', '04:00'],
        ['09:00', '10:00'],
      ],
    },
  ],
  [
    'the night of a bank holiday ends on a date of its own, since the next day can be any weekday',
    { bankHoliday: sessions('23:00-01:00') },
    {
      '2026-12-26': [['00:00', '01:00']],
      '2026-12-29': [['00:00', '01:00']],
      '2027-01-02': [['00:00', '01:00']],
    },
  ],
]
for (const [because, times, specified] of cases) {
  test(`dates: ${because}`, () => {
    assert.deepEqual(toExchangeHours(openingTimes(times), holidays, range).specified, specified)
  })
}

test('a date that repeats the week is written as it was given', () => {
  const times = openingTimes({ weekly: week({ 0: '09:00-17:00', 3: '22:00-02:00' }), bankHoliday: [] })
  const { specified } = splitAtMidnight(
    { ...times, specified: { '2027-01-04': sessions('09:00-17:00') } },
    holidays,
    range,
  )
  assert.deepEqual(specified['2027-01-04'], sessions('09:00-17:00'))
})

test('a range may begin on the day after a holiday', () => {
  const times = openingTimes({ weekly: everyDay('22:00-02:00'), bankHoliday: [] })
  const { specified } = splitAtMidnight(times, holidays, { from: dayOf('2026-12-26'), to: dayOf('2026-12-27') })
  assert.deepEqual(specified['2026-12-26'], sessions('22:00-24:00'))
})

test('a day that is not known stays so, and the day after it does not inherit its night', () => {
  const nights = everyDay('22:00-02:00')
  const { weekly, specified } = splitAtMidnight(openingTimes({ weekly: nights }), holidays, range)
  assert.deepEqual(weekly[1], sessions('00:00-02:00,22:00-24:00'))
  assert.equal('2026-12-25' in specified, false, 'Christmas Day was not answered')
  assert.deepEqual(specified['2026-12-26'], sessions('22:00-24:00'), 'so nothing is known of its night')
})

test('where holidays are answered by their dates, others are told of no hours on a bank holiday', () => {
  assert.deepEqual(toExchangeHours(openingTimes({ bankHoliday: null }), holidays, range).bankHoliday, [])
})

const ends: readonly (readonly [start: string, end: string, closes: number | string, because: string])[] = [
  ['09:00', '23:59', 1440, 'the end of the day as DoS writes it'],
  ['09:00', '24:00', 1440, 'the end of the day as ISO writes it'],
  ['09:00', '00:00', 1440, 'the end of the day as spreadsheets write it'],
  ['23:59', '23:59', 1440, 'the last minute'],
  ['22:00', '02:00', 'end-before-start', 'no session passes midnight here'],
  ['09:00', '09:00', 'end-before-start', 'no time at all'],
  ['00:00', '00:00', 'end-before-start', 'in DoS a closed day, elsewhere a whole one: not guessed'],
  ['24:00', '24:00', 'not-a-time', 'no session begins at the end of the day'],
  ['9:00', '17:00', 'not-a-time', 'one digit'],
  ['09:00', '25:00', 'not-a-time', 'no such hour'],
  ['09:00:00', '17:00:00', 'not-a-time', 'seconds'],
  ['', '', 'not-a-time', 'nothing'],
]
for (const [start, end, closes, because] of ends) {
  test(`reading ${start} to ${end}: ${because}`, () => {
    const result = parseExchangeSessions([[start, end]], 'weekly.0')
    assert.equal(result.ok ? result.value[0]?.closes : result.problems[0]?.code, closes)
    if (!result.ok) assert.equal(result.problems[0]?.field, 'weekly.0')
  })
}

test('every fault of a record is named with its place', () => {
  const result = fromExchangeHours({
    weekly: [
      [['09:00', '08:00']],
      null,
      [],
      [],
      [],
      [],
      [
        ['09:00', '12:00'],
        ['11:00', '13:00'],
      ],
    ],
    bankHoliday: [['x', 'y']],
    openAllHours: false,
    specified: { '2026-02-29': [], '2026-12-25': [['10:00', '09:00']] },
  })
  assert.deepEqual(result.ok ? [] : result.problems.map(({ field, code }) => `${field} ${code}`), [
    'weekly.0 end-before-start',
    'weekly.6 overlap',
    'bankHoliday not-a-time',
    'specified.2026-02-29 not-a-date',
    'specified.2026-12-25 end-before-start',
  ])
})

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const cuts = fc
  .uniqueArray(fc.integer({ min: 0, max: 1439 }), { maxLength: 6 })
  .map((list) => list.toSorted((a, b) => a - b))
const exchangeDay = fc.tuple(cuts, fc.boolean()).map(([minutes, lastIsMidnight]): ExchangeSession[] => {
  const pairs: ExchangeSession[] = []
  for (let index = 0; index + 1 < minutes.length; index += 2) {
    const end = lastIsMidnight && index + 3 >= minutes.length ? '24:00' : clock(minutes[index + 1] ?? 0)
    pairs.push([clock(minutes[index] ?? 0), end])
  }
  return pairs
})
const anyDate = fc.integer({ min: range.from - 3, max: range.to + 3 }).map(dateOf)

test('what was read is written back as it was, but for 24:00, which becomes 23:59', () => {
  const record: fc.Arbitrary<ExchangeHours> = fc.record({
    weekly: fc.array(fc.option(exchangeDay, { nil: null, freq: 9 }), { minLength: 7, maxLength: 7 }),
    bankHoliday: exchangeDay,
    openAllHours: fc.boolean(),
    specified: fc.dictionary(anyDate, exchangeDay, { maxKeys: 4, noNullPrototype: true }),
  })
  fc.assert(
    fc.property(record, (given) => {
      const read = fromExchangeHours(given)
      assert.ok(read.ok)
      const expected = JSON.parse(JSON.stringify(given).replaceAll('24:00', '23:59')) as unknown
      assert.deepEqual(JSON.parse(JSON.stringify(toExchangeHours(read.value, holidays, range))), expected)
    }),
  )
})

const night = fc.tuple(cuts, fc.boolean(), fc.integer({ min: 1, max: 600 })).map(([minutes, late, tail]) => {
  const list: Session[] = []
  for (let index = 0; index + 1 < minutes.length; index += 2) {
    list.push({ opens: minutes[index] ?? 0, closes: minutes[index + 1] ?? 0 })
  }
  return mergeSessions(late ? [...list, { opens: 1380, closes: 1440 + tail }] : list)
})

test('the split times say the same of every minute of a day that is known', () => {
  const anyTimes: fc.Arbitrary<OpeningTimes> = fc.record({
    weekly: fc.array(fc.option(night, { nil: null, freq: 9 }), { minLength: 7, maxLength: 7 }),
    bankHoliday: fc.option(night, { nil: null }),
    openAllHours: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    specified: fc.dictionary(anyDate, night, { maxKeys: 4, noNullPrototype: true }),
  })
  fc.assert(
    fc.property(anyTimes, (times) => {
      const split = splitAtMidnight(times, holidays, range)
      const [before, after] = [compileOpeningTimes(times, holidays), compileOpeningTimes(split, holidays)]
      const withinDays = [...split.weekly, split.bankHoliday, ...Object.values(split.specified)]
      assert.ok(withinDays.every((list) => list?.every(({ closes }) => closes <= 1440) ?? true))
      for (let minute = 0; minute < (range.to - range.from + 1) * 1440; minute += 11) {
        const at = { day: range.from + Math.floor(minute / 1440), minute: minute % 1440 }
        const said = isOpenAt(after, at)
        if (said !== null) assert.equal(said, isOpenAt(before, at), JSON.stringify(at))
        else assert.notEqual(isOpenAt(before, { ...at, minute: 1439 }), false, 'a day known to be closed stays known')
      }
      assert.equal(splitAtMidnight(split, holidays, range), split, 'split once, split for good')
    }),
    { numRuns: 200 },
  )
})
