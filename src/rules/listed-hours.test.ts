import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sessions, week } from '#test/support/hours.ts'
import { testOnSharedData } from '#test/support/shared-data.ts'
import { formatListedHours, hasFillDownFault, parseListedHours } from './listed-hours.ts'
import { normaliseSessions } from './opening-times.ts'

const read: readonly (readonly [text: string, expected: string, because: string])[] = [
  ['CLOSED', '', 'closed all day'],
  ['09:00-17:30', '09:00-17:30', 'one spell'],
  ['09:00-13:00,14:00-17:30', '09:00-13:00,14:00-17:30', 'a lunch break'],
  ['09:00-12:30,13:00-16:30,17:00-21:00', '09:00-12:30,13:00-16:30,17:00-21:00', 'two breaks'],
  ['09:00-13:30,13:30-18:00', '09:00-18:00', 'touching spells are one'],
  ['14:00-18:00,09:00-13:00', '09:00-13:00,14:00-18:00', 'put in order'],
  ['09:00-23:59', '09:00-24:00', 'midnight, the first way'],
  ['09:00-00:00', '09:00-24:00', 'midnight, the second way'],
  ['09:00-24:00', '09:00-24:00', 'midnight, the third way'],
  ['00:00-23:59', '00:00-24:00', 'all day'],
  ['00:00-00:00', '00:00-24:00', 'midnight to midnight is all day'],
  ['22:00-02:00', '22:00-02:00', 'an end before the start is on the next day'],
  ['00:00-02:00,22:00-04:00', '00:00-02:00,22:00-04:00', 'a morning, and a night that ends tomorrow'],
]
for (const [text, expected, because] of read) {
  test(`"${text}": ${because}`, () => assert.deepEqual(parseListedHours(text), { ok: true, value: sessions(expected) }))
}

const refusals: readonly (readonly [text: string, code: string, because: string])[] = [
  ['', 'blank', 'blank is not closed'],
  ['   ', 'blank', 'blanks are not closed'],
  ['closed', 'not-hours', 'the list writes CLOSED'],
  ['CLOSED ', 'not-hours', 'nothing may follow'],
  ['CLOSED,09:00-17:00', 'not-hours', 'both closed and open'],
  ['09:00-13:00; 14:00-18:00', 'not-hours', 'a semicolon'],
  ['09:00-13:00, 14:00-18:00', 'not-hours', 'a space'],
  ['09:00-13:00 14:00-18:00', 'not-hours', 'a space for a comma'],
  ['09:00-13:00-14:00-18:00', 'not-hours', 'a hyphen for a comma'],
  ['09:00-18.30', 'not-hours', 'a dot in a time'],
  ['09:00-1700', 'not-hours', 'no colon'],
  ['11:00-13:30,14-30-16:00', 'not-hours', 'a hyphen in a time'],
  ['09:00,18:00', 'not-hours', 'a comma for a hyphen'],
  ['9:00-17:00', 'not-hours', 'one digit'],
  ['09:00-25:00', 'not-hours', 'no such hour'],
  ['09:00-17:60', 'not-hours', 'no such minute'],
  ['24:00-02:00', 'not-hours', '24:00 is only an end'],
  ['09:00-24:01', 'not-hours', 'past the end of the day'],
  ['09:00-17:00,', 'not-hours', 'a comma too many'],
  ['09:00–17:00', 'not-hours', 'a dash that looks like a hyphen'],
  ['０９:00-17:00', 'not-hours', 'full-width digits'],
  ['09:00-17:00\u0000', 'not-hours', 'a control character'],
  ['<script>', 'not-hours', 'markup'],
  ['09:00-09:00', 'no-length', 'no time at all, or a whole day?'],
  ['09:00-13:00,12:00-17:00', 'overlap', 'an hour is shared'],
  ['09:00-17:00,09:00-17:00', 'overlap', 'the same twice'],
]
for (const [text, code, because] of refusals) {
  test(`${JSON.stringify(text)} is refused: ${because}`, () => {
    const result = parseListedHours(text)
    assert.equal(result.ok ? 'accepted' : result.problems[0]?.code, code)
  })
}

test('five weekday closings each a minute later are a spreadsheet filled downwards', () => {
  const closings = (...ends: readonly string[]) =>
    week(Object.fromEntries(ends.map((end, day) => [day, `09:00-${end}`])))
  assert.ok(hasFillDownFault(closings('18:00', '18:01', '18:02', '18:03', '18:04')))
  assert.ok(hasFillDownFault(closings('17:59', '18:00', '18:01', '18:02', '18:03', '13:00')))
  assert.equal(hasFillDownFault(closings('18:00', '18:01', '18:02', '18:03', '18:03')), false, 'four are not five')
  assert.equal(hasFillDownFault(closings('18:00', '18:00', '18:00', '18:00', '18:00')), false, 'the same every day')
  assert.equal(hasFillDownFault(closings('18:00', '18:01', '18:02', '18:03')), false, 'Friday is closed')
  assert.equal(hasFillDownFault([null, null, null, null, null, [], []]), false, 'nothing is known')
})

testOnSharedData('pharmacies.csv', 'the published list: every day is read but the malformed ones', (text) => {
  // No field of hours holds a quote, so that the quoted pieces and bare ones can be told apart by their shape.
  const days = [...text.matchAll(/(?<=,)(?:"([^"]*)"|([^",\n]*))(?=,)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const hours = days.filter((day) => day === 'CLOSED' || /^\d\d:\d\d-/.test(day))
  assert.ok(hours.length > 60_000)
  const refusedDays = hours.filter((day) => !parseListedHours(day).ok)
  assert.equal(refusedDays.length, 43, refusedDays.join(' | '))
})

test('hours written for the list are read back as they were', () => {
  const cuts = fc.uniqueArray(fc.nat({ max: 1438 }), { maxLength: 8 })
  fc.assert(
    fc.property(cuts, (minutes) => {
      const points = minutes.toSorted((a, b) => a - b)
      const pairs = points.flatMap((opens, index) => {
        const closes = points[index + 1]
        return index % 2 === 0 && closes !== undefined ? [{ opens, closes }] : []
      })
      const day = normaliseSessions(pairs)
      assert.ok(day.ok)
      assert.deepEqual(parseListedHours(formatListedHours(day.value)), day)
    }),
  )
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(typeof parseListedHours(text).ok, 'boolean')),
  )
})
