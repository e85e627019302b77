import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLINICAL_FIELDS, fieldsToApprove, isClinical } from './clinical-changes.ts'

const PROFILED = { status: 'SUSPENDED', typeId: 46, sgsd: { 1011: [4003] }, dispositions: [] }
const PLAIN = { status: 'SUSPENDED', typeId: 46, sgsd: {}, dispositions: [] }

const cases: [now: object, change: object, fields: string[], because: string][] = [
  [PROFILED, { name: 'New', phone: null }, [], 'nobody is sent elsewhere by a name'],
  [PROFILED, { sgsd: {} }, ['sgsd'], 'taking codes out changes who is sent there too'],
  [PLAIN, { ages: [[0, 1]], name: 'x' }, ['ages'], 'only what is clinical needs a second person'],
  [PROFILED, { status: 'ACTIVE' }, ['status'], 'patients are sent there from now on'],
  [PLAIN, { status: 'ACTIVE' }, [], 'no search sends anybody there'],
  [PLAIN, { status: 'ACTIVE', dispositions: [1] }, ['status', 'dispositions'], 'the profile comes with it'],
  [PROFILED, { status: 'CLOSED' }, [], 'taking a service out is the safe side'],
  [PROFILED, { typeId: 40 }, ['typeId'], 'searches rank by type'],
  [PLAIN, { typeId: 40 }, [], 'a service without a profile is ranked nowhere'],
  [{}, { status: 'ACTIVE' }, [], 'a record that says nothing'],
]
for (const [now, change, fields, because] of cases) {
  test(`${JSON.stringify(change)} needs agreement to [${fields}]: ${because}`, () =>
    assert.deepEqual(fieldsToApprove({ ...now }, { ...change }), fields))
}

test('the fields of the clinical profile are clinical, and nothing that an object has by birth', () => {
  for (const field of CLINICAL_FIELDS) assert.ok(isClinical(field))
  for (const field of ['name', 'endpoints', 'constructor', '']) assert.equal(isClinical(field), false)
})
