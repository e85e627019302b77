import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProfessionalRole, roleName } from './referral-roles.ts'

const cases: readonly (readonly [id: number, given: string | null, name: string, professional: boolean])[] = [
  [900, 'Professional Referral', 'Professional Referral', true],
  [2, null, 'HCP Registered', true],
  [2, 'User', 'User', false],
  [1, null, 'Public Facing', false],
  [128, null, 'Non HCP', false],
  [777, null, '777', false],
  [5, 'Unprofessional', 'Unprofessional', false],
]
for (const [id, given, name, professional] of cases) {
  test(`role ${id} (${given ?? 'no name stored'}) is "${name}", ${professional ? 'a professional’s' : 'not a professional’s'}`, () => {
    assert.equal(roleName(id, given), name)
    assert.equal(isProfessionalRole(id, given), professional)
  })
}
