/** What the finder reads, keeps and draws, without a page: tables of cases with why. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { dayOf, type LondonTime } from '#src/rules/london-time.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'
import { axisLine, chartOf } from './compare-services.ts'
import { finderAddress, finderForm, practiceCodeIn, readFinder } from './finder-request.ts'
import { distanceInWords } from './finder-view.ts'
import { type OpeningFields, readOpening } from './opening-fields.ts'
import { backTo, keptSearch } from './search-behind.ts'

/** A Thursday. */
const NOW: LondonTime = { day: dayOf('2026-12-10'), minute: 634 }
const ASKED = { now: NOW, roles: new Set([1, 2]) }

const EMPTY: OpeningFields = { open: '', 'open-day': '', 'open-month': '', 'open-year': '', 'open-time': '' }
const at = (date: `${number}-${number}-${number}`, minute: number) => ({ day: dayOf(date), minute })
const openings: readonly (readonly [given: Partial<OpeningFields>, read: unknown, because: string])[] = [
  [{}, 'any', 'nothing is asked'],
  [{ open: 'now' }, 'now', 'a word'],
  [{ open: '2026-12-11T15:00' }, at('2026-12-11', 900), 'an address that somebody kept'],
  [{ open: 'whenever' }, 'any', 'an address that somebody made up'],
  [{ open: '2026-12-10T00:00' }, at('2026-12-10', 0), 'an address that was kept this morning'],
  [{ open: '2026-12-09T23:59' }, ['open-day'], 'an address that was kept until its day was over'],
  [{ open: '2028-12-31T23:59' }, at('2028-12-31', 1439), 'the end of the year after next'],
  [{ open: '2029-01-01T00:00' }, ['open-day'], 'later than hours are known'],
  [{ open: 'at', 'open-time': '3pm' }, at('2026-12-10', 900), 'an empty day is today'],
  [
    { open: 'at', 'open-day': '5', 'open-month': 'Jan', 'open-year': '2027', 'open-time': '9:30' },
    at('2027-01-05', 570),
    'a month in letters',
  ],
  [{ open: 'at' }, ['open-time'], 'a time is needed'],
  [
    { open: 'at', 'open-day': '31', 'open-month': '2', 'open-year': '2027' },
    ['open-day', 'open-time'],
    'both are wrong',
  ],
  [
    { open: 'at', 'open-day': '28', 'open-month': '3', 'open-year': '2027', 'open-time': '1:30am' },
    ['open-time'],
    'the clocks go forward',
  ],
  [
    { open: 'at', 'open-day': '9', 'open-month': '12', 'open-year': '2026', 'open-time': '3pm' },
    ['open-day'],
    'yesterday is over: nothing is found then, and nobody would see why',
  ],
]
for (const [given, expected, because] of openings) {
  test(`when it must be open is read: ${because}`, () => {
    const read = readOpening({ ...EMPTY, ...given }, NOW)
    assert.deepEqual(read.ok ? read.value : read.problems.map(({ field }) => field), expected)
  })
}

const codes: readonly (readonly [typed: string, code: string | null, because: string])[] = [
  ['p91003', 'P91003', 'in any case'],
  ['Elm Surgery, Sale (P91003)', 'P91003', 'as it is suggested, with its name'],
  ['Sale', null, 'a code has a digit'],
  ['Park Surgery 2', null, 'and no space'],
  ['Park Surgery (2)', null, 'and more than a number'],
  ['12345678901', null, 'and is not as long as a phone number'],
]
for (const [typed, code, because] of codes) {
  test(`the code of a practice in “${typed}” is ${code}: ${because}`, () => assert.equal(practiceCodeIn(typed), code))
}

test('a role that nobody has is a problem beside its field, and not a filter', () => {
  for (const role of ['99', 'x', '2,1']) {
    const read = readFinder(finderForm({ need: 'x', place: 'M33', role }), ASKED)
    assert.deepEqual(read.ok || read.problems.map(({ field }) => field), ['role'], role)
  }
})

test('several kinds of access travel in one address, and unknown ones are left out', () => {
  const form = finderForm({ need: 'x', place: 'M33', access: ['parking', 'step-free', 'a moat'] })
  const read = readFinder(form, ASKED)
  assert.ok(read.ok)
  assert.deepEqual(
    read.value.access.map(({ slug }) => slug),
    ['step-free', 'parking'],
  )
  assert.match(finderAddress(form), /access=parking,step-free,a\+moat/)
})

test('nothing of the patient, no whole postcode, no moment and no typed word is kept of a search', () => {
  const form = finderForm({
    ...{ need: 'pharmacy for Mrs Ash', type: '13', place: 'M33 7AB', age: '43', sex: 'F', surgery: 'P91003' },
    ...{ urgency: 'hour', open: '2026-12-11T15:00', role: '2', km: '5', access: 'parking' },
  })
  const read = readFinder(form, ASKED)
  assert.ok(read.ok)
  const place = { kind: 'postcode', label: 'M33 7AB', latitude: 53.4, longitude: -2.3, insteadOf: undefined } as const
  const reference = { types: new Map([[13, { id: 13, name: 'Pharmacy' }]]), roles: new Map([[2, null]]) }
  const kept = keptSearch({ request: read.value, place }, reference as unknown as Parameters<typeof keptSearch>[1])
  assert.equal(kept.title, 'Pharmacy within 3.1 miles (5 km) of M33, referrals from HCP Registered, car parking')
  assert.equal(kept.address, '/finder/results?need=Pharmacy&type=13&place=M33&access=parking&km=5&role=2')
})

const distances: readonly (readonly [
  metres: number,
  road: number | undefined,
  isArea: boolean,
  words: string,
  because: string,
])[] = [
  [1100, undefined, true, '0.7 miles in a straight line', 'nobody knows the roads'],
  [1100, 1500, true, '0.7 miles in a straight line, about 0.9 miles by road', 'somebody does'],
  [1100, 900, true, '0.7 miles in a straight line', 'no road is shorter than a straight line: a place is rough'],
  [90, 120, true, 'Less than 0.1 miles in a straight line, less than 0.1 miles by road', 'less than is not about'],
  [20, undefined, false, 'Less than 0.1 miles in a straight line, about 1 minute on foot', 'from where somebody is'],
  [9000, undefined, false, '5.6 miles in a straight line', 'nobody walks that far'],
]
for (const [metres, roadMetres, isArea, words, because] of distances) {
  test(`${metres} metres, ${roadMetres} by road, is “${words}”: ${because}`, () =>
    assert.equal(distanceInWords(metres, { roadMetres, isArea }), words))
}

test('only results of the finder are a way back', () => {
  const good = '/finder/results?need=a&place=M33&open=2026-12-11T15:00&access=a,b'
  for (const bad of ['https://evil.example', '//evil.example', '/finder/results?<script>', `${good}\n`, 7, undefined]) {
    assert.equal(backTo(bad), '', String(bad))
  }
  assert.equal(backTo(good), good)
})

const HOURS: OpeningTimes = {
  weekly: [[], [], [{ opens: 1320, closes: 1560 }], [{ opens: 540, closes: 1080 }], null, [], []],
  bankHoliday: null,
  openAllHours: false,
  specified: {},
}
const compiled = (given: Partial<OpeningTimes> = {}) => compileOpeningTimes({ ...HOURS, ...given }, holidayCalendar([]))

test('the axis has the night before, today, and what is not known of tomorrow', () => {
  const line = axisLine(compiled(), NOW.day)
  assert.deepEqual(line.open, [
    { from: 0, to: 120 },
    { from: 540, to: 1080 },
  ])
  assert.deepEqual(line.unknown, [{ from: 1440, to: 2880 }])
  assert.deepEqual(line.days, ['9am to 6pm', 'Not known'])
  assert.deepEqual(axisLine(compiled({ openAllHours: true }), NOW.day).unknown, [])
})

test('what is drawn stays within the picture', () => {
  const chart = chartOf([{ name: 'x'.repeat(99), line: axisLine(compiled({ openAllHours: true }), NOW.day) }], NOW)
  for (const { x, width } of chart.rows.flatMap(({ open }) => open)) assert.ok(x >= 0 && x + width <= chart.width)
  assert.ok(chart.nowX > chart.track.x && chart.nowX < chart.width / 2)
  assert.equal(chart.rows[0]?.name.length, 40)
})
