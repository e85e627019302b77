import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SERVICE_STATUSES } from '#src/directory/service-record.ts'
import { LIFE, LIFECYCLE, mayMove, nextStages, stageMeaning, stageName } from './service-lifecycle.ts'

/** Written down by hand: from, to, and why it may or may not be. */
const moves: [from: string, to: string, may: boolean, because: string][] = [
  ['DRAFT', 'COMMISSIONING', true, 'a new service is prepared'],
  ['DRAFT', 'ACTIVE', true, 'or is ready at once'],
  ['DRAFT', 'CLOSED', false, 'what never was cannot end'],
  ['COMMISSIONING', 'ACTIVE', true, 'it opens'],
  ['COMMISSIONING', 'CLOSED', true, 'it was not to be'],
  ['COMMISSIONING', 'RETIRED', true, 'it was a mistake'],
  ['COMMISSIONING', 'SUSPENDED', false, 'only what is open is taken out for a time'],
  ['ACTIVE', 'SUSPENDED', true, 'out of searches for a time'],
  ['ACTIVE', 'CLOSED', true, 'it ends'],
  ['ACTIVE', 'RETIRED', false, 'it is closed first, so that people see why'],
  ['ACTIVE', 'COMMISSIONING', false, 'what is open is not prepared'],
  ['SUSPENDED', 'ACTIVE', true, 'it comes back'],
  ['SUSPENDED', 'CLOSED', true, 'it does not come back'],
  ['CLOSED', 'ACTIVE', false, 'its record is old: it is prepared again first'],
  ['CLOSED', 'COMMISSIONING', true, 'it is prepared again'],
  ['CLOSED', 'RETIRED', true, 'only its history is kept'],
  ['RETIRED', 'COMMISSIONING', false, 'that is final'],
  ['ACTIVE', 'ACTIVE', false, 'staying is no move'],
  ['constructor', 'ACTIVE', false, 'a status that nobody knows goes nowhere'],
]
for (const [from, to, may, because] of moves) {
  test(`${from} ${may ? 'may' : 'may not'} become ${to}: ${because}`, () => assert.equal(mayMove(from, to), may))
}

test('every status of a record is in the table, has a name and a meaning, and leads to no draft', () => {
  assert.deepEqual(LIFE.filter((stage) => stage !== 'DRAFT').toSorted(), [...SERVICE_STATUSES].toSorted())
  for (const stage of LIFE) {
    assert.match(`${stageName(stage)}. ${stageMeaning(stage)}`, /^[A-Z][a-z]+\. .+\.$/)
    assert.equal(LIFECYCLE[stage].next.includes('DRAFT'), false, stage)
  }
  assert.deepEqual([nextStages('x'), stageName('x'), stageMeaning('x')], [[], 'x', ''])
})

test('every status but a draft can be reached, and every way ends in one that is final', () => {
  const reached = new Set(LIFE.flatMap((stage) => LIFECYCLE[stage].next))
  assert.deepEqual([...reached].toSorted(), LIFE.filter((stage) => stage !== 'DRAFT').toSorted())
  assert.deepEqual(
    LIFE.filter((stage) => LIFECYCLE[stage].next.length === 0),
    ['RETIRED'],
  )
})
