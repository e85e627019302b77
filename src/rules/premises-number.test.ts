import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePremisesNumber, registerAddress } from './premises-number.ts'

const CASES: readonly (readonly [text: string, number: string | undefined, because: string])[] = [
  ['1099999', '1099999', 'as it stands in the register'],
  [' 9010 999 ', '9010999', 'a newer one with spaces'],
  ['GPhC number: 1099999', '1099999', 'as websites write it'],
  ['GPhC 1099999', '1099999', 'the short form'],
  ['１０９９９９９', '1099999', 'wide digits'],
  ['', undefined, 'blank is no number'],
  ['109999', undefined, 'a digit is missing'],
  ['10999990', undefined, 'a digit too many'],
  ['2099999', undefined, 'pharmacists have numbers from 2: it is a person’s'],
  ['1099999/../x', undefined, 'it goes into an address'],
]
for (const [text, number, because] of CASES) {
  test(`“${text}” is ${number ?? 'refused'}: ${because}`, () => {
    const read = parsePremisesNumber(text)
    assert.equal(read.ok ? read.value : undefined, number)
  })
}

test('the number leads to the public register', () => {
  const address = 'https://www.pharmacyregulation.org/registers/pharmacy/registrationnumber/1099999'
  assert.equal(registerAddress('1099999'), address)
})
