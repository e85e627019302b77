import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LocalDate } from './london-time.ts'
import { isAbove, lastDayOf, PHARMACY_ROLES, type PharmacyRole, parsePharmacyRole } from './pharmacy-roles.ts'

const TODAY = '2026-12-11'
const cases: [role: PharmacyRole, asked: LocalDate | null, answer: string | null, because: string][] = [
  ['owner', null, null, 'an owner stays'],
  [
    'owner',
    '2027-01-01',
    'An owner has no last day. Leave the date empty, or choose another role',
    'the last must not run out',
  ],
  ['editor', null, null, 'for as long as somebody wants'],
  ['editor', '2029-01-01', '2029-01-01', 'any day to come'],
  ['viewer', '2026-12-11', '2026-12-11', 'today is the shortest'],
  ['viewer', '2026-12-10', 'Last day must be today or in the future', 'yesterday is over'],
  ['closure-only', null, '2026-12-18', 'a week when nobody says otherwise'],
  ['closure-only', '2027-03-14', '2027-03-14', '93 days'],
  ['closure-only', '2027-03-15', 'Closure-only access can last up to 93 days', '94 days'],
]
for (const [role, asked, answer, because] of cases) {
  test(`${role} until ${asked} is ${answer}: ${because}`, () => {
    const found = lastDayOf(role, asked, TODAY)
    assert.equal(typeof found === 'string' ? found : found.lastDay, answer)
  })
}

test('each role is above those after it, and no other word is a role', () => {
  assert.deepEqual(
    PHARMACY_ROLES.map((role) => PHARMACY_ROLES.filter((other) => isAbove(role, other)).length),
    [3, 2, 1, 0],
  )
  for (const text of ['', 'Owner', 'group', 'admin', 'toString']) assert.equal(parsePharmacyRole(text), undefined)
})
