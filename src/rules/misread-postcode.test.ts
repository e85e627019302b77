import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { outcodesMeant, postcodesMeant } from './misread-postcode.ts'

const cases: readonly (readonly [typed: string, meant: string, because: string])[] = [
  ['M33 OAB', 'M33 0AB', 'the letter O for nought'],
  ['M3O 7AB', 'M30 7AB', 'in the outward part, where a letter may stand'],
  ['MI 1AE', 'M1 1AE', 'the letter I for one'],
  ['S01 1AA', 'SO1 1AA', 'nought for the letter O'],
  ['0X1 1AA', 'OX1 1AA', 'at the beginning'],
  ['m337a8', 'M33 7AB', '8 for B, small and without the blank'],
  ['M33 7ABC', 'M33 7AB', 'one letter too many at the end'],
  ['M333 7AB', 'M33 7AB', 'one digit too many'],
  ['XM33 7AB', 'M33 7AB', 'one letter too many at the beginning'],
  ['M33 A7B', 'M33 7AB', 'two letters the wrong way round'],
  ['M33-7AB.', 'M33 7AB', 'signs that are no letters'],
  ['5W1A IAA', 'SW1A 1AA', 'two mistakes'],
]
for (const [typed, meant, because] of cases) {
  test(`“${typed}” may mean ${meant}: ${because}`, () => {
    const all = postcodesMeant(typed)
    assert.ok(
      all.some((each) => each === meant),
      all.join(),
    )
  })
}

test('an outcode may be mistyped too', () => {
  assert.deepEqual(outcodesMeant('M3O').slice(0, 1), ['M30'])
  assert.ok(outcodesMeant('M333').some((outcode) => outcode === 'M33'))
})

test('there are few of them, none is what was typed, and nothing comes of other texts', () => {
  for (const text of ['', 'Sale', 'x'.repeat(10_000), 'М33 7АВ', '12345', 'M33 7WWW9']) {
    assert.deepEqual(postcodesMeant(text), [], text)
  }
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9]{5,8}$/), (text) => {
      const meant = postcodesMeant(text)
      assert.ok(meant.length <= 100)
      assert.ok(!meant.some((each) => each.replace(' ', '') === text))
    }),
  )
})
