import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { distanceMetres } from './distance.ts'
import { parseMapPoint } from './map-point.ts'

const typed: [text: string, grid: [number, number] | undefined, because: string][] = [
  ['SJ 78940 91980', [378_940, 391_980], 'letters and ten digits'],
  ['sj7894091980', [378_940, 391_980], 'without spaces, in small letters'],
  ['SJ 789 919', [378_950, 391_950], 'six digits name a square of 100 metres: its middle'],
  ['SJ7891', [378_500, 391_500], 'four digits: a square of a kilometre'],
  ['378940, 391980', [378_940, 391_980], 'easting and northing'],
  ['378940 391980', [378_940, 391_980], 'with a space'],
  ['TQ 30080 80380', [530_080, 180_380], 'Charing Cross'],
  ['NT 25150 73470', [325_150, 673_470], 'Edinburgh'],
  ['SJ 789 91980', undefined, 'halves of different length'],
  ['SJ 789401980', undefined, 'nine digits'],
  ['53.424, 200', undefined, 'no longitude'],
  ['0, 0', undefined, 'nothing is there'],
  ['52.52, 13.405', undefined, 'Berlin'],
  ['-2.318, 53.424', undefined, 'the wrong way round is the Indian Ocean'],
  ['700001, 391980', undefined, 'east of Great Britain'],
  ['M33 7AB', undefined, 'a postcode'],
  ['', undefined, 'nothing'],
  ['SI 78940 91980', undefined, 'the grid has no I'],
]
for (const [text, grid, because] of typed) {
  test(`“${text}” is ${grid ? grid.join(', ') : 'no point'}: ${because}`, () => {
    const point = parseMapPoint(text)
    assert.deepEqual(point && [point.easting, point.northing], grid)
  })
}

test('latitude and longitude are kept as typed, with a minus sign of any kind', () => {
  for (const text of ['53.424, -2.318', '53.424,-2.318', '53.424 −2.318', ' 53.424000 , -2.318000 ']) {
    const point = parseMapPoint(text)
    assert.deepEqual([point?.latitude, point?.longitude], [53.424, -2.318], text)
  }
})

test('law: a point written as grid reference or as degrees is the same place', () => {
  const place = fc.record({
    latitude: fc.double({ min: 50.2, max: 55.5, noNaN: true }),
    longitude: fc.double({ min: -4, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(place, ({ latitude, longitude }) => {
      const byDegrees = parseMapPoint(`${latitude.toFixed(6)}, ${longitude.toFixed(6)}`)
      const byGrid = byDegrees && parseMapPoint(`${byDegrees.easting}, ${byDegrees.northing}`)
      assert.ok(byDegrees && byGrid)
      assert.ok(distanceMetres(byDegrees, byGrid) <= 2)
    }),
  )
})

test('law: no text breaks it', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseMapPoint(text)))
})
