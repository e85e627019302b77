import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from './bank-holidays.ts'
import { decideWrongAct, leadsFrom, WRONG_ACTS, WRONG_STATES, type WrongTurn, wrongTurn } from './wrong-reports.ts'

const holidays = holidayCalendar([])

const DUE: readonly (readonly [toldAt: string, dueAt: string, because: string])[] = [
  ['2026-12-09T10:00:00.000Z', '2026-12-09T14:00:00.000Z', 'four hours of a Wednesday'],
  ['2026-12-09T15:00:00.000Z', '2026-12-10T10:00:00.000Z', 'two today and two tomorrow'],
  ['2026-12-11T16:30:00.000Z', '2026-12-14T11:30:00.000Z', 'a weekend does not count'],
  ['2026-12-12T12:00:00.000Z', '2026-12-14T12:00:00.000Z', 'told on a Saturday'],
  ['2026-12-24T16:00:00.000Z', '2026-12-29T11:00:00.000Z', 'neither do bank holidays'],
  ['2026-07-01T07:30:00.000Z', '2026-07-01T11:30:00.000Z', 'by London clocks in summer'],
]
for (const [toldAt, dueAt, because] of DUE) {
  test(`what is told at ${toldAt} is the lead's from ${dueAt}: ${because}`, () => {
    assert.equal(leadsFrom(new Date(toldAt), holidays, true).toISOString(), dueAt)
    assert.equal(leadsFrom(new Date(toldAt), holidays, false).toISOString(), toldAt)
  })
}

test('a report is the pharmacy’s, then the lead’s, and nobody’s when it is answered', () => {
  const dueAt = '2026-12-09T14:00:00.000Z'
  const turnAt = (state: (typeof WRONG_STATES)[number], now: string) => wrongTurn({ state, dueAt }, new Date(now))
  assert.equal(turnAt('waiting', '2026-12-09T13:59:59.999Z'), 'pharmacy')
  assert.equal(turnAt('waiting', dueAt), 'lead')
  for (const state of WRONG_STATES.slice(1)) assert.equal(turnAt(state, dueAt), 'nobody')
})

test('who may do what, when', () => {
  const told = (turn: WrongTurn) =>
    WRONG_ACTS.map((act) => {
      const outcome = decideWrongAct(act, turn)
      return outcome.ok ? outcome.value : '-'
    })
  assert.deepEqual(told('pharmacy'), ['corrected', 'right', '-', 'spam'])
  assert.deepEqual(told('lead'), ['corrected', 'right', 'settled', 'spam'])
  assert.deepEqual(told('nobody'), ['-', '-', '-', '-'])
})
