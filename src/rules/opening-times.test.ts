import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyDay, london, openingTimes, sessions, week } from '#test/support/hours.ts'
import { holidayCalendar } from './bank-holidays.ts'
import { compileOpeningTimes, isOpenAt, nextChange, openStateAt } from './compiled-hours.ts'
import { dayOf, formatLondon } from './london-time.ts'
import { normaliseSessions, type OpeningTimes, sessionsOn } from './opening-times.ts'

const holidays = holidayCalendar([])

/** `open until … (because)`, `closed, opens … (because)` or `unknown, opens …`, so that a case is one line. */
function describeState(times: OpeningTimes, at: string): string {
  const state = openStateAt(compileOpeningTimes(times, holidays), london(at))
  if (state.open) return `open until ${state.until ? formatLondon(state.until) : 'for ever'} (${state.because})`
  const opens = state.opensAt ? formatLondon(state.opensAt) : 'never'
  return `${state.open === null ? 'unknown' : 'closed'}, opens ${opens} (${state.because})`
}

type Case = readonly [at: string, expected: string, because: string]
function check(name: string, times: OpeningTimes, cases: readonly Case[]): void {
  for (const [at, expected, because] of cases) {
    test(`${name} at ${at}: ${because}`, () => assert.equal(describeState(times, at), expected))
  }
}

// 2026: 21 December is a Monday, Christmas Day a Friday, Boxing Day a Saturday kept on Monday 28.
const nineToFive = week({ 0: '09:00-13:00,14:00-17:30', 1: '09:00-17:30', 2: '09:00-17:30', 3: '09:00-17:30' })

check('an ordinary week', openingTimes({ weekly: nineToFive }), [
  ['2026-12-21T08:59', 'closed, opens 2026-12-21T09:00 (weekly)', 'it is a minute before opening'],
  ['2026-12-21T09:00', 'open until 2026-12-21T13:00 (weekly)', 'the opening minute is open'],
  ['2026-12-21T12:59', 'open until 2026-12-21T13:00 (weekly)', 'the last minute before lunch is open'],
  ['2026-12-21T13:00', 'closed, opens 2026-12-21T14:00 (weekly)', 'the closing minute is closed'],
  [
    '2026-12-24T17:30',
    'closed, opens 2026-12-29T09:00 (weekly)',
    'Monday 28 is a holiday nobody answered, so it is skipped',
  ],
])

check(
  'holidays answered one by one',
  openingTimes({ weekly: everyDay('09:00-17:00'), specified: { '2026-12-25': [] } }),
  [
    ['2026-12-25T10:00', 'closed, opens 2026-12-26T09:00 (specified)', 'Christmas Day was answered: closed'],
    ['2026-12-26T10:00', 'open until 2026-12-26T17:00 (weekly)', 'Saturday 26 December is not the bank holiday'],
    ['2026-12-28T10:00', 'unknown, opens 2026-12-29T09:00 (unknown)', 'the substitute day has no answer'],
    ['2027-03-26T10:00', 'unknown, opens 2027-03-27T09:00 (unknown)', 'Good Friday has no answer'],
    [
      '2027-03-28T10:00',
      'unknown, opens 2027-03-30T09:00 (unknown)',
      'Easter Sunday has no answer, nor has the Monday',
    ],
    [
      '2027-12-25T10:00',
      'unknown, opens 2027-12-26T09:00 (unknown)',
      'Christmas Day on a Saturday still needs an answer',
    ],
  ],
)

check(
  'a list for bank holidays',
  openingTimes({ weekly: everyDay('09:00-17:00'), bankHoliday: sessions('10:00-12:00') }),
  [
    ['2026-12-25T09:30', 'closed, opens 2026-12-25T10:00 (bankHoliday)', 'the list rules a bank holiday'],
    ['2026-12-28T11:00', 'open until 2026-12-28T12:00 (bankHoliday)', 'the substitute day is a bank holiday'],
    [
      '2027-03-28T09:30',
      'open until 2027-03-28T17:00 (weekly)',
      'Easter Sunday is no bank holiday and follows the week',
    ],
    ['2027-12-25T09:30', 'open until 2027-12-25T17:00 (weekly)', 'Christmas Day on a Saturday follows the week'],
  ],
)

check('an empty list for bank holidays', openingTimes({ weekly: everyDay('09:00-17:00'), bankHoliday: [] }), [
  ['2026-12-28T11:00', 'closed, opens 2026-12-29T09:00 (bankHoliday)', 'empty is closed, not unknown'],
])

const alwaysBut = openingTimes({
  weekly: week({}),
  openAllHours: true,
  bankHoliday: [],
  specified: { '2027-06-01': [], '2027-06-03': sessions('10:00-11:00') },
})
check('open all hours', alwaysBut, [
  [
    '2026-12-25T03:00',
    'open until 2027-06-01T00:00 (openAllHours)',
    'it outranks the bank holiday, and ends at a date',
  ],
  ['2027-06-01T12:00', 'closed, opens 2027-06-02T00:00 (specified)', 'a specified date outranks it'],
  ['2027-06-03T10:30', 'open until 2027-06-03T11:00 (specified)', 'a specified date gives its own hours'],
  ['2027-06-04T10:30', 'open until for ever (openAllHours)', 'nothing ends it any more'],
])
check('open all hours with a closure far away', openingTimes({ openAllHours: true, specified: { '2031-05-01': [] } }), [
  ['2026-12-25T03:00', 'open until 2031-05-01T00:00 (openAllHours)', 'no horizon hides a known closure'],
])

check('a night session', openingTimes({ weekly: week({ 3: '22:00-02:00' }), specified: { '2026-12-25': [] } }), [
  ['2026-12-24T23:30', 'open until 2026-12-25T02:00 (weekly)', 'Thursday evening has begun'],
  ['2026-12-25T00:00', 'open until 2026-12-25T02:00 (weekly)', 'it runs into Christmas Day, by reason of Thursday'],
  ['2026-12-25T01:59', 'open until 2026-12-25T02:00 (weekly)', 'the closure does not cut it short'],
  ['2026-12-25T02:00', 'closed, opens 2026-12-31T22:00 (specified)', 'then the closure of the date holds'],
])
check('a night session before a day that is not known', openingTimes({ weekly: week({ 0: '22:00-02:00', 1: null }) }), [
  ['2026-12-22T01:00', 'open until 2026-12-22T02:00 (weekly)', 'what began on Monday is known'],
  [
    '2026-12-22T02:00',
    'unknown, opens 2027-01-04T22:00 (unknown)',
    'the rest of Tuesday is not; Monday 28 is a holiday',
  ],
])

check('midnight between two sessions', openingTimes({ weekly: week({ 1: '22:00-24:00', 2: '00:00-02:00' }) }), [
  ['2026-12-22T23:00', 'open until 2026-12-23T02:00 (weekly)', 'touching sessions of two dates are one spell'],
  ['2026-12-23T00:00', 'open until 2026-12-23T02:00 (weekly)', 'midnight itself is open'],
])
const nightsAround = openingTimes({ weekly: everyDay('00:00-24:00'), bankHoliday: [] })
check('open round the clock', nightsAround, [
  ['2026-12-21T12:00', 'open until 2026-12-25T00:00 (weekly)', 'it runs on until the holiday'],
])
check('open round the clock, holidays unanswered', openingTimes({ weekly: everyDay('00:00-24:00') }), [
  ['2026-12-21T12:00', 'open until 2026-12-25T00:00 (weekly)', 'a day that is not known ends the spell at its start'],
])
check(
  'open round the clock, holidays too',
  openingTimes({ weekly: everyDay('00:00-24:00'), bankHoliday: sessions('00:00-24:00') }),
  [['2026-12-21T12:00', 'open until for ever (weekly)', 'no end is in sight']],
)

check('nothing known', openingTimes({ weekly: [null, null, null, null, null, null, null] }), [
  ['2026-12-22T12:00', 'unknown, opens never (unknown)', 'a week that was refused is not a week that is closed'],
])
check('nothing at all', openingTimes({ bankHoliday: [] }), [
  ['2026-12-22T12:00', 'closed, opens never (weekly)', 'there is no opening to find'],
])
check('one date only', openingTimes({ specified: { '2027-02-01': sessions('10:00-11:00') } }), [
  ['2026-12-22T12:00', 'closed, opens 2027-02-01T10:00 (weekly)', 'the date is the only opening'],
])

// Clocks go forward on 28 March 2027 (Easter Sunday) and back on 31 October 2027.
const spring = (text: string): OpeningTimes => openingTimes({ specified: { '2027-03-28': sessions(text) } })
check('the skipped hour: opening in it', spring('01:15-05:00'), [
  ['2027-03-28T00:59', 'closed, opens 2027-03-28T02:00 (specified)', 'the clock passes from 00:59 to 02:00'],
  ['2027-03-28T02:00', 'open until 2027-03-28T05:00 (specified)', 'it is then open'],
])
check('the skipped hour: closing in it', spring('00:00-01:30'), [
  [
    '2027-03-28T00:30',
    'open until 2027-03-28T02:00 (specified)',
    '01:30 is never shown, 02:00 is the same instant as 01:00',
  ],
])
check('the skipped hour: closing as it begins', spring('00:00-01:00'), [
  ['2027-03-28T00:30', 'open until 2027-03-28T02:00 (specified)', '01:00 is never shown'],
])
check('the skipped hour: a break inside it', spring('00:00-01:15,01:45-03:00'), [
  ['2027-03-28T00:30', 'open until 2027-03-28T03:00 (specified)', 'no minute of the break exists'],
])
check('the skipped hour: a session inside it', spring('01:15-01:45,09:00-10:00'), [
  ['2027-03-28T00:30', 'closed, opens 2027-03-28T09:00 (specified)', 'no minute of the first session exists'],
])
check('the repeated hour', openingTimes({ weekly: week({ 6: '00:00-01:30' }) }), [
  ['2027-10-31T01:29', 'open until 2027-10-31T01:30 (weekly)', 'a minute that occurs twice is answered as one'],
])

test('a day of a statutory holiday is unknown even where the weekday is closed', () => {
  const hours = compileOpeningTimes(openingTimes({}), holidays)
  assert.equal(isOpenAt(hours, london('2026-12-28T12:00')), null)
  assert.equal(isOpenAt(hours, london('2026-12-29T12:00')), false)
})

test('the next change of a closed Sunday before an unanswered holiday is midnight, when closed becomes unknown', () => {
  const hours = compileOpeningTimes(openingTimes({ weekly: nineToFive }), holidays)
  assert.deepEqual(nextChange(hours, london('2026-12-27T12:00')), london('2026-12-28T00:00'))
  assert.deepEqual(nextChange(hours, london('2026-12-28T12:00')), london('2026-12-29T00:00'))
  assert.deepEqual(nextChange(hours, london('2026-12-29T00:00')), london('2026-12-29T09:00'))
})

const layers: readonly (readonly [times: Partial<OpeningTimes>, because: string])[] = [
  [{ openAllHours: true, bankHoliday: [], specified: { '2026-12-25': [] } }, 'specified'],
  [{ openAllHours: true, bankHoliday: [] }, 'openAllHours'],
  [{ bankHoliday: sessions('10:00-11:00') }, 'bankHoliday'],
  [{ bankHoliday: null }, 'unknown'],
]
for (const [times, because] of layers) {
  test(`on Christmas Day the layer that speaks is ${because} for ${JSON.stringify(times)}`, () => {
    assert.equal(sessionsOn(openingTimes(times), dayOf('2026-12-25'), holidays).because, because)
  })
}

const lists: readonly (readonly [given: string, expected: string | RegExp, because: string])[] = [
  ['', '', 'closed is a list without sessions'],
  ['14:00-18:00,09:00-13:00', '09:00-13:00,14:00-18:00', 'they are put in order'],
  ['09:00-13:00,13:00-17:00', '09:00-17:00', 'touching sessions are one'],
  ['09:00-13:00,12:59-17:00', /overlap: 9am to 1pm and 12:59pm to 5pm/, 'one minute is shared'],
  ['09:00-17:00,10:00-11:00', /overlap/, 'the one lies inside the other'],
  ['09:00-17:00,09:00-17:00', /overlap/, 'the same session twice'],
  [
    '22:00-02:00,00:00-01:00',
    '00:00-01:00,22:00-02:00',
    "the early morning is this date's, the night ends on the next",
  ],
  ['22:00-02:00,23:00-24:00', /overlap: 10pm to 2am the next day and 11pm to midnight/, 'the night covers the evening'],
]
for (const [given, expected, because] of lists) {
  test(`sessions ${given || '(none)'}: ${because}`, () => {
    const result = normaliseSessions(sessions(given))
    if (typeof expected === 'string') assert.deepEqual(result, { ok: true, value: sessions(expected) })
    else assert.match(result.ok ? '' : (result.problems[0]?.message ?? ''), expected)
  })
}

const notSessions: readonly (readonly [opens: number, closes: number, because: string])[] = [
  [-1, 60, 'it begins before the day'],
  [1440, 1500, 'it begins after the day'],
  [600, 600, 'it has no length'],
  [600, 540, 'it ends before it begins'],
  [600, 2881, 'it ends after the next day'],
  [600.5, 700, 'a minute is whole'],
  [Number.NaN, 700, 'it is no number'],
]
for (const [opens, closes, because] of notSessions) {
  test(`a session from minute ${opens} to ${closes} is refused: ${because}`, () => {
    assert.equal(normaliseSessions([{ opens, closes }]).ok, false)
  })
}
