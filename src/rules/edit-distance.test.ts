import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { differingLetters, lettersOf, slipsBetween } from './edit-distance.ts'

const cases: readonly (readonly [a: string, b: string, slips: number, because: string])[] = [
  ['pharmacy', 'pharmacy', 0, 'the same'],
  ['pharmcy', 'pharmacy', 1, 'a letter is missing'],
  ['pharmaccy', 'pharmacy', 1, 'a letter too many'],
  ['pharnacy', 'pharmacy', 1, 'a wrong letter'],
  ['phamracy', 'pharmacy', 1, 'two neighbours swapped'],
  ['farmacy', 'pharmacy', 2, 'one wrong and one missing'],
  ['ca', 'abc', 3, 'no part is edited twice: a swap with a letter put between would be 2'],
  ['', 'ab', 2, 'from nothing'],
]
for (const [a, b, slips, because] of cases) {
  test(`${a} and ${b} are ${slips} slips apart: ${because}`, () => {
    assert.equal(slipsBetween(a, b, 5), slips)
    assert.equal(slipsBetween(b, a, slips), slips)
    if (slips > 0) assert.equal(slipsBetween(a, b, slips - 1), undefined)
  })
}

/** Written apart: what is left to do from each pair of places, one call each. */
function slow(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const rest = slow(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1)
  const ways = [rest, slow(a.slice(1), b) + 1, slow(a, b.slice(1)) + 1]
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) ways.push(slow(a.slice(2), b.slice(2)) + 1)
  return Math.min(...ways)
}
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 5 })

test('it agrees with a slow account of the same idea, and the letters never rule out what is near', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const slips = slow(a, b)
      assert.equal(slipsBetween(a, b, 9), slips)
      assert.ok(differingLetters(lettersOf(a), lettersOf(b)) <= 2 * slips)
    }),
    { numRuns: 300 },
  )
})
