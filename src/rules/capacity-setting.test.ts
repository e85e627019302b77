import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { absoluteMinute, capacityAt } from './capacity.ts'
import {
  type AskedCapacity,
  decideCapacity,
  isOfferedReset,
  parseCapacityStatus,
  resetAfter,
  resetMinuteOf,
} from './capacity-setting.ts'
import { parseLondonMinute, toLondon } from './london-time.ts'

const SEED = 42_005

const settings: readonly (readonly [because: string, asked: AskedCapacity, expected: string])[] = [
  ['four hours unless told otherwise', { status: 'red' }, 'RED 240 -'],
  ['null is not told', { status: 'AMBER', resetInMinutes: null, note: null }, 'AMBER 240 -'],
  ['Green has no end', { status: 'Green', resetInMinutes: 60 }, 'GREEN null -'],
  ['no time at all is a time', { status: 'RED', resetInMinutes: 0 }, 'RED 0 -'],
  ['five days are the longest', { status: 'RED', resetInMinutes: 7200 }, 'RED 7200 -'],
  ['and no minute more', { status: 'RED', resetInMinutes: 7201 }, 'resetInMinutes invalid'],
  ['also where Green has none', { status: 'GREEN', resetInMinutes: -1 }, 'resetInMinutes invalid'],
  ['minutes are whole', { status: 'RED', resetInMinutes: 1.5 }, 'resetInMinutes invalid'],
  ['and numbers', { status: 'RED', resetInMinutes: Number.NaN }, 'resetInMinutes invalid'],
  ['notes lose the blanks around them', { status: 'RED', note: ' Full ' }, 'RED 240 Full'],
  ['a blank note says nothing', { status: 'RED', note: ' \n' }, 'note blank'],
  [
    'a letter counts once, however it is stored',
    { status: 'RED', note: '🏥'.repeat(900) },
    `RED 240 ${'🏥'.repeat(900)}`,
  ],
  ['and not more than 900 times', { status: 'RED', note: '🏥'.repeat(901) }, 'note too-long'],
  ['what no database keeps is refused', { status: 'RED', note: 'a\0b' }, 'note unreadable'],
  ['as is half a letter', { status: 'RED', note: 'a\ud800' }, 'note unreadable'],
  [
    'problems come together',
    { status: 'PURPLE', resetInMinutes: -1, note: '' },
    'status invalid, resetInMinutes invalid, note blank',
  ],
]
for (const [because, asked, expected] of settings) {
  test(because, () => {
    const decided = decideCapacity(asked)
    const shown = decided.ok
      ? `${decided.value.status} ${decided.value.resetInMinutes} ${decided.value.note ?? '-'}`
      : decided.problems.map(({ field, code }) => `${field} ${code}`).join(', ')
    assert.equal(shown, expected)
  })
}

test('nothing but the three words is a status', () => {
  for (const text of ['', ' RED', 'constructor', 'ＲＥＤ', 1, null, undefined, ['RED']]) {
    assert.equal(parseCapacityStatus(text), undefined)
  }
})

test('pages offer quarters of an hour, from one to five days', () => {
  const offered = [0, 14, 15, 30, 31, 240, 7200, 7215].filter(isOfferedReset)
  assert.deepEqual(offered, [15, 30, 240, 7200])
})

describe('the minute from which searches see Green', () => {
  const minutes: readonly (readonly [because: string, instant: string, minute: string])[] = [
    ['a whole minute is itself', '2026-12-11T10:50:00.000Z', '2026-12-11T10:50'],
    ['anything more is the next', '2026-12-11T10:49:00.001Z', '2026-12-11T10:50'],
    ['in summer London is an hour ahead', '2026-08-05T14:00:00Z', '2026-08-05T15:00'],
    ['it may be the next day', '2026-12-11T23:59:30Z', '2026-12-12T00:00'],
    ['01:00 to 01:59 does not exist when the clocks go forward', '2026-03-29T01:00:00Z', '2026-03-29T02:00'],
    ['and comes twice when they go back: after both', '2026-10-25T00:30:00Z', '2026-10-25T02:00'],
    ['the second time too', '2026-10-25T01:30:00Z', '2026-10-25T02:00'],
    ['the hour before is as always', '2026-10-24T23:59:00Z', '2026-10-25T00:59'],
    ['and the hour after', '2026-10-25T02:00:00Z', '2026-10-25T02:00'],
  ]
  for (const [because, instant, minute] of minutes) {
    test(because, () => assert.equal(resetMinuteOf(new Date(instant)), minute))
  }

  test('searches never see Green before the end, and never Red again after they saw Green', () => {
    const now = fc.integer({ min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 27) })
    const spring = fc.integer({ min: Date.UTC(2026, 2, 27), max: Date.UTC(2026, 2, 30) })
    fc.assert(
      fc.property(fc.oneof(now, spring), fc.integer({ min: 0, max: 300 }), (start, resetInMinutes) => {
        const end = resetAfter({ resetInMinutes }, new Date(start)) ?? assert.fail()
        const until = absoluteMinute(parseLondonMinute(resetMinuteOf(end)) ?? assert.fail())
        const statusAt = (instant: number) => capacityAt({ status: 'RED', until }, toLondon(new Date(instant)))
        let isGreen = false
        for (let instant = start; instant <= end.getTime() + 3 * 3_600_000; instant += 60_000) {
          const status = statusAt(instant)
          assert.ok(status === 'RED' || instant >= end.getTime(), `Green ${end.getTime() - instant} ms too early`)
          assert.ok(!isGreen || status === 'GREEN', 'Red again')
          isGreen ||= status === 'GREEN'
        }
        assert.ok(isGreen)
      }),
      { seed: SEED },
    )
  })
})
