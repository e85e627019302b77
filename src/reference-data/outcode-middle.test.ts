import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcodeOf, parsePostcode } from '#src/rules/postcode.ts'
import { middleOfOutcode } from './outcode-middle.ts'
import { packPostcode } from './packed-postcodes.ts'

const postcodes: readonly (readonly [postcode: string, latitude: number, longitude: number])[] = [
  ['M3 3AB', 53.1, -2.1],
  ['M3 7AB', 53.2, -2.2],
  ['M3 9ZZ', 53.3, -2.3],
  ['M33 7AB', 53.42, -2.32],
  ['M33 9ZZ', 53.44, -2.34],
  ['M33 0AA', 53.43, -2.33],
  ['EC1A 1BB', 51.5, -0.1],
  ['E1 1BB', 51.6, -0.2],
]
const packed = postcodes
  .map(([postcode, ...place]) => ({ key: packPostcode(postcode.replace(' ', '')) ?? 0, place }))
  .sort((a, b) => a.key - b.key)
const keys = Float64Array.from(packed, ({ key }) => key)
const microdegrees = Int32Array.from(packed.flatMap(({ place }) => place.map((degrees) => Math.round(degrees * 1e6))))

const cases: readonly (readonly [outcode: string, middle: readonly number[] | undefined, because: string])[] = [
  ['M3', [53.2, -2.2], 'postcodes of M33 begin alike and do not count'],
  ['M33', [53.43, -2.33], 'postcodes of M3 begin alike and do not count'],
  ['EC1A', [51.5, -0.1], 'the longest outcodes leave no space in a key'],
  ['E1', [51.6, -0.2], 'an area may begin another'],
  ['M34', undefined, 'none of its postcodes is known'],
  ['M', undefined, 'not an outcode'],
  ['TOOLONG', undefined, 'longer than any outcode'],
]
for (const [outcode, middle, because] of cases) {
  test(`the middle of ${outcode} is ${middle ?? 'unknown'}: ${because}`, () => {
    const found = middleOfOutcode(keys, microdegrees, outcode)
    assert.deepEqual(found && [found.latitude, found.longitude], middle)
  })
}

test('the cases mean what they say', () => {
  assert.deepEqual(
    postcodes.map(([postcode]) => outcodeOf(parsePostcode(postcode) ?? assert.fail(postcode))),
    ['M3', 'M3', 'M3', 'M33', 'M33', 'M33', 'EC1A', 'E1'],
  )
})
