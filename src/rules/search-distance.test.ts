import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseDistance, type StoredDistance } from './search-distance.ts'

const postcode: StoredDistance = { km: 7, source: 'Postcode' }
const district: StoredDistance = { km: 20, source: 'District' }

const cases: readonly (readonly [
  given: string | null,
  force: boolean,
  stored: StoredDistance | undefined,
  expected: string,
  because: string,
])[] = [
  [null, false, undefined, '60 National', 'nobody says anything'],
  ['50', false, undefined, '50 Web Service', 'the request decides where nothing is stored'],
  ['50', false, postcode, '7 Postcode', 'what is stored beats the request'],
  ['50', false, district, '20 District', 'what is stored beats the request'],
  ['50', true, postcode, '50 Override', 'unless the request insists'],
  ['50', true, undefined, '50 Override', 'insisting is told, needed or not'],
  [null, true, undefined, 'distance-missing', 'there is nothing to insist on'],
  [null, true, postcode, 'distance-missing', 'even where something is stored'],
  ['500', false, district, '20 District', 'a distance that is not used does no harm'],
  ['500', false, undefined, 'distance', 'further than a search may look'],
  ['500', true, district, 'distance', 'further than a search may look'],
  ['1', false, undefined, '1 Web Service', 'the least'],
  ['99', false, undefined, '99 Web Service', 'the most'],
  ['+99', false, undefined, '99 Web Service', 'a sign is part of a whole number'],
  ['0', false, undefined, 'distance', 'nothing lies so near'],
  ['100', false, undefined, 'distance', 'further than a search may look'],
  ['-5', false, undefined, 'distance', 'not a distance'],
  ['10.5', false, undefined, 'distance', 'not a whole number'],
  ['far', false, undefined, 'distance', 'not a number'],
  ['', true, undefined, 'distance', 'not a number'],
]
for (const [given, force, stored, expected, because] of cases) {
  test(`${given} km ${force ? 'insisted on' : 'given'} with ${stored?.km ?? 'nothing'} stored is ${expected}: ${because}`, () => {
    const chosen = chooseDistance(given, force, stored, 60)
    assert.equal(chosen.ok ? `${chosen.distance.km} ${chosen.distance.source}` : chosen.code, expected)
  })
}
