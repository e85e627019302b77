import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { growingNumbers, packPostcode, repeated } from './packed-postcodes.ts'

const keys = fc.stringMatching(/^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$/)

test('packed postcodes are in the order of their keys, and different where these are', () => {
  fc.assert(
    fc.property(keys, keys, (a, b) => {
      const [first, second] = [packPostcode(a) ?? 0, packPostcode(b) ?? 0]
      assert.equal(Math.sign(first - second), a === b ? 0 : a < b ? -1 : 1)
    }),
  )
})

test('packs nothing but capitals and digits, up to seven', () => {
  for (const text of ['', 'm337ab', 'M33 7AB', 'M337ABCD', 'É1']) assert.equal(packPostcode(text), undefined)
})

test('finds what occurs twice, however many there are', () => {
  const numbers = growingNumbers()
  for (let value = 0; value < 10_000; value++) numbers.push(value)
  for (const value of [7, 9999, 7]) numbers.push(value)
  assert.deepEqual([...repeated(numbers.values())].sort(), [7, 9999])
})
