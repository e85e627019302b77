import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absoluteMinute, type Capacity, capacityAt, GREEN } from './capacity.ts'

const noon = { day: 20_670, minute: 720 }
const from = absoluteMinute(noon)
const NEVER = Number.POSITIVE_INFINITY
const amber: Capacity = { status: 'AMBER', until: from }

const CASES: readonly (readonly [because: string, capacity: Capacity, expected: Capacity['status']])[] = [
  ['a reset that is due makes it Green, in that very minute', amber, 'GREEN'],
  ['until the reset it is what was set', { ...amber, until: from + 1 }, 'AMBER'],
  ['without a reset it stays', { status: 'RED', until: NEVER }, 'RED'],
  ['a closure begins in its first minute', { ...GREEN, closed: [{ from, until: from + 60 }] }, 'RED'],
  ['and is over in the minute of reopening', { ...GREEN, closed: [{ from: from - 60, until: from }] }, 'GREEN'],
  ['a closure that nobody knows the end of goes on', { ...GREEN, closed: [{ from: from - 60, until: NEVER }] }, 'RED'],
  ['a planned closure changes nothing yet', { ...GREEN, closed: [{ from: from + 1, until: from + 9 }] }, 'GREEN'],
  ['a closure is Red although the Amber below it lapsed', { ...amber, closed: [{ from, until: NEVER }] }, 'RED'],
  [
    'after a closure what was set before it holds again',
    { status: 'AMBER', until: from + 5, closed: [{ from: from - 9, until: from }] },
    'AMBER',
  ],
]

for (const [because, capacity, expected] of CASES) {
  test(because, () => assert.equal(capacityAt(capacity, noon), expected))
}
