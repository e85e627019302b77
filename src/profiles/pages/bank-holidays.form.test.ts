import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NINE_TO_FIVE } from '#test/support/builders.ts'
import { type AskedHoliday, holidayFields, holidayFormAfter, parseHolidaysForm } from './bank-holidays.form.ts'

const CHRISTMAS: AskedHoliday = {
  date: '2026-12-25',
  dayInWords: 'Christmas Day, Friday 25 December 2026',
  usual: NINE_TO_FIVE,
  answer: undefined,
}
const NEW_YEAR: AskedHoliday = {
  date: '2027-01-01',
  dayInWords: 'New Year’s Day, Friday 1 January 2027',
  usual: null,
  answer: { answer: 'other', sessions: NINE_TO_FIVE },
}
const ASKED = [CHRISTMAS, NEW_YEAR]

test('reads the answers that were given and leaves the others alone', () => {
  assert.deepEqual(parseHolidaysForm({ 'holiday-2026-12-25': 'usual' }, ASKED), {
    ok: true,
    value: { '2026-12-25': { answer: 'usual' } },
  })
})

test('"usual hours" needs hours that are known', () => {
  const read = parseHolidaysForm({ 'holiday-2027-01-01': 'usual' }, ASKED)
  assert.deepEqual(!read.ok && read.problems.map(({ code }) => code), ['usual-unknown'])
})

test('times that were there before an answer was changed to closed are dropped; new ones are asked about', () => {
  const closed = { ...holidayFields(ASKED), 'holiday-2027-01-01': 'closed' }
  assert.deepEqual(parseHolidaysForm(closed, ASKED), { ok: true, value: { '2027-01-01': { answer: 'closed' } } })
  assert.equal(parseHolidaysForm({ ...closed, 'holiday-2027-01-01-1-to': '8pm' }, ASKED).ok, false)
})

test('answers that are shown and sent again unchanged are the same answers', () => {
  assert.deepEqual(parseHolidaysForm(holidayFields(ASKED), ASKED), {
    ok: true,
    value: { '2027-01-01': NEW_YEAR.answer },
  })
})

test('"add more times" chooses other hours; buttons of days that are not asked about do nothing', () => {
  const pressed = holidayFormAfter({}, 'add-holiday-2026-12-25', ASKED)
  assert.deepEqual(pressed, {
    fields: { 'holiday-2026-12-25': 'other', 'holiday-2026-12-25-rows': '2' },
    at: 'holiday-2026-12-25',
  })
  assert.equal(holidayFormAfter({}, 'add-holiday-2026-12-24', ASKED), undefined)
})
