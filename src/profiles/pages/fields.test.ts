import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsOf, isUnreadable, lineIn, proseIn, tickIn } from './fields.ts'

const READ: readonly (readonly [unknown, string, string])[] = [
  [' 9am ', '9am', 'blanks around it'],
  ['５.３０ｐｍ', '5.30pm', 'full-width characters are their plain ones'],
  ['one\r\ntwo\tthree', 'one two three', 'a line break is a blank'],
  ['\u202a01632 960001\u202c', '01632 960001', 'marks that come along when a number is pasted'],
  ['a\u0000b', 'a\ufffdb', 'a control character is not readable'],
  ['a\ud800b', 'a\ufffdb', 'half a character is not readable, and the database would refuse it'],
  [['a', 'b'], '\ufffd', 'sent twice'],
  [{ a: 1 }, '\ufffd', 'an object'],
  [null, '\ufffd', 'null'],
  [12, '\ufffd', 'a number: forms send text'],
]
for (const [value, expected, because] of READ) {
  test(`reads a line: ${because}`, () => {
    const line = lineIn(fieldsOf({ name: value }), 'name')
    assert.equal(line, expected)
    assert.equal(isUnreadable(line), expected.includes('\ufffd'))
  })
}

test('words keep the characters they were typed with', () => {
  assert.equal(proseIn(fieldsOf({ note: ' ½ price  –  ﬁne ' }), 'note'), '½ price – ﬁne')
})

test('bodies that are no form, and names that no form has, give no fields', () => {
  for (const body of [undefined, null, 'text', 7, []]) assert.deepEqual(fieldsOf(body), {})
  assert.deepEqual(fieldsOf({ __proto__: 'x', _csrf: 'x', 'A b': 'x', ['x'.repeat(61)]: 'x', 'a-1': 'x' }), {
    'a-1': 'x',
  })
})

test('a tick is yes, no or neither', () => {
  const fields = fieldsOf({ a: 'yes', b: '', c: 'no', d: 'on', e: ['yes', 'yes'] })
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => tickIn(fields, name)),
    [true, false, false, undefined, undefined, false],
  )
})
