import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { ageGroup } from './patient-age.ts'
import { isShownTo, passesFilters, type ServiceFilters } from './service-filters.ts'

const NOTHING_ASKED: ServiceFilters = { role: 1, gender: null, age: null, surgery: null }
const PROFILE = { roles: [1, 23], genders: ['F'], ages: [[0, 364.25]], restricted: false, referrals: ['L01329'] }
const group = (id: number) => ageGroup(id) ?? assert.fail()

const cases: readonly (readonly [asked: Partial<ServiceFilters>, profile: object, passes: boolean, because: string])[] =
  [
    [{}, {}, true, 'the role matches and nothing else is asked'],
    [{ role: 2 }, {}, false, 'the account has another role'],
    [{ role: null }, {}, false, 'the account has no role'],
    [{}, { roles: [] }, false, 'a service without roles is shown to nobody'],
    [{ gender: 'F' }, {}, true, 'it takes women'],
    [{ gender: 'M' }, {}, false, 'it takes women only'],
    [{}, { genders: [] }, true, 'gender counts only when it is given'],
    [{ age: group(4) }, {}, true, 'it takes babies'],
    [{ age: group(3) }, {}, false, 'it takes babies only'],
    [{ age: group(3) }, { ages: [[0, 400]] }, true, 'the group and the range overlap'],
    [{ age: group(8) }, { ages: [[5844, 47481.5]] }, true, 'older people are adults'],
    [{}, { ages: [] }, true, 'age counts only when it is given'],
    [{}, { restricted: true }, false, 'it is restricted and no surgery was named'],
    [{ surgery: 'L01329' }, { restricted: true }, true, 'it is for patients of that surgery'],
    [{ surgery: 'L01330' }, { restricted: true }, false, 'it is for patients of another surgery'],
    [{ surgery: 'L01330' }, {}, true, 'it is not restricted'],
  ]
for (const [asked, profile, passes, because] of cases) {
  test(`${passes ? 'shows' : 'leaves out'} a service: ${because}`, () => {
    const service = toUrgentCare({ other: { ...PROFILE, ...profile } })
    assert.equal(passesFilters(service, { ...NOTHING_ASKED, ...asked }), passes)
  })
}

test('only Active services are shown', () => {
  assert.ok(isShownTo(toUrgentCare({ other: PROFILE }), 1))
  for (const status of ['CLOSED', 'SUSPENDED', 'COMMISSIONING', 'RETIRED'] as const) {
    assert.ok(!isShownTo(toUrgentCare({ status, other: PROFILE }), 1))
  }
})
