import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testOnSharedData } from '#test/support/shared-data.ts'
import { areaOf, outcodeOf, parseOutcode, parsePostcode, postcodeKey, sectorOf } from './postcode.ts'

const cases: readonly (readonly [typed: string, postcode: string | undefined, because: string])[] = [
  ['M33 7AB', 'M33 7AB', 'as it is written'],
  ['m337ab', 'M33 7AB', 'small letters, no space'],
  ['  M 33  7 A B ', 'M33 7AB', 'spaces anywhere'],
  ['M33\u00a07AB', 'M33 7AB', 'a space that does not break'],
  ['Ｍ３３　７ＡＢ', 'M33 7AB', 'full-width letters are letters'],
  ['M1 1AE', 'M1 1AE', 'A9'],
  ['B33 8TH', 'B33 8TH', 'A99'],
  ['CR2 6XH', 'CR2 6XH', 'AA9'],
  ['DN55 1PT', 'DN55 1PT', 'AA99'],
  ['W1A 1HQ', 'W1A 1HQ', 'A9A'],
  ['EC1A 1BB', 'EC1A 1BB', 'AA9A'],
  ['GIR 0AA', 'GIR 0AA', 'the one of its own kind'],
  ['ZZ1 1ZZ', 'ZZ1 1ZZ', 'an invented one'],
  ['M33 7CV', 'M33 7CV', 'letters that real inward parts do not use'],
  ['', undefined, 'nothing'],
  ['M33', undefined, 'an outcode is not a whole postcode'],
  ['M33 7', undefined, 'a sector is not a whole postcode'],
  ['M333 7AB', undefined, 'three digits'],
  ['MMM3 7AB', undefined, 'three letters'],
  ['33 7AB', undefined, 'no letters'],
  ['M33 OAB', undefined, 'the letter O where a digit belongs'],
  ['M33 7A8', undefined, 'a digit where a letter belongs'],
  ['М33 7АВ', undefined, 'Cyrillic letters that look like ours'],
  ['M33-7AB', undefined, 'a hyphen'],
  ['M33 7AB; drop table', undefined, 'more than a postcode'],
  ['M33 7AB\u0000', undefined, 'a control character'],
  ['M33 7A😀', undefined, 'a picture'],
  ['%', undefined, 'a wildcard'],
  ['M'.repeat(10_000), undefined, 'a long text'],
]
for (const [typed, postcode, because] of cases) {
  test(`the postcode ${JSON.stringify(typed.slice(0, 40))}: ${because}`, () => {
    assert.equal(parsePostcode(typed), postcode)
  })
}

const keys: readonly (readonly [postcode: string, key: string])[] = [
  ['te5 7er', 'TE57ER'],
  ['   TE57ER', 'TE57ER'],
  ['TE5  7ER ', 'TE57ER'],
  ['T E 5 7 E R', 'TE57ER'],
  ['\tte57eR\n', 'TE57ER'],
  ['', ''],
]
for (const [postcode, key] of keys) {
  test(`the key of ${JSON.stringify(postcode)} is ${JSON.stringify(key)}: upper case without blanks`, () => {
    assert.equal(postcodeKey(postcode), key)
  })
}

test('a postcode is taken apart', () => {
  const postcode = parsePostcode('sw1a 2aa')
  assert.ok(postcode)
  assert.deepEqual([outcodeOf(postcode), sectorOf(postcode), areaOf(postcode)], ['SW1A', 'SW1A 2', 'SW'])
})

test('outcodes are read on their own', () => {
  assert.deepEqual(['m33', ' Sw1a ', 'B1', 'GIR'].map(parseOutcode), ['M33', 'SW1A', 'B1', 'GIR'])
  assert.deepEqual(['', 'M', '33', 'M33 7AB', 'Sale', 'М33', 'M333'].map(parseOutcode), Array(7).fill(undefined))
})

testOnSharedData('postcodes.csv', 'every published postcode is read as it is written', (text) => {
  for (const line of text.trim().split('\n').slice(1)) {
    const postcode = line.slice(0, line.indexOf(','))
    assert.equal(parsePostcode(postcode), postcode)
    assert.equal(parsePostcode(postcode.toLowerCase().replace(' ', '')), postcode)
  }
})

test('blanks and case never matter', () => {
  const anyPostcode = fc.stringMatching(/^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$/)
  fc.assert(
    fc.property(anyPostcode, fc.nat({ max: 8 }), (postcode, at) => {
      assert.equal(parsePostcode(postcode), postcode)
      assert.equal(parsePostcode(` ${postcode.slice(0, at)} ${postcode.slice(at)}`.toLowerCase()), postcode)
      assert.equal(postcodeKey(postcodeKey(postcode)), postcodeKey(postcode))
    }),
  )
})
