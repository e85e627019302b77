import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Postcode } from './postcode.ts'
import { countryOutsideEngland } from './postcode-country.ts'

const cases: readonly (readonly [
  postcode: string,
  codes: readonly (string | null)[],
  country: string,
  because: string,
])[] = [
  ['M33 7AB', [], 'England', 'an English area'],
  ['CF10 1AA', [], 'Wales', 'a Welsh area'],
  ['CF10', [null, undefined as unknown as null], 'Wales', 'an outcode, and codes that are not there'],
  ['EH1 1AA', [], 'Scotland', 'a Scottish area'],
  ['G1 1AA', [], 'Scotland', 'an area of one letter'],
  ['GL1 1AA', [], 'England', 'an area that only begins like one'],
  ['BT1 1AA', [], 'Northern Ireland', 'all of it'],
  ['IM1 1AA', [], 'the Isle of Man', 'the island'],
  ['JE2 3AB', [], 'the Channel Islands', 'Jersey'],
  ['SY23 1AA', [], 'Wales', 'Aberystwyth, of the area of Shrewsbury'],
  ['SY1 1AA', [], 'England', 'Shrewsbury itself'],
  ['TD15 1AA', [], 'England', 'Berwick is English, of a Scottish area; nothing is said of what straddles'],
  ['TD15 1XX', ['S12000026'], 'Scotland', 'its council is Scottish'],
  ['LL13 0AA', ['W06000006', null], 'Wales', 'its council is Welsh'],
  ['LL13 0AB', ['E06000049'], 'England', 'across the border'],
  ['CF10 1AA', ['E54000039'], 'England', 'codes decide'],
  ['JE2 3AB', ['L99999999'], 'the Channel Islands', 'what the ONS writes where there is no authority'],
  ['ZZ1 1AA', ['COUNCIL-M'], 'England', 'a code that is not of the ONS tells nothing'],
]
for (const [postcode, codes, country, because] of cases) {
  test(`${postcode} with ${codes.join(' ') || 'no codes'} is in ${country}: ${because}`, () => {
    assert.equal(countryOutsideEngland(postcode as Postcode, codes) ?? 'England', country)
  })
}
