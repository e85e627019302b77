import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Misfit, misfitsOf, type Patient } from './patient-fit.ts'

const ADULTS_OF_B1 = {
  ages: [[5844, 47_481.5] as const],
  genders: new Set(['F']),
  restricted: true,
  referrals: new Set(['B1']),
  roles: new Set([1, 2]),
}
const NOBODY_KNOWN: Patient = { age: null, gender: null, surgery: null, role: null }
const cases: readonly (readonly [patient: Partial<Patient>, misfits: Misfit[], because: string])[] = [
  [{}, [], 'nothing is known of the patient'],
  [{ age: [7305, 7305], gender: 'F', surgery: 'B1', role: 2 }, [], 'all fits'],
  [{ age: [365, 365] }, ['age'], 'a child'],
  [{ gender: 'M' }, ['gender'], 'for women'],
  [{ surgery: 'B2' }, ['surgery'], 'another surgery'],
  [{ role: 127 }, ['role'], 'another role'],
  [
    { age: [1, 1], gender: 'M', surgery: 'B2', role: 127 },
    ['age', 'gender', 'surgery', 'role'],
    'every reason is told',
  ],
]
for (const [patient, misfits, because] of cases) {
  test(`${misfits.join(', ') || 'no reason'}: ${because}`, () => {
    assert.deepEqual(misfitsOf(ADULTS_OF_B1, { ...NOBODY_KNOWN, ...patient }), misfits)
  })
}
test('a service that is not restricted takes patients of every surgery', () => {
  assert.deepEqual(misfitsOf({ ...ADULTS_OF_B1, restricted: false }, { ...NOBODY_KNOWN, surgery: 'B2' }), [])
})
