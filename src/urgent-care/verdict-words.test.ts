/** Every reason has its words, and those that came closest come first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verdict } from '#src/directory/triage/triage-index.ts'
import { COARSE_TESTS, FINE_TESTS } from '#src/rules/triage.ts'
import { aService } from '#test/support/builders.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { groupByReason } from './verdict-words.ts'

const outcomes: readonly Verdict['outcome'][] = ['returned', 'cut', ...COARSE_TESTS, ...FINE_TESTS]
const service = toUrgentCare(aService())
const verdicts = outcomes.map((outcome) => ({ service, distanceMetres: 0, outcome, failed: [] }))

test('every outcome but being returned has a reason of its own', () => {
  const groups = groupByReason(verdicts)
  assert.deepEqual(new Set(groups.map(({ outcome }) => outcome)), new Set(outcomes.slice(1)))
  assert.equal(new Set(groups.map(({ reason }) => reason)).size, outcomes.length - 1)
})

test('services that lost at the last tests come before those that lost at the first', () => {
  const order = groupByReason(verdicts).map(({ outcome }) => outcome)
  assert.equal(order[0], 'cut')
  assert.ok(order.indexOf('session') < order.indexOf('symptom-group'))
  assert.equal(order.at(-1), 'status')
})
