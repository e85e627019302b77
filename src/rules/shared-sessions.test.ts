import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minutesOf, sessionsWithout, sharedSessions } from './shared-sessions.ts'

const NINE_TO_FIVE = [{ opens: 540, closes: 1020 }]

const spells: readonly (readonly [
  from: number,
  to: number,
  left: readonly (readonly [number, number])[],
  because: string,
])[] = [
  [780, 1440, [[540, 780]], 'the afternoon'],
  [0, 600, [[600, 1020]], 'the start'],
  [
    720,
    780,
    [
      [540, 720],
      [780, 1020],
    ],
    'the middle',
  ],
  [0, 1440, [], 'all of it'],
  [1020, 1100, [[540, 1020]], 'a time when it is shut anyway'],
]
for (const [from, to, left, because] of spells) {
  test(`taking ${because} out of nine to five leaves the rest`, () => {
    assert.deepEqual(
      sessionsWithout(NINE_TO_FIVE, [{ opens: from, closes: to }]).map(({ opens, closes }) => [opens, closes]),
      left,
    )
  })
}

const sessions = fc
  .uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 8 })
  .map((edges) => edges.toSorted((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, pair) => ({
      opens: edges[2 * pair] ?? 0,
      closes: edges[2 * pair + 1] ?? 0,
    })),
  )
const isOpen = (list: readonly { opens: number; closes: number }[], minute: number) =>
  list.some(({ opens, closes }) => opens <= minute && minute < closes)

test('what two lists share and what one has alone agree with asking every minute', () => {
  fc.assert(
    fc.property(sessions, sessions, fc.integer({ min: 0, max: 2000 }), (a, b, minute) => {
      assert.equal(isOpen(sharedSessions(a, b), minute), isOpen(a, minute) && isOpen(b, minute))
      assert.equal(isOpen(sessionsWithout(a, b), minute), isOpen(a, minute) && !isOpen(b, minute))
      assert.equal(minutesOf(sharedSessions(a, b)) + minutesOf(sessionsWithout(a, b)), minutesOf(a))
    }),
  )
})
