import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import type { ClinicalProfile } from '#src/rules/triage.ts'
import { aService } from '#test/support/builders.ts'
import { rowOf } from '#test/support/service-row.ts'
import { serviceReader } from '../indexed-service.ts'
import { urgentCareReader } from './urgent-care-reader.ts'

/** JSON as the database writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, held]) => `${JSON.stringify(name)}: ${spaced(held)}`)
    .join(', ')}}`
}

function readProfile(clinical: string): ClinicalProfile {
  const row = { ...rowOf(aService({})), clinical }
  return urgentCareReader()(serviceReader(holidayCalendar([]))(row)).clinical
}

const GENDERS = ['M', 'F']
const AGES = [
  [0, 364.25],
  [365.25, 47_481.5],
]
const REST = [[1002], [1, { id: 23 }], true, ['a81001'], null, ['B1'], 30]

const PAIRS: readonly (readonly [because: string, given: readonly unknown[], pairs: Record<string, number[]>])[] = [
  ['pairs are read apart', [GENDERS, AGES, { 1036: [4013, 4019], 1056: [4029] }], { 1036: [4013, 4019], 1056: [4029] }],
  ['there may be none', [GENDERS, AGES, {}], {}],
  ['or nothing may be given', [null, null, null], {}],
  ['a gender may look like the end of its list', [['M"], null', '{}, '], AGES, { 1: [2] }], { 1: [2] }],
  ['a group may look like the end of the pairs', [GENDERS, AGES, { '7}, ': [1], 8: [2] }], { NaN: [1], 8: [2] }],
  ['a group may hold a quotation mark', [GENDERS, AGES, { '": [1], ': [3] }], { NaN: [3] }],
]

for (const write of [JSON.stringify, spaced]) {
  for (const [because, given, pairs] of PAIRS) {
    test(`${because}, in text ${write === spaced ? 'with' : 'without'} spaces`, () => {
      const profile = readProfile(write([...given, ...REST]))
      assert.deepEqual(Object.fromEntries([...profile.pairs].map(([group, list]) => [group, [...list]])), pairs)
      assert.deepEqual([...profile.genders], given[0] ?? [])
      assert.deepEqual(profile.ages, given[1] ?? [])
      assert.deepEqual([...profile.dispositions], [1002])
      assert.deepEqual([...profile.roles], [1, 23])
      assert.deepEqual([...profile.referrals], ['A81001'])
      assert.equal(profile.limitedTo, null)
      assert.deepEqual([...(profile.promotedTo ?? [])], ['B1'])
      assert.equal(profile.returnIfOpenMinutes, 30)
    })
  }
}
