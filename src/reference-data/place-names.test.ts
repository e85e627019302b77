import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectPlaceNames, type PlacedAddress, placeKey } from './place-names.ts'

const NEWPORT_IOW = { latitude: 50.7, longitude: -1.29 }
const NEWPORT_SHROPSHIRE = { latitude: 52.77, longitude: -2.38 }
const STOCKPORT = { latitude: 53.41, longitude: -2.16 }

const at = (
  position: { latitude: number; longitude: number },
  postcode: string | null,
  ...address: readonly string[]
): PlacedAddress => ({ ...position, postcode, address })

const names = collectPlaceNames([
  at(NEWPORT_IOW, 'PO30 1AA', '1 HIGH STREET', 'NEWPORT', 'ISLE OF WIGHT'),
  at(NEWPORT_SHROPSHIRE, 'TF10 7AA', '2 HIGH STREET', 'NEWPORT', 'SHROPSHIRE', ' '),
  at(NEWPORT_SHROPSHIRE, 'TF10 7AB', 'UNIT 4', 'STATION ROAD', 'NEWPORT', 'SHROPSHIRE'),
  at({ latitude: 53.38, longitude: -2.12 }, 'SK7 5LD', '61 ARUNDEL AVENUE', 'HAZEL GROVE', 'STOCKPORT', ' '),
  at({ latitude: 53.4, longitude: -2.16 }, 'SK1 1AA', '', '9 THE PRECINCT', 'STOCKPORT'),
  at({ latitude: 53.42, longitude: -2.16 }, 'SK4 1AA', '9 HEATON LANE, STOCKPORT'),
  at({ latitude: 53.02, longitude: -2.23 }, 'ST5 1AA', '3 MARSH PARADE', 'NEWCASTLE', 'STAFFORDSHIRE'),
  at({ latitude: 54.98, longitude: -1.61 }, 'NE1 1AA', '3 GREY STREET', 'NEWCASTLE UPON TYNE'),
  at({ latitude: 54.99, longitude: -1.62 }, 'NE2 1AA', '3 OSBORNE ROAD', 'NEWCASTLE UPON TYNE'),
  at({ latitude: 53.45, longitude: -2.73 }, 'WA10 1AA', '3 CHURCH STREET', 'ST.HELENS', 'MERSEYSIDE'),
  at({ latitude: 52.75, longitude: 0.4 }, 'PE30 1AA', '4 Broad Street', "King's Lynn", 'Norfolk'),
  at({ latitude: 51.13, longitude: -2.74 }, 'BA16 1AA', '10 HIGH STREET', 'STREET', 'SOMERSET'),
  at({ latitude: 51.5, longitude: -0.1 }, null, 'ONE LINE ONLY'),
])
const labels = (text: string) => names.find(text).map(({ label }) => label)

const found: readonly (readonly [text: string, labels: readonly string[], because: string])[] = [
  ['Hazel Grove', ['Hazel Grove'], 'a district that an address names'],
  ['  hazel   GROVE ', ['Hazel Grove'], 'case and blanks do not matter'],
  ['Hazel Grove, Stockport', ['Hazel Grove'], 'a post town may follow'],
  ['61 Arundel Avenue, Hazel Grove, Stockport', ['Hazel Grove'], 'a whole address leads to its first place'],
  ['newport', ['Newport, Shropshire', 'Newport, Isle of Wight'], 'two places, the larger first'],
  ['Newport, Shropshire', ['Newport, Shropshire'], 'the county tells them apart'],
  ['Newport, PO30', ['Newport, Isle of Wight'], 'and so does the outcode'],
  ['Newport, Nowhere', ['Newport, Shropshire', 'Newport, Isle of Wight'], 'a county we do not know tells nothing'],
  ['Newcastle', ['Newcastle, Staffordshire', 'Newcastle upon Tyne'], 'a larger place begins with the same word'],
  ['Newcastle, Staffordshire', ['Newcastle, Staffordshire'], 'the choice offered above leads somewhere'],
  ['St Helens', ['St Helens'], 'punctuation does not matter'],
  ['saint helens', ['St Helens'], 'Saint is St'],
  ['Kings Lynn', ["King's Lynn"], 'apostrophes do not matter, and small letters are kept'],
  ['Street', ['Street'], 'a town in Somerset'],
  ['High Street', [], 'a street is not a place'],
  ['Station Road', [], 'nor is a road'],
  ['One line only', [], 'the first line of an address is a building'],
  ['Shropshire', [], 'a county is not a town'],
  ['', [], 'nothing was asked'],
]
for (const [text, expected, because] of found) {
  test(`finds ${JSON.stringify(text)} as ${expected.join(' and ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(labels(text), expected)
  })
}

test('a place is in the middle of the addresses that name it', () => {
  const [stockport] = names.find('Stockport')
  assert.deepEqual([stockport?.latitude, stockport?.longitude, stockport?.size], [53.4, STOCKPORT.longitude, 3])
})

test('every label finds its own place again', () => {
  for (const text of ['newport', 'newcastle', 'stockport', 'st helens']) {
    for (const place of names.find(text)) assert.deepEqual(labels(place.label), [place.label])
  }
})

test('a county lists its places by name', () => {
  assert.deepEqual(
    names.inCounty('shropshire')?.places.map(({ label }) => label),
    ['Newport, Shropshire'],
  )
  assert.equal(names.inCounty('Kent'), undefined, 'no address names Kent')
  assert.equal(names.inCounty('Stockport'), undefined, 'a town is not a county')
})

const alike: readonly (readonly [text: string, labels: readonly string[], because: string])[] = [
  ['Stokport', ['Stockport'], 'a letter is missing'],
  ['Stock', ['Stockport'], 'it begins like that'],
  ['Hasel Grove', ['Hazel Grove'], 'a letter is wrong'],
  ['Xyzzy', [], 'nothing is like it'],
  ['St', [], 'two letters are like too many'],
]
for (const [text, expected, because] of alike) {
  test(`${text} suggests ${expected.join(' and ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(names.similar(text, 5), expected)
  })
}

test('one stray address far away does not make a second town', () => {
  const many = Array.from({ length: 60 }, () => at(STOCKPORT, 'SK1 1AA', '1 A ROAD', 'STOCKPORT'))
  const strayed = collectPlaceNames([...many, at(NEWPORT_IOW, 'PO30 1AA', '1 A ROAD', 'STOCKPORT')])
  assert.deepEqual(
    strayed.find('Stockport').map(({ label }) => label),
    ['Stockport'],
  )
})

test('a key has no punctuation, whatever the spelling', () => {
  assert.equal(placeKey(' Bury-St.  Edmund’s & Co '), 'BURY ST EDMUNDS AND CO')
})
