import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOdsCode, parsePharmacyCode, pharmacyCodeOf } from './ods-code.ts'

const cases: readonly (readonly [typed: string, code: string | undefined, pharmacy: boolean, because: string])[] = [
  ['FA002', 'FA002', true, 'a pharmacy'],
  ['fa002', 'FA002', true, 'small letters'],
  [' F A002 ', 'FA002', true, 'blanks'],
  ['ＦＡ００２', 'FA002', true, 'full-width letters and digits'],
  ['A1B2C', 'A1B2C', true, 'the newer pattern'],
  ['FA002BPS', 'FA002BPS', false, 'a further service of a pharmacy'],
  ['RW3', 'RW3', false, 'a trust'],
  ['Y0123456789X', 'Y0123456789X', false, 'twelve characters'],
  ['', undefined, false, 'nothing'],
  ['F', undefined, false, 'too short'],
  ['FA002BPSABCDE', undefined, false, 'too long'],
  ['_____', undefined, false, 'wildcards'],
  ['FA00%', undefined, false, 'a wildcard'],
  ['FA-02', undefined, false, 'a hyphen'],
  ['FА002', undefined, false, 'a Cyrillic letter that looks like ours'],
  ['FA00😀', undefined, false, 'a picture'],
  ['FA002\u0000', undefined, false, 'a control character'],
  ["FA'02", undefined, false, 'a quote'],
]
for (const [typed, code, pharmacy, because] of cases) {
  test(`the code ${JSON.stringify(typed)}: ${because}`, () => {
    assert.equal(parseOdsCode(typed), code)
    assert.equal(parsePharmacyCode(typed), pharmacy ? code : undefined)
  })
}

test("a service's pharmacy is named by its first five characters", () => {
  assert.equal(pharmacyCodeOf('fa002bps'), 'FA002')
})
