import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePostcode } from './postcode.ts'
import { parsePostcodeUnit, unitsOf } from './postcode-unit.ts'

const cases: readonly (readonly [text: string, expected: string | undefined, because: string])[] = [
  ['ZZ1 1AA', 'postcode ZZ1 1AA', 'whole'],
  [' zz1  1aa ', 'postcode ZZ1 1AA', 'spacing and case do not matter'],
  ['ZZ11AA', 'postcode ZZ1 1AA', 'no space at all'],
  ['ZZ1 1', 'sector ZZ1 1', 'the space makes it a sector'],
  ['ZZ11', 'district ZZ11', 'without a space it is a district'],
  ['ZZ111', 'sector ZZ11 1', 'three digits are no district'],
  ['ZZ11 1', 'sector ZZ11 1', 'of a district with two digits'],
  ['ec1a1', 'sector EC1A 1', 'a district ends in a letter'],
  ['EC1A  1', 'sector EC1A 1', 'more spaces than one'],
  [' m33 ', 'district M33', 'spaces around it'],
  ['ｍ３３', 'district M33', 'full-width letters'],
  ['M', undefined, 'an area is too large'],
  ['M33 7A', undefined, 'half of an inward part'],
  ['M 33 7', 'sector M33 7', 'spaces within the district'],
  ['', undefined, 'nothing'],
  ['7', undefined, 'a digit'],
  ['LEEDS', undefined, 'a town'],
]
for (const [text, expected, because] of cases) {
  test(`“${text}” is ${expected ?? 'none of the three'}: ${because}`, () => {
    const unit = parsePostcodeUnit(text)
    assert.equal(unit && `${unit.kind} ${unit.name}`, expected)
  })
}

test('the units of a postcode are found under the names that are read', () => {
  const postcode = parsePostcode('EC1A 1BB')
  assert.ok(postcode)
  assert.deepEqual(unitsOf(postcode), ['EC1A 1BB', 'EC1A 1', 'EC1A'])
  for (const name of unitsOf(postcode)) assert.equal(parsePostcodeUnit(name)?.name, name)
})
