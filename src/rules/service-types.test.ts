import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameWithAliases } from './service-types.ts'

for (const [typeId, name, expected, because] of [
  [
    132,
    'Pharmacy Enhanced',
    /^Pharmacy Enhanced \(also known as Pharmacy First, CPCS, CPCS\+, CPCS\+\+, Pharm\+\)$/,
    'Pharmacy First lives here, and was CPCS',
  ],
  [13, 'Pharmacy', /^Pharmacy \(also known as Pharmacist\)$/, 'older recordings call it so'],
  [134, 'Pharmacy Distance Selling', /^Pharmacy Distance Selling$/, 'it never had another name'],
] as const) {
  test(`type ${typeId} is shown as ${expected.source}: ${because}`, () => {
    assert.match(nameWithAliases(name, typeId), expected)
  })
}
