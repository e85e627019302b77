import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minutesOnFoot, onFootInWords } from './time-on-foot.ts'

const cases: readonly (readonly [metres: number, words: string | undefined, because: string])[] = [
  [0, 'about 1 minute on foot', 'nothing takes no time'],
  [61, 'about 1 minute on foot', 'just under a minute'],
  [62, 'about 2 minutes on foot', 'rounded up, so that nobody is late'],
  [492, 'about 8 minutes on foot', '640 metres of way'],
  [615, 'about 10 minutes on foot', 'the manual’s 800 metres in ten minutes'],
  [616, 'about 15 minutes on foot', 'from here on in steps of five minutes'],
  [1231, 'about 25 minutes on foot', 'just over twenty'],
  [1846, 'about 30 minutes on foot', 'the longest'],
  [1847, undefined, 'too far for an estimate'],
  [50_000, undefined, 'nobody walks there'],
]
for (const [metres, words, because] of cases) {
  test(`${metres} metres are ${words ?? 'not said'}: ${because}`, () => assert.equal(onFootInWords(metres), words))
}

test('further is never quicker, and the straight line is never outwalked', () => {
  fc.assert(
    fc.property(fc.nat(1846), fc.nat(1846), (a, b) => {
      const [near, far] = [Math.min(a, b), Math.max(a, b)].map(minutesOnFoot) as [number, number]
      assert.ok(near <= far && far * 80 >= Math.max(a, b))
    }),
  )
})
