import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatMoment, readSearchTime, toLondonMoment } from './search-time.ts'

/** A Wednesday in summer, 10:00 on London clocks. */
const NOW = '2026-08-05T09:00:00.500Z'

const cases: readonly (readonly [text: string, expected: string, because: string, now?: string])[] = [
  ['2026-08-05T10:00:00', '2026-08-05T10:00:00', 'without a zone it is on London clocks'],
  ['2026-08-05T10:00', '2026-08-05T10:00:00', 'seconds may be left out'],
  ['2026-08-05T09:00:00Z', '2026-08-05T10:00:00', 'summer time is an hour ahead of UTC'],
  ['2026-08-05T09:00:00+00:00', '2026-08-05T10:00:00', 'as 111 Online sends it'],
  ['2026-08-05t09:00:00z', '2026-08-05T10:00:00', 'letters may be small'],
  ['2026-08-05 10:00:30', '2026-08-05T10:00:30', 'a space in place of the T'],
  ['2026-08-05T11:00:00+0200', '2026-08-05T10:00:00', 'an offset without its colon'],
  ['2026-08-05T11:00:00+02', '2026-08-05T10:00:00', 'an offset of hours'],
  ['2026-08-05T04:30:00-04:30', '2026-08-05T10:00:00', 'west of us'],
  ['2026-08-05T10:00:00.123', '2026-08-05T10:00:00', 'fractions are dropped'],
  ['2026-08-05T10:00:00.1234567+01:00', '2026-08-05T10:00:00', 'as .NET writes it'],
  ['2026-08-05T10:00:00,5', '2026-08-05T10:00:00', 'a comma is allowed'],
  ['20260805T100000', '2026-08-05T10:00:00', 'the basic form'],
  ['20260805T0900Z', '2026-08-05T10:00:00', 'the basic form'],
  ['20260805T10', '2026-08-05T10:00:00', 'the basic form, hours alone'],
  ['2026-08-05T24:00:00', '2026-08-06T00:00:00', 'the end of a day is the start of the next'],
  ['2026-12-25T23:30:00-05:00', '2026-12-26T04:30:00', 'the date may move'],
  ['2027-08-05T10:00:00', '2027-08-05T10:00:00', 'twelve months ahead to the second'],
  ['2027-08-05T10:00:01', 'time-far', 'a second more'],
  ['2027-09-05T10:00:00', 'time-far', 'thirteen months ahead'],
  ['9999-12-31T23:59:59', 'time', 'no such year here'],
  ['2028-02-28T10:00:00', '2028-02-28T10:00:00', 'a leap day looks ahead to 28 February', '2027-02-28T10:00:00Z'],
  ['2029-02-28T10:00:01', 'time-far', 'a leap day looks ahead to 28 February', '2028-02-29T10:00:00Z'],
  ['2026-08-05T09:59:01', '2026-08-05T09:59:01', 'less than a minute ago: clocks differ'],
  ['2026-08-05T09:58:00', 'time-past', 'two minutes ago'],
  ['2026-08-05T10:00:00Z', '2026-08-05T11:00:00', 'not the past: an hour ahead'],
  ['2027-03-28T01:30:00', 'time', 'London clocks skip that minute'],
  ['2027-03-28T01:30:00Z', '2027-03-28T02:30:00', 'UTC does not'],
  ['2026-10-25T01:30:00', '2026-10-25T01:30:00', 'of a minute that occurs twice the first is meant'],
  ['2026-10-25T01:30:00Z', '2026-10-25T01:30:00', 'the second, by its zone'],
  ['2026-10-25T00:30:00Z', 'time-past', 'the first, by its zone, an hour before now', '2026-10-25T01:30:00Z'],
  ['2026-10-25T01:30:00Z', '2026-10-25T01:30:00', 'the second is now', '2026-10-25T01:30:00Z'],
  ['not-a-date', 'time', 'words'],
  ['', 'time', 'nothing'],
  ['2026-08-05', 'time', 'a date alone says no time'],
  ['10:00:00', 'time', 'a time alone says no date'],
  ['2026-08-05T', 'time', 'no time'],
  ['2026-08-05T10', 'time', 'hours alone'],
  ['2026-02-30T10:00:00', 'time', 'no such date'],
  ['2026-13-01T10:00:00', 'time', 'no such month'],
  ['2026-08-05T25:00:00', 'time', 'no such hour'],
  ['2026-08-05T24:01:00', 'time', 'no such time'],
  ['2026-08-05T10:60:00', 'time', 'no such minute'],
  ['2026-08-05T10:00:60', 'time', 'leap seconds are not used'],
  ['2026-08-05T10:00:00+15:00', 'time', 'nowhere is so far ahead'],
  ['2026-08-05T10:00:00+01:75', 'time', 'no such offset'],
  ['2026-08-05T10:00:00 GMT', 'time', 'zones have no names here'],
  ['05/08/2026 10:00', 'time', 'British order'],
  ['2026-0805T10:00:00', 'time', 'half punctuated'],
  ['2026-08-05T100000', 'time', 'half punctuated'],
  ['20260805T10:00:00', 'time', 'half punctuated'],
  ['1785920400', 'time', 'seconds since 1970'],
  [' 2026-08-05T10:00:00', 'time', 'whoever reads the request trims it'],
]
for (const [text, expected, because, now = NOW] of cases) {
  test(`'${text}' asked at ${now} is ${expected}: ${because}`, () => {
    const read = readSearchTime(text, new Date(now))
    assert.equal(read.ok ? formatMoment(read.at) : read.code, expected)
  })
}

test('what is written of a moment is read as the same moment', () => {
  const soon = fc.integer({ min: 0, max: 360 * 86_400 })
  fc.assert(
    fc.property(soon, (seconds) => {
      const now = new Date('2026-08-05T09:00:00Z')
      const at = toLondonMoment(new Date(now.getTime() + seconds * 1000))
      const read = readSearchTime(formatMoment(at), now)
      assert.deepEqual(read, { ok: true, at })
    }),
  )
})
