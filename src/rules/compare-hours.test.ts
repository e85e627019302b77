import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type SpecifiedHours,
  sameDates,
  sameSessions,
  sameUpcomingDates,
  sessionsOverlap,
  upcomingDates,
} from './compare-hours.ts'
import { dayOf } from './london-time.ts'
import { normaliseSessions, type Session } from './opening-times.ts'

/** `08:00-12:00:30` in seconds, because other systems compare to the second. */
function seconds(text: string): Session {
  const [opens = 0, closes = 0] = text.split('-').map((clock) => {
    const [hours = 0, minutes = 0, rest = 0] = clock.split(':').map(Number)
    return hours * 3600 + minutes * 60 + rest
  })
  return { opens, closes }
}

const overlaps: readonly (readonly [a: string, b: string, overlap: boolean, because: string])[] = [
  ['08:00-12:00', '13:00-17:00', false, 'there is an hour between'],
  ['08:00-12:00', '12:00:01-17:00', false, 'a second between is enough'],
  ['08:00-12:00', '12:00-17:00', false, 'touching is one spell, to be merged'],
  ['08:00-12:00', '11:59:59-17:00', true, 'one second is shared'],
  ['08:00-17:00', '10:00-11:00', true, 'the one lies inside the other'],
  ['08:00-12:00', '08:00-12:00', true, 'the same twice'],
  ['08:00-12:00', '08:00-09:00', true, 'the same start'],
  ['08:00-12:00', '11:00-12:00', true, 'the same end'],
]
for (const [a, b, overlap, because] of overlaps) {
  test(`${a} and ${b} ${overlap ? 'overlap' : 'do not overlap'}: ${because}`, () => {
    assert.equal(sessionsOverlap(seconds(a), seconds(b)), overlap)
    assert.equal(sessionsOverlap(seconds(b), seconds(a)), overlap)
  })
}

test('touching sessions of a day become one when it is put in order', () => {
  const [a, b] = [seconds('00:08-00:12'), seconds('00:12-00:17')]
  assert.deepEqual(normaliseSessions([a, b]), { ok: true, value: [{ opens: a.opens, closes: b.closes }] })
})

type Days = readonly (readonly [
  a: readonly string[] | null,
  b: readonly string[] | null,
  same: boolean,
  because: string,
])[]
const days: Days = [
  [['09:00-13:00', '14:00-17:00'], ['14:00-17:00', '09:00-13:00'], true, 'order does not matter'],
  [[], [], true, 'closed is closed'],
  [['09:00-13:00'], [], false, 'open is not closed'],
  [['09:00-13:00'], ['09:00-13:00:01'], false, 'a second is a difference'],
  [['09:00-13:00'], ['09:00:01-13:00'], false, 'so is a second at the start'],
  [['09:00-13:00', '09:00-13:00'], ['09:00-13:00'], false, 'how often counts'],
  [['09:00-13:00', '09:00-13:00', '14:00-15:00'], ['09:00-13:00', '14:00-15:00', '14:00-15:00'], false, 'of each'],
  [['09:00-12:00', '09:00-13:00'], ['09:00-13:00', '09:00-12:00'], true, 'the same start in another order'],
  [null, null, true, 'not known is not known'],
  [null, [], false, 'not known is not closed'],
]
for (const [a, b, same, because] of days) {
  test(`${a?.join() || a} and ${b?.join() || b} are ${same ? 'the same' : 'different'}: ${because}`, () => {
    const [one, other] = [a?.map(seconds) ?? null, b?.map(seconds) ?? null]
    assert.equal(sameSessions(one, other), same)
    assert.equal(sameSessions(other, one), same)
  })
}

const at = (...list: readonly string[]): readonly Session[] => list.map(seconds)
const christmas: SpecifiedHours = { '2035-12-24': at('08:00-12:00', '13:00-17:30'), '2035-12-25': [] }
type Dates = readonly (readonly [a: SpecifiedHours, b: SpecifiedHours, same: boolean, because: string])[]
const dates: Dates = [
  [christmas, { '2035-12-25': [], '2035-12-24': at('13:00-17:30', '08:00-12:00') }, true, 'no order matters'],
  [{ '2035-12-24': [] }, {}, false, 'a dated closure is not the absence of one'],
  [{ '2035-12-24': [] }, { '2035-12-24': at('08:00-12:00') }, false, 'closed is not open'],
  [{ '2035-12-24': [] }, { '2035-12-25': [] }, false, 'another date'],
  [{}, {}, true, 'nothing is nothing'],
]
for (const [a, b, same, because] of dates) {
  test(`${JSON.stringify(a)} and ${JSON.stringify(b)}: ${because}`, () => {
    assert.equal(sameDates(a, b), same)
    assert.equal(sameDates(b, a), same)
  })
}

test('today is kept, earlier dates are dropped', () => {
  const specified: SpecifiedHours = { '2026-05-03': [], '2026-05-04': [], '2026-05-05': [] }
  assert.deepEqual(Object.keys(upcomingDates(specified, dayOf('2026-05-04'))), ['2026-05-04', '2026-05-05'])
})

test('past dates are no difference on either side; today and later are', () => {
  const today = dayOf('2035-12-25')
  const coming: SpecifiedHours = { '2035-12-25': at('10:00-12:00') }
  assert.ok(sameUpcomingDates({ ...coming, '2001-01-01': [] }, coming, today))
  assert.ok(sameUpcomingDates({ '2001-12-25': [] }, { '2001-12-26': at('10:00-12:00') }, today))
  assert.equal(sameUpcomingDates(coming, {}, today), false)
})

test('two days are the same exactly when their sorted lists are', () => {
  const session = fc
    .tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }))
    .map(([opens, length]) => ({ opens, closes: opens + length }))
  const list = fc.array(session, { maxLength: 3 })
  const key = (sessions: readonly Session[]) =>
    JSON.stringify(sessions.map(({ opens, closes }) => `${opens}-${closes}`).sort())
  fc.assert(fc.property(list, list, (a, b) => assert.equal(sameSessions(a, b), key(a) === key(b))))
})
