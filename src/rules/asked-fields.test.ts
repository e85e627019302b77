import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedFieldOf, isInForce, parseAskedField, parseHeldField, queryStateOf } from './asked-fields.ts'

const TODAY = '2026-11-22'
const states: readonly (readonly [because: string, turn: string, replyBy: string, expected: string])[] = [
  ['its day is to come', 'pharmacy', '2026-11-23', 'waits-for-pharmacy'],
  ['the whole of its day is left to reply', 'pharmacy', '2026-11-22', 'waits-for-pharmacy'],
  ['its day has passed', 'pharmacy', '2026-11-21', 'overdue'],
  ['an answer came, however late', 'lead', '2026-11-21', 'waits-for-lead'],
  ['what is closed is not overdue', 'closed', '2026-11-21', 'closed'],
]
for (const [because, turn, replyBy, expected] of states) {
  test(`a query: ${because}`, () => assert.equal(queryStateOf({ turn, replyBy }, TODAY), expected))
}

test('a hold is in force until it is released, and before its end', () => {
  const hold = { releasedAt: null, endsAt: '2026-11-25T00:00:00.000Z' }
  assert.equal(isInForce(hold, '2026-11-24T23:59:59.999Z'), true)
  assert.equal(isInForce(hold, '2026-11-25T00:00:00.000Z'), false)
  assert.equal(isInForce({ ...hold, releasedAt: '2026-11-23T00:00:00.000Z' }, '2026-11-24T00:00:00.000Z'), false)
})

test('closures and dated changes can be asked about and never held', () => {
  assert.equal(parseAskedField('changes'), 'changes')
  for (const text of ['changes', 'closures', 'place', 'other', '', 'constructor']) {
    assert.equal(parseHeldField(text), undefined, text)
  }
})

test('a field of a DoS service leads to what the pharmacy says of it', () => {
  const asked = ['phone', 'nonPublicPhone', 'email', 'specified', 'closures', 'postcode', 'sgsd', 'toString'].map(
    askedFieldOf,
  )
  assert.deepEqual(asked, [
    'phone',
    'professionalPhone',
    'professionalEmail',
    'changes',
    'changes',
    'place',
    'other',
    'other',
  ])
})
