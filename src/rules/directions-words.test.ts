import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bearingDegrees, directionsInWords, distanceAndWind, type Wind, windOf } from './directions-words.ts'
import type { Position } from './distance.ts'
import { geoLink, openStreetMapLink } from './map-links.ts'

const winds: readonly (readonly [degrees: number, wind: Wind, because: string])[] = [
  [0, 'north', 'straight up'],
  [22.4, 'north', 'nearer to north than to north-east'],
  [22.5, 'north-east', 'half way is the wind further clockwise'],
  [45, 'north-east', 'in the middle of it'],
  [90, 'east', 'a quarter'],
  [135, 'south-east', 'between the two'],
  [180, 'south', 'half way round'],
  [225, 'south-west', 'between the two'],
  [270, 'west', 'three quarters'],
  [315, 'north-west', 'between the two'],
  [337.4, 'north-west', 'just not north'],
  [337.5, 'north', 'round again'],
  [359.9, 'north', 'almost a whole turn'],
  [-90, 'west', 'a turn the other way'],
  [450, 'east', 'more than a turn'],
]
for (const [degrees, wind, because] of winds) {
  test(`${degrees} degrees is ${wind}: ${because}`, () => assert.equal(windOf(degrees), wind))
}

const SALE: Position = { latitude: 53.4244, longitude: -2.3187 }
const moved = (north: number, east: number): Position => ({
  latitude: SALE.latitude + north,
  longitude: SALE.longitude + east,
})
const near = { ...SALE, label: 'M33 7AB', isArea: false }

const ways: readonly (readonly [to: Position, road: number | null, words: string, because: string])[] = [
  [moved(0.01, 0), null, '0.7 miles (1.1 km) north of M33 7AB in a straight line.', 'nobody knows the road'],
  [
    moved(0.01, 0),
    1900,
    '0.7 miles (1.1 km) north of M33 7AB in a straight line, about 1.2 miles by road.',
    'the road is known',
  ],
  [moved(0.01, 0), 900, '0.7 miles (1.1 km) north of M33 7AB in a straight line.', 'no road is shorter than the line'],
  [moved(0, -0.02), null, '0.8 miles (1.3 km) west of M33 7AB in a straight line.', 'a degree east is shorter here'],
  [moved(-0.001, 0), null, 'Less than 0.1 miles (110 metres) south of M33 7AB in a straight line.', 'in metres'],
  [
    moved(-0.001, 0),
    140,
    'Less than 0.1 miles (110 metres) south of M33 7AB in a straight line, less than 0.1 miles by road.',
    'less than is not said to be about',
  ],
  [moved(0.0002, 0), null, 'Less than 50 metres from M33 7AB.', 'no direction from where one stands'],
  [SALE, 10, 'Less than 50 metres from M33 7AB.', 'the same place'],
  [moved(0.5, 0.5), null, '40 miles (65 km) north-east of M33 7AB in a straight line.', 'whole miles from ten on'],
]
for (const [to, road, words, because] of ways) {
  test(`the way is “${words}” with a road of ${road}: ${because}`, () => {
    assert.equal(directionsInWords(near, to, road), words)
  })
}

test('of an area the middle is meant, and the words say so', () => {
  const words = directionsInWords({ ...near, label: 'M33', isArea: true }, moved(0.01, 0), null)
  assert.equal(words, '0.7 miles (1.1 km) north of the middle of M33 in a straight line.')
})

const shorts: readonly (readonly [to: Position, words: string])[] = [
  [moved(0.01, 0.01), '0.8 miles north-east'],
  [moved(0, 0.001), 'less than 0.1 miles east'],
  [SALE, 'at the same place'],
]
for (const [to, words] of shorts) test(`in short: ${words}`, () => assert.equal(distanceAndWind(SALE, to), words))

test('there and back are opposite directions, anywhere in England', () => {
  const place = fc.record({
    latitude: fc.double({ min: 49.9, max: 55.8, noNaN: true }),
    longitude: fc.double({ min: -6.4, max: 1.8, noNaN: true }),
  })
  fc.assert(
    fc.property(place, place, (a, b) => {
      fc.pre(Math.abs(a.latitude - b.latitude) + Math.abs(a.longitude - b.longitude) > 0.001)
      const there = bearingDegrees(a, b)
      assert.ok(there >= 0 && there < 360)
      const turned = Math.abs(there - bearingDegrees(b, a))
      // Meridians meet at the pole: at most some degrees over the whole of England.
      assert.ok(Math.abs(turned - 180) < 10, `${turned}`)
    }),
    { numRuns: 200 },
  )
})

test('the link to a map app names the place, and no name can add to it', () => {
  assert.equal(geoLink(SALE, 'Hill & Sons'), 'geo:53.4244,-2.3187?q=53.4244,-2.3187(Hill%20%26%20Sons)')
  assert.equal(geoLink(SALE, 'Well) &q="x"'), 'geo:53.4244,-2.3187?q=53.4244,-2.3187(Well%20%20%26q%3D%22x%22)')
  assert.equal(
    openStreetMapLink({ latitude: 50.123456789, longitude: 0 }),
    'https://www.openstreetmap.org/?mlat=50.12346&mlon=0#map=17/50.12346/0',
  )
})
