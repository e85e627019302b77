import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import { USUAL_WEEK } from '#test/support/builders.ts'
import { changeFields, parseChangeForm, withFixedDay } from './dated-change.form.ts'

const TODAY: LocalDate = '2026-12-11'
const CONTEXT = {
  today: TODAY,
  usualOn: (date: LocalDate) => USUAL_WEEK[weekdayIndex(dayOf(date))] ?? null,
}
const RIGHT = { 'from-when': 'today', what: 'closed', reason: CHANGE_REASONS[0] }
const other = (day: string, month: string, year: string) => ({
  'from-when': 'other',
  'from-day': day,
  'from-month': month,
  'from-year': year,
})

const DATES: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
  [{}, '2026-12-11', 'today'],
  [{ 'from-when': 'tomorrow' }, '2026-12-12', 'tomorrow'],
  [other('14', '12', '2026'), '2026-12-14', 'numbers'],
  [other('14', 'December', '2026'), '2026-12-14', 'a month as a word'],
  [other(' 4 ', 'jan', '2027'), '2027-01-04', 'a month cut short'],
  [other('29', '02', '2028'), '2028-02-29', 'a leap day'],
  [other('１４', '１２', '２０２６'), '2026-12-14', 'full-width numbers'],
  [{ ...other('14', '12', '2026'), 'from-when': '' }, '2026-12-14', 'boxes filled in without choosing "another date"'],
]
for (const [fields, expected, because] of DATES) {
  test(`reads the first day: ${because}`, () => {
    const read = parseChangeForm({ ...RIGHT, ...fields }, CONTEXT)
    assert.deepEqual(read.ok && [read.value.from, read.value.to], [expected, expected])
  })
}

const PARTS: readonly (readonly [string, string, readonly Session[], string])[] = [
  ['2pm', '', [{ opens: 540, closes: 840 }], 'until closing'],
  ['9', '11', [{ opens: 660, closes: 1020 }], 'the morning'],
  [
    '12',
    '13',
    [
      { opens: 540, closes: 720 },
      { opens: 780, closes: 1020 },
    ],
    'in the middle',
  ],
  ['8', 'midnight', [], 'more than the whole day'],
]
for (const [from, to, expected, because] of PARTS) {
  test(`closed for part of the day leaves the other hours: ${because}`, () => {
    const read = parseChangeForm({ ...RIGHT, what: 'part', 'part-from': from, 'part-to': to }, CONTEXT)
    assert.deepEqual(read.ok && read.value.sessions, expected)
  })
}

test('a part of several days needs the same usual hours on each', () => {
  const part = { ...RIGHT, ...other('14', '12', '2026'), what: 'part', 'part-from': '2pm' }
  const toFriday = parseChangeForm({ ...part, 'to-day': '18', 'to-month': '12', 'to-year': '2026' }, CONTEXT)
  assert.deepEqual(toFriday.ok && toFriday.value.sessions, [{ opens: 540, closes: 840 }])
  const toSaturday = parseChangeForm({ ...part, 'to-day': '19', 'to-month': '12', 'to-year': '2026' }, CONTEXT)
  assert.equal(toSaturday.ok, false)
})

test('a part of a day whose usual hours are not known asks for the hours instead', () => {
  const read = parseChangeForm({ ...RIGHT, what: 'part', 'part-from': '2pm' }, { today: TODAY, usualOn: () => null })
  assert.deepEqual(!read.ok && read.problems.map(({ field, code }) => [field, code]), [['what', 'hours-needed']])
})

test('the note has at most 140 characters, as people count them', () => {
  assert.equal(parseChangeForm({ ...RIGHT, note: '💊'.repeat(140) }, CONTEXT).ok, true)
  assert.equal(parseChangeForm({ ...RIGHT, note: '💊'.repeat(141) }, CONTEXT).ok, false)
})

test('today and tomorrow become the dates they mean', () => {
  const { 'from-when': when, 'from-day': day } = withFixedDay({ ...RIGHT, 'from-when': 'tomorrow' }, TODAY)
  assert.deepEqual([when, day], ['other', '12'])
})

test('a change that is shown and sent again unchanged is the same change', () => {
  const change = {
    from: '2026-12-14',
    to: '2026-12-18',
    sessions: [{ opens: 1320, closes: 1560 }],
    reason: CHANGE_REASONS[5],
    note: 'Use the side door',
  } as const
  assert.deepEqual(parseChangeForm(changeFields(change), CONTEXT), { ok: true, value: change })
})
