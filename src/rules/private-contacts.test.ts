import assert from 'node:assert/strict'
import { test } from 'node:test'
import { privateContactsIn } from './private-contacts.ts'

const SERVICE = { nonPublicPhone: '01632 960399', email: 'Bookings@nhs.example' }
const cases: [text: string, found: [text: string, because: string][], because: string][] = [
  ['Ring 01632 960001.', [], 'a number of its own is its own affair'],
  ['Ring 01632960399 now', [['01632960399', 'not-public']], 'the non-public number, written in another way'],
  ['(+44 1632 960-399)', [['+44 1632 960-399', 'not-public']], 'and as from abroad'],
  ['Write to bookings@NHS.example.', [['bookings@NHS.example', 'not-public']], 'the non-public address'],
  [
    'a@b.example, c@d.example',
    [
      ['a@b.example', 'email'],
      ['c@d.example', 'email'],
    ],
    'any address is worth a look',
  ],
  ['Open 9-5, room 12, 100% @ home', [], 'other numbers and signs'],
  ['', [], 'nothing'],
]
for (const [text, found, because] of cases) {
  test(`“${text}”: ${because}`, () =>
    assert.deepEqual(
      privateContactsIn(text, SERVICE).map((one) => [one.text, one.because]),
      found,
    ))
}

test('a service without private contacts has none to give away', () => {
  assert.deepEqual(privateContactsIn('01632 960399', { nonPublicPhone: null, email: null }), [])
})
