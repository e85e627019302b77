import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isZCode, misplacedBecause, misplacedPairs } from './z-codes.ts'

for (const [typeId, odsCode, code, belongs, because] of [
  [13, 'FA001', 14167, true, 'palliative stock is the pharmacy’s own'],
  [13, 'FA001A', 14167, false, 'a longer code is not the pharmacy itself'],
  [13, ' fa001 ', 14167, true, 'blanks and small letters are no longer code'],
  [134, 'FA001', 14167, true, 'distance selling is let pass'],
  [131, 'FA001', 14167, false, 'urgent supply says nothing of palliative stock'],
  [132, 'FA001', 14167, false, 'neither does an enhanced service'],
  [137, 'FA001', 14167, false, 'nor clinical assessment'],
  [148, 'FA001BPS', 14167, false, 'nor blood pressure'],
  [148, 'FA001BPS', 14207, true, 'blood pressure is where it belongs'],
  [13, 'FA001', 14207, false, 'a pharmacy gives it by a service of its own'],
  [149, 'FA001CON', 14210, true, 'contraception is where it belongs'],
  [148, 'FA001BPS', 14210, false, 'and not on blood pressure'],
  [50, 'ABC', 14167, true, 'the checks are of pharmacy types only'],
  [13, 'FA001', 14500, true, 'a local code may be on any service that is returned'],
  [22, 'QOP', 14500, false, 'nobody is sent to a commissioner'],
  [22, 'QOP', 4003, true, 'a code of Pathways is no Z code'],
] as const) {
  test(`Z code ${code} ${belongs ? 'belongs' : 'does not belong'} on type ${typeId} with code ${odsCode}: ${because}`, () => {
    assert.equal(misplacedBecause({ typeId, odsCode }, code) === '', belongs)
  })
}

test('Z codes begin above the discriminators of Pathways, and only group 360 is looked at', () => {
  assert.deepEqual([10_999, 11_000, 14_167].map(isZCode), [false, true, true])
  const bearer = { typeId: 13, odsCode: 'FA001' }
  assert.deepEqual(misplacedPairs(bearer, { 360: [14_207, 14_167], 310: [14_207] }), [
    'Z code 360=14207 (blood pressure) does not belong on Pharmacy',
  ])
})
