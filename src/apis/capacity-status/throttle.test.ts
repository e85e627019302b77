import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { createThrottle } from './throttle.ts'

const START = Date.parse('2026-08-05T10:00:00Z')

/** Asks at these milliseconds, and says which were let in. */
function ask(perSecond: number, times: readonly number[]): readonly number[] {
  const clock = fixedClock()
  const throttle = createThrottle(perSecond, clock)
  return times.filter((ms) => {
    clock.set(new Date(START + ms).toISOString())
    return throttle('192.0.2.1')
  })
}
const at = (ms: number, count: number): readonly number[] => Array<number>(count).fill(ms)

const cases: readonly (readonly [because: string, times: readonly number[], letIn: number])[] = [
  ['one and a burst of eight at one instant', at(0, 20), 9],
  ['who is turned away is not counted', [...at(0, 20), ...at(334, 1)], 10],
  ['a third of a second makes room for one, and not for two', [...at(0, 9), ...at(334, 2)], 10],
  ['not yet', [...at(0, 9), ...at(333, 1)], 9],
  ['three a second may go on for ever', Array.from({ length: 100 }, (_, index) => index * 334), 100],
  ['after three seconds it is as at the beginning', [...at(0, 9), ...at(3000, 10)], 18],
  ['a clock that goes back lets nobody in', [...at(5000, 9), ...at(0, 1)], 9],
]
for (const [because, times, letIn] of cases) {
  test(because, () => assert.equal(ask(3, times).length, letIn))
}

test('nobody is turned away when the limit is off, and addresses do not count for each other', () => {
  assert.equal(ask(0, at(0, 100)).length, 100)
  const throttle = createThrottle(3, fixedClock())
  for (let index = 0; index < 9; index++) throttle('192.0.2.1')
  assert.deepEqual([throttle('192.0.2.1'), throttle('192.0.2.2')], [false, true])
})
