import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Areas } from '#src/directory/triage/triage-reference.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { areasOf } from './areas-of.ts'

const postcode = parsePostcode('ZZ1 1AA')
assert.ok(postcode)
const place = { postcode, latitude: 53.8, longitude: -1.55, easting: 429_700, northing: 433_900 }
const listed = (localAuthority: string | null, icb: string | null, local: readonly string[] = []): Areas => ({
  localAuthority,
  icb,
  local,
})

type Case = readonly [
  fromCatalogue: Areas | null,
  fromPostcodes: readonly [la: string | null, icb: string | null],
  expected: Areas | null,
  because: string,
]
const cases: readonly Case[] = [
  [null, [null, null], null, 'nobody knows any'],
  [listed('LA', 'ICB', ['X']), [null, null], listed('LA', 'ICB', ['X']), 'only the catalogue knows'],
  [null, ['E08', 'E54'], listed('E08', 'E54'), 'only the postcodes know'],
  [null, [null, 'E54'], listed(null, 'E54'), 'only the board is known'],
  [listed(null, null, ['X']), ['E08', 'E54'], listed('E08', 'E54', ['X']), 'each knows something else'],
  [listed('LA', null), ['E08', 'E54'], listed('LA', 'E54', ['E08']), 'the ranking of the listed authority counts'],
  [listed('E08', 'E54'), ['E08', 'E54'], listed('E08', 'E54'), 'both say the same'],
  [listed(null, null, ['E08']), ['E08', null], listed('E08', null), 'each code once'],
]
for (const [fromCatalogue, [localAuthorityCode, icbCode], expected, because] of cases) {
  test(`areas of the catalogue and of the postcodes together: ${because}`, () => {
    const reference = { listedAreasOf: () => fromCatalogue }
    assert.deepEqual(areasOf({ ...place, localAuthorityCode, icbCode, termination: null }, reference), expected)
  })
}
