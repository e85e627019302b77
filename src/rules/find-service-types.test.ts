import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findServiceTypes } from './find-service-types.ts'
import { LISTED_TYPES, lifecycleOf, typeNameOf } from './service-types.ts'

const TYPES = LISTED_TYPES.filter((id) => lifecycleOf(id) === 'current').map((id) => ({
  id,
  name: typeNameOf(id) ?? '',
}))
const first = (text: string, many = 3) =>
  findServiceTypes(text, TYPES)
    .slice(0, many)
    .map(({ id }) => id)

const cases: readonly (readonly [text: string, ids: number[], because: string])[] = [
  ['p', [13], 'one letter is enough; the shortest name that begins with it comes first'],
  ['pharmacy', [13], 'the type itself before its kin'],
  ['chemist', [13], 'an everyday word'],
  ['pharmcy', [13], 'a slip'],
  ['pharmacy first', [132], 'a name that the public knows'],
  ['CPCS+', [132], 'a name that is gone'],
  ['a&e', [105, 40], 'an everyday word with a sign'],
  ['dentist', [12, 47, 156], 'the plain one first'],
  ['blood', [148], 'a word within the name'],
  ['pressure blood', [148], 'in any order'],
  ['gp', [100, 136], 'two letters'],
  ['', [], 'nothing'],
  ['zzzz', [], 'nothing fits'],
]
for (const [text, ids, because] of cases) {
  test(`"${text}" means ${ids.join(', ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(first(text, ids.length || 3), ids)
  })
}

test('the name by which a type was found is told', () => {
  assert.equal(findServiceTypes('chemist', TYPES)[0]?.by, 'Chemist')
  assert.equal(findServiceTypes('pharmacy', TYPES)[0]?.by, null)
})
