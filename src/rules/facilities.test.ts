import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FACILITIES, FACILITY_GROUPS, facilitiesInGroup, facilityKind } from './facilities.ts'

test('every facility of the NHS website for pharmacies is in the list under its number', () => {
  const nhs = [28, 29, 30, 7, 35, 3, 4, 6, 1, 5, 15, 17, 18, 16, 19, 21, 146]
  for (const id of nhs) assert.ok(facilityKind(String(id)), String(id))
  assert.deepEqual(FACILITIES.map(({ id }) => id).filter((id) => /^\d+$/.test(id)).length, nhs.length)
})

test('disabled parking, which has two numbers, is kept once', () => {
  assert.equal(facilityKind('2'), undefined)
  assert.ok(facilityKind('30')?.oldNames.includes('2'))
})

test('ids and labels are given once, and each item is in one group', () => {
  assert.equal(new Set(FACILITIES.map(({ id }) => id)).size, FACILITIES.length)
  assert.equal(new Set(FACILITIES.map(({ label }) => label)).size, FACILITIES.length)
  assert.equal(FACILITY_GROUPS.flatMap((group) => facilitiesInGroup(group)).length, FACILITIES.length)
})

test('a door is 600 to 2000 millimetres wide', () => {
  const { min, max, unit } = facilityKind('wide-door')?.measure ?? { min: 0, max: 0, unit: '' }
  assert.deepEqual([min, max, unit], [600, 2000, 'millimetres'])
})
