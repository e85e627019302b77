import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OTHER_RESET, parseSetCapacity, RESET_CHOICES } from './set-capacity.form.ts'

const PAGE = { others: [7, 8], asksClosed: true }
const RED = { status: 'RED', closed: 'no', reset: '240', reason: 'Very busy' }
const typed = (hours: string, minutes: string) => ({
  ...RED,
  reset: OTHER_RESET,
  'reset-hours': hours,
  'reset-minutes': minutes,
})
const read = (fields: Readonly<Record<string, string>>, page = PAGE) => parseSetCapacity(fields, page)
const problemsOf = (fields: Readonly<Record<string, string>>) => {
  const result = read(fields)
  return result.ok ? {} : Object.fromEntries(result.problems.map(({ field, message }) => [field, message]))
}

describe('the form that sets capacity', () => {
  test('means what was chosen', () => {
    assert.deepEqual(read(RED), {
      ok: true,
      value: { status: 'RED', resetInMinutes: 240, note: 'Very busy', also: [], isClosed: false },
    })
    const noted = read({ ...RED, 'add-note': 'yes', note: '  Back\nsoon ' })
    assert.equal(noted.ok && noted.value.note, 'Very busy: Back soon')
    const several = read({ ...RED, 'also-8': 'yes', 'also-9': 'yes' })
    assert.deepEqual(several.ok && several.value.also, [8], 'only services that the page offered')
    const green = read({ status: 'GREEN', reset: 'rubbish', reason: 'rubbish', closed: 'rubbish' })
    assert.deepEqual(green.ok && green.value, {
      status: 'GREEN',
      resetInMinutes: null,
      note: null,
      also: [],
      isClosed: false,
    })
  })

  test('asks whether the pharmacy is closed where it is Red, and then for nothing else', () => {
    const closed = read({ status: 'RED', closed: 'yes' })
    assert.equal(closed.ok && closed.value.isClosed, true)
    assert.equal(problemsOf({ ...RED, closed: '' })['closed'], 'Select yes if the pharmacy is closed')
    assert.equal(read({ ...RED, status: 'AMBER', closed: '' }).ok, true, 'Amber is open')
    assert.equal(read({ ...RED, closed: '' }, { others: [], asksClosed: false }).ok, true, 'it was not asked')
    const notAsked = read({ ...RED, closed: 'yes' }, { others: [], asksClosed: false })
    assert.equal(notAsked.ok && notAsked.value.isClosed, false)
  })

  test('takes every length of time of the list, and typed ones in steps of 15 minutes up to 5 days', () => {
    for (const minutes of RESET_CHOICES) {
      const result = read({ ...RED, reset: String(minutes) })
      assert.equal(result.ok && result.value.resetInMinutes, minutes)
    }
    const cases = [
      ['1', '30', 90],
      ['', '15', 15],
      ['2', '', 120],
      ['0', '90', 90],
      ['120', '0', 7200],
      ['１', '０', 60],
    ] as const
    for (const [hours, minutes, expected] of cases) {
      const result = read(typed(hours, minutes))
      assert.equal(result.ok && result.value.resetInMinutes, expected, `${hours} h ${minutes} min`)
    }
  })

  const WRONG = [
    ['', '', 'reset-hours', 'Enter hours, minutes or both', 'nothing was typed'],
    ['0', '0', 'reset-hours', 'It must be 15 minutes or more', 'it would end at once'],
    ['-1', '', 'reset-hours', 'Hours must be a whole number, such as 2', 'it would end in the past'],
    ['1.5', '', 'reset-hours', 'Hours must be a whole number, such as 2', 'minutes have a box of their own'],
    ['1', '-15', 'reset-minutes', 'Minutes must be 0, 15, 30 or 45', 'negative'],
    ['1', '10', 'reset-minutes', 'Minutes must be 0, 15, 30 or 45', 'not a quarter of an hour'],
    ['121', '', 'reset-hours', 'It must be 120 hours (5 days) or less', 'longer than 5 days'],
    ['120', '15', 'reset-hours', 'It must be 120 hours (5 days) or less', 'longer than 5 days'],
    ['9999999999', '', 'reset-hours', 'Hours must be a whole number, such as 2', 'no number of hours'],
    ['zwei', '', 'reset-hours', 'Hours must be a whole number, such as 2', 'a word'],
  ] as const
  for (const [hours, minutes, field, message, because] of WRONG) {
    test(`refuses ${hours || 'no'} hours ${minutes || 'no'} minutes: ${because}`, () => {
      assert.deepEqual(problemsOf(typed(hours, minutes)), { [field]: message })
    })
  }

  test('says everything that is missing at once', () => {
    assert.deepEqual(problemsOf({}), { status: 'Select Green, Amber or Red' })
    assert.deepEqual(problemsOf({ status: 'RED', 'add-note': 'yes' }), {
      closed: 'Select yes if the pharmacy is closed',
      reset: 'Select when it goes back to Green',
      reason: 'Select a reason',
      note: 'Enter a note, or untick “Add a note”',
    })
    assert.deepEqual(problemsOf({ ...RED, status: 'PURPLE' }), { status: 'Select Green, Amber or Red' })
    assert.deepEqual(problemsOf({ ...RED, reset: '17' }), { reset: 'Select when it goes back to Green' })
    assert.deepEqual(problemsOf({ ...RED, reason: 'Bored' }), { reason: 'Select a reason' })
  })

  test('takes a note of 900 characters, and minds a note only when it was opened', () => {
    const note = (text: string) => problemsOf({ ...RED, 'add-note': 'yes', note: text })['note']
    assert.equal(note('x'.repeat(900)), undefined)
    assert.equal(note('💊'.repeat(900)), undefined, 'characters are counted, not code units')
    assert.equal(note('x'.repeat(901)), 'The note must be 900 characters or fewer')
    assert.equal(note('   '), 'Enter a note, or untick “Add a note”')
    assert.equal(note('a\uFFFDb'), 'The note must not contain characters that cannot be shown')
    const closed = read({ ...RED, note: 'not opened' })
    assert.equal(closed.ok && closed.value.note, 'Very busy')
  })
})
