import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { distanceMetres, milesText, northSouthMetres, type Position } from './distance.ts'

const at = (latitude: number, longitude: number): Position => ({ latitude, longitude })
const cases: readonly (readonly [from: Position, to: Position, metres: number, because: string])[] = [
  [at(53.4, -2.3), at(53.4, -2.3), 0, 'the same place'],
  [at(0, 0), at(0, 1), 111_195, 'one degree of the equator'],
  [at(0, 0), at(1, 0), 111_195, 'one degree of a meridian'],
  [at(60, 0), at(60, 1), 55_597, 'a degree of longitude shrinks northwards'],
  [at(51.5, 179.999), at(51.5, -179.999), 138, 'across the date line'],
  [at(90, 0), at(-90, 0), 20_015_087, 'pole to pole'],
  [at(0, 0), at(0, 180), 20_015_087, 'the other side of the world'],
  [at(51.507222, -0.1275), at(53.479444, -2.245278), 261_985, 'London to Manchester'],
]
for (const [from, to, metres, because] of cases) {
  test(`${metres} metres: ${because}`, () => assert.equal(distanceMetres(from, to), metres))
}

test('a distance is the same both ways, whole, and no longer than a detour', () => {
  const place = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  })
  fc.assert(
    fc.property(place, place, place, (a, b, c) => {
      const direct = distanceMetres(a, b)
      assert.equal(direct, distanceMetres(b, a))
      assert.ok(Number.isInteger(direct) && direct >= 0 && direct <= 20_015_087)
      assert.ok(direct <= distanceMetres(a, c) + distanceMetres(c, b) + 2)
    }),
  )
})

test('no distance is shorter than its part from north to south', () => {
  const place = fc.record({
    latitude: fc.integer({ min: -90, max: 90 }),
    longitude: fc.integer({ min: -180, max: 180 }),
  })
  fc.assert(fc.property(place, place, (a, b) => northSouthMetres(a, b) <= distanceMetres(a, b)))
  assert.equal(northSouthMetres(at(0, 0), at(1, 7)), 111_194, 'rounded down')
})

const miles: [metres: number, text: string, because: string][] = [
  [0, '0.0', 'always one decimal'],
  [1609.344, '1.0', 'an international mile'],
  [77_781.7, '48.3', 'the corner of a box'],
  [80, '0.0', 'under a twentieth of a mile'],
]
for (const [metres, text, because] of miles) {
  test(`${metres} metres are ${text} miles: ${because}`, () => assert.equal(milesText(metres), text))
}
