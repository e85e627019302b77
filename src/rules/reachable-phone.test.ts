import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastDigits, waysToReach } from './reachable-phone.ts'

const cases: [phone: string | null | undefined, ways: string[], because: string][] = [
  ['01632 960001', ['call'], 'a landline cannot be trusted to show a text message'],
  ['020 7946 0001', ['call'], 'London is a landline too'],
  ['0303 123 0000', ['call'], '03 costs what 01 costs'],
  ['0808 157 0192', ['call'], 'free to whoever calls'],
  ['0800 1111', [], 'shorter than any number that the rules of contact details take'],
  ['056 0123 4567', ['call'], 'a number over the internet'],
  ['07700 900982', ['text', 'call'], 'a mobile'],
  ['+44 7700 900982', ['text', 'call'], 'the same, as from abroad'],
  ['07624 900982', ['text', 'call'], 'a mobile of the Isle of Man, amid the pagers'],
  ['07600 900982', [], 'a pager'],
  ['070 0123 4567', [], 'a personal number costs a lot and rings anywhere'],
  ['0845 496 0001', [], 'a service charge'],
  ['0870 496 0001', [], 'a service charge'],
  ['0909 879 0001', [], 'premium rate'],
  ['01632 960001 ext 12', [], 'a machine cannot ask for an extension'],
  ['+33 1 23 45 67 89', [], 'abroad'],
  ['ring the bell', [], 'no number at all'],
  ['', [], 'an empty field'],
  [null, [], 'the pharmacy has none'],
  [undefined, [], 'the pharmacy never said'],
]
for (const [phone, ways, because] of cases) {
  test(`${phone} is reached by ${ways.join(' and ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(waysToReach(phone), ways)
  })
}

test('of a number only its last three digits are told', () => {
  assert.equal(lastDigits('01632 960001'), '001')
  assert.equal(lastDigits('+44 7700 900982'), '982')
})
