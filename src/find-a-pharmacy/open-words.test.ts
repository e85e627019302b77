import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { milesInWords } from '#src/rules/distance.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'
import { momentWords, openingWords } from '#src/rules/opening-words.ts'
import { kilometresWords } from './open-words.ts'

const at = (text: string): LondonTime => parseLondonMinute(text) ?? assert.fail(text)

const day = [{ opens: 540, closes: 1050 }]
const lunch = [
  { opens: 540, closes: 780 },
  { opens: 840, closes: 1080 },
]
const round = [{ opens: 0, closes: 1440 }]
const WEEKDAYS: OpeningTimes['weekly'] = [day, lunch, day, day, day, [], []]
const NEVER: OpeningTimes['weekly'] = [[], [], [], [], [], [], []]

const hoursOf = (weekly: OpeningTimes['weekly'], given: Partial<OpeningTimes> = {}) =>
  compileOpeningTimes({ weekly, bankHoliday: null, openAllHours: false, specified: {}, ...given }, holidayCalendar([]))

const usual = hoursOf(WEEKDAYS)
const late = hoursOf([day, day, [{ opens: 1320, closes: 1560 }], day, day, [], []])
const untilMidnight = hoursOf([[{ opens: 540, closes: 1440 }], day, day, day, day, [], []])
const allHours = hoursOf(NEVER, { openAllHours: true })
const monday24 = hoursOf([round, round, day, day, day, [], []])
const sundayUnknown = hoursOf([day, day, day, day, day, day, null])
const closedOverChristmas = hoursOf(WEEKDAYS, { specified: { '2026-12-24': [], '2026-12-28': day } })

const now: readonly (readonly [
  name: string,
  hours: typeof usual,
  minute: string,
  sentence: string,
  because: string,
])[] = [
  ['usual', usual, '2026-12-07T10:00', 'Open until 5:30pm', 'it closes today'],
  ['usual', usual, '2026-12-07T17:30', 'Closed. Opens tomorrow at 9am', 'the closing minute is closed'],
  ['usual', usual, '2026-12-08T13:15', 'Closed. Opens today at 2pm', 'it is lunch time'],
  ['usual', usual, '2026-12-05T10:00', 'Closed. Opens Monday at 9am', 'Saturday: the day is named'],
  ['late', late, '2026-12-09T23:00', 'Open until 2am tomorrow', 'the session runs past midnight'],
  ['late', late, '2026-12-10T01:00', 'Open until 2am', 'past midnight it closes today'],
  ['until midnight', untilMidnight, '2026-12-07T10:00', 'Open until midnight', 'midnight belongs to the day before'],
  ['all hours', allHours, '2026-12-25T10:00', 'Open 24 hours a day', 'it never closes'],
  ['24 hours on Monday', monday24, '2026-12-07T10:00', 'Open until midnight tomorrow', 'two whole days touch'],
  [
    'usual',
    usual,
    '2026-12-25T10:00',
    'Check before you travel: hours on Christmas Day are not confirmed',
    'nobody answered for Christmas Day',
  ],
  [
    'Sunday unknown',
    sundayUnknown,
    '2026-12-06T10:00',
    'Check before you travel: opening times today are not known',
    'the list had no readable hours for Sunday',
  ],
  [
    'usual',
    usual,
    '2026-12-24T18:00',
    'Closed. Opens Tuesday at 9am. Hours on Christmas Day are not confirmed',
    'days that nobody answered for lie between',
  ],
  [
    'over Christmas',
    closedOverChristmas,
    '2026-12-23T18:00',
    'Closed. Opens Monday at 9am. Hours on Christmas Day are not confirmed',
    'Christmas Eve is closed and known',
  ],
]
for (const [name, hours, minute, sentence, because] of now) {
  test(`${name} at ${minute}: ${sentence} (${because})`, () => {
    assert.equal(openingWords(hours, at(minute), true).sentence, sentence)
  })
}

const then: readonly (readonly [minute: string, sentence: string])[] = [
  ['2026-12-07T10:00', 'Open until 5:30pm that day'],
  ['2026-12-07T18:00', 'Closed. Opens the next day at 9am'],
  ['2026-12-08T13:15', 'Closed. Opens that day at 2pm'],
  ['2026-12-05T10:00', 'Closed. Opens Monday 7 December at 9am'],
  ['2026-12-25T10:00', 'Check before you travel: hours on Christmas Day are not confirmed'],
]
for (const [minute, sentence] of then) {
  test(`told about another time, ${minute}: ${sentence}`, () => {
    assert.equal(openingWords(usual, at(minute), false).sentence, sentence)
  })
}

test('a pharmacy with no hours at all is closed and does not say when it opens', () => {
  assert.deepEqual(openingWords(hoursOf(NEVER), at('2026-12-07T10:00'), true), { tone: 'closed', sentence: 'Closed' })
})

test('unknown Sundays elsewhere are told by their weekday', () => {
  const { sentence, tone } = openingWords(sundayUnknown, at('2026-12-06T10:00'), false)
  assert.deepEqual([sentence, tone], ['Check before you travel: opening times on Sunday are not known', 'unknown'])
})

const moments: readonly (readonly [minute: string, words: string])[] = [
  ['2026-12-11T15:00', '3pm today'],
  ['2026-12-12T12:00', 'midday tomorrow'],
  ['2026-12-13T00:00', 'midnight on Sunday 13 December'],
  ['2027-12-13T17:30', '5:30pm on Monday 13 December 2027'],
]
for (const [minute, words] of moments) {
  test(`${minute} is ${words}`, () => assert.equal(momentWords(at(minute), at('2026-12-11T10:34')), words))
}

const distances: readonly (readonly [metres: number, miles: string, kilometres: string])[] = [
  [0, 'less than 0.1 miles', 'less than 50 metres'],
  [114, 'less than 0.1 miles', '110 metres'],
  [160, 'less than 0.1 miles', '160 metres'],
  [161, '0.1 miles', '0.2 km'],
  [1609, '1 mile', '1.6 km'],
  [15_900, '9.9 miles', '16 km'],
  [16_050, '10 miles', '16 km'],
  [235_000, '146 miles', '235 km'],
]
for (const [metres, miles, kilometres] of distances) {
  test(`${metres} metres are ${miles}, ${kilometres}`, () => {
    assert.deepEqual([milesInWords(metres), kilometresWords(metres)], [miles, kilometres])
  })
}
