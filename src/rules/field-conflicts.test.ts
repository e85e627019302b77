import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { conflictsIn, isSameJson, meetFields, type NamedFields, settleFields } from './field-conflicts.ts'

const SEED = 42_022

const cases: readonly (readonly [
  because: string,
  base: NamedFields,
  ours: NamedFields,
  theirs: NamedFields,
  expected: string,
])[] = [
  ['nobody changed anything', { phone: '1' }, { phone: '1' }, { phone: '1' }, 'phone untouched'],
  ['only ours changed it', { phone: '1' }, { phone: '2' }, { phone: '1' }, 'phone taken'],
  ['only theirs changed it', { phone: '1' }, { phone: '1' }, { phone: '3' }, 'phone untouched'],
  ['both changed it, to different values', { phone: '1' }, { phone: '2' }, { phone: '3' }, 'phone conflict'],
  ['both changed it to the same', { phone: '1' }, { phone: '2' }, { phone: '2' }, 'phone untouched'],
  ['we add what was not there', {}, { web: 'a' }, {}, 'web taken'],
  ['both add, differently', {}, { web: 'a' }, { web: 'b' }, 'web conflict'],
  ['we take it away, they change it', { web: 'a' }, {}, { web: 'b' }, 'web conflict'],
  ['they take it away, we change it', { web: 'a' }, { web: 'b' }, {}, 'web conflict'],
  ['both take it away', { web: 'a' }, {}, {}, 'web untouched'],
  ['null is an answer, absence is none', {}, { web: null }, {}, 'web taken'],
  ['undefined says no more than absence', { web: undefined }, {}, {}, 'web untouched'],
  ['one field does not hold up another', { a: 1, b: 1 }, { a: 2, b: 2 }, { a: 1, b: 3 }, 'a taken, b conflict'],
  ['the order of keys is no change', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: 3 }, 'a untouched'],
  ['the order of a list is one', { a: [1, 2] }, { a: [2, 1] }, { a: [1, 2] }, 'a taken'],
  ['an empty list is not an empty record', { a: [] }, { a: {} }, { a: [] }, 'a taken'],
  [
    'names that every object knows are names',
    {},
    { constructor: 1 },
    { toString: 2 },
    'constructor taken, toString untouched',
  ],
]
for (const [because, base, ours, theirs, expected] of cases) {
  test(because, () => {
    const shown = meetFields(base, ours, theirs).map(({ field, outcome }) => `${field} ${outcome}`)
    assert.equal(shown.join(', '), expected)
  })
}

test('callers say when two ways of writing mean the same', () => {
  const digits = (value: unknown) => String(value).replaceAll(/\D/g, '')
  const meet = (theirs: string) =>
    meetFields({ phone: '0161 1' }, { phone: '0161 2' }, { phone: theirs }, (_field, a, b) => digits(a) === digits(b))
  assert.equal(meet('01611')[0]?.outcome, 'taken')
  assert.equal(meet('01612')[0]?.outcome, 'untouched')
  assert.equal(meet('01613')[0]?.outcome, 'conflict')
})

test('what fits together is settled; a conflict keeps what stands until somebody chooses', () => {
  const meetings = meetFields({ a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 1 }, { a: 1, b: 3, d: 4 })
  assert.deepEqual(settleFields(meetings), { a: 2, b: 3, d: 4 })
  assert.deepEqual(settleFields(meetings, { b: 'ours', d: 'ours' }), { a: 2, b: 2, d: 4 })
  assert.deepEqual(settleFields(meetings, { b: 'theirs' }), { a: 2, b: 3, d: 4 })
})

const aRecord = fc.dictionary(
  fc.constantFrom('phone', 'web', 'weekly', '__proto__x'),
  fc.oneof(
    fc.integer({ min: 0, max: 2 }),
    fc.constant(null),
    fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
  ),
)
const three = fc.tuple(aRecord, aRecord, aRecord)
const law = (name: string, holds: (base: NamedFields, ours: NamedFields, theirs: NamedFields) => boolean) =>
  test(name, () =>
    fc.assert(
      fc.property(three, ([base, ours, theirs]) => holds(base, ours, theirs)),
      { seed: SEED },
    ),
  )

law('nothing wanted leaves what stands', (base, _ours, theirs) =>
  isSameJson(settleFields(meetFields(base, base, theirs)), theirs),
)
law('where nobody else changed anything, all that is wanted is taken', (base, ours) =>
  isSameJson(settleFields(meetFields(base, ours, base)), ours),
)
law('a conflict is one whichever of the two is asked', (base, ours, theirs) => {
  const fieldsOf = (one: NamedFields, other: NamedFields) =>
    conflictsIn(meetFields(base, one, other))
      .map(({ field }) => field)
      .join()
  return fieldsOf(ours, theirs) === fieldsOf(theirs, ours)
})
law('without a choice no value of theirs is lost that differs from the base', (base, ours, theirs) =>
  meetFields(base, ours, theirs).every(({ field, base: was, theirs: is }) => {
    const settled = settleFields(meetFields(base, ours, theirs))
    return isSameJson(was, is) || isSameJson(settled[field], is)
  }),
)
law('choosing ours everywhere gives all that ours changed', (base, ours, theirs) => {
  const meetings = meetFields(base, ours, theirs)
  const settled = settleFields(meetings, Object.fromEntries(meetings.map(({ field }) => [field, 'ours' as const])))
  return meetings.every(
    ({ field, base: was, ours: wanted }) => isSameJson(was, wanted) || isSameJson(settled[field], wanted),
  )
})
