import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toGps, toGrid } from './national-grid.ts'

const places: [place: string, latitude: number, longitude: number, easting: number, northing: number][] = [
  ['Caister water tower, the worked example of the guide', 52.657979, 1.716038, 651_409, 313_177],
  ['a street in Birmingham, west of London', 52.498198, -1.86797, 409_060, 288_930],
  ['a street in Hertford, near the meridian of Greenwich', 51.796323, -0.081672, 532_386, 212_593],
]

for (const [place, latitude, longitude, easting, northing] of places) {
  test(`places ${place}, within two metres`, () => {
    const grid = toGrid({ latitude, longitude })
    assert.ok(Math.hypot(grid.easting - easting, grid.northing - northing) < 2, JSON.stringify(grid))
  })
}

test('there and back again is the same point, to the metre that the grid reference was rounded to', () => {
  const england = fc.record({
    latitude: fc.double({ min: 49.9, max: 55.8, noNaN: true }),
    longitude: fc.double({ min: -6.4, max: 1.8, noNaN: true }),
  })
  fc.assert(
    fc.property(england, (point) => {
      const back = toGps(toGrid(point))
      assert.ok(Math.abs(back.latitude - point.latitude) < 1e-5)
      assert.ok(Math.abs(back.longitude - point.longitude) < 1e-5)
    }),
  )
})

test('a grid reference goes to GPS and back unchanged', () => {
  const england = fc.record({
    easting: fc.integer({ min: 80_000, max: 656_000 }),
    northing: fc.integer({ min: 5_000, max: 658_000 }),
  })
  fc.assert(fc.property(england, (point) => assert.deepEqual(toGrid(toGps(point)), { ...point })))
})
