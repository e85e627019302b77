import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packGrid, packTermination, unpackGrid } from './packed-terminations.ts'

const texts: readonly (readonly [text: string, since: string | null | undefined, because: string])[] = [
  ['', undefined, 'it is in use'],
  ['199606', '1996-06', 'a month as the ONS writes it'],
  ['190001', '1900-01', 'the first month there is room for'],
  ['206912', '2069-12', 'a month long from now'],
  ['1', null, 'withdrawn, and nobody said when'],
  ['299912', null, 'later than there is room for: withdrawn all the same'],
]
for (const [text, since, because] of texts) {
  test(`“${text}” beside an easting, and without one: ${because}`, () => {
    for (const grid of [[800_000, 1_400_000], [1, 1], null] as const) {
      const [first, second] = packGrid(grid, packTermination(text))
      const kept = unpackGrid(...(Int32Array.of(first, second) as unknown as [number, number]))
      assert.deepEqual(kept.termination, since === undefined ? null : { since })
      assert.deepEqual(kept.grid, grid && { easting: grid[0], northing: grid[1] })
    }
  })
}

test('every month and grid reference comes out as it went in', () => {
  const months = fc.record({ year: fc.integer({ min: 1900, max: 2069 }), month: fc.integer({ min: 1, max: 12 }) })
  const metres = fc.tuple(fc.integer({ min: 0, max: 800_000 }), fc.integer({ min: 0, max: 1_400_000 }))
  fc.assert(
    fc.property(months, metres, ({ year, month }, grid) => {
      const two = String(month).padStart(2, '0')
      const [first, second] = packGrid(grid, packTermination(`${year}${two}`))
      assert.deepEqual(unpackGrid(first, second), {
        grid: { easting: grid[0], northing: grid[1] },
        termination: { since: `${year}-${two}` },
      })
    }),
  )
})
