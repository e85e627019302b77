import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideTicketAct, TICKET_ACTS, TICKET_STATES, type TicketState, waitsForDesk } from './ticket-states.ts'

const CLOSED_AT = '2026-12-01T10:00:00.000Z'
const NOW = new Date('2026-12-10T10:00:00.000Z')

/** What each act makes of each state, by hand; `-` is refused. */
const EXPECTED = `
            reply    note     change   close  write end    reopen rate
  new       answered new      new      closed new   closed -      -
  open      answered open     open     closed open  closed -      -
  answered  answered answered answered closed open  closed -      -
  closed    -        closed   -        -      -     -      open   closed
`

test('each act does in each state what the table says', () => {
  const [heading = [], ...rows] = EXPECTED.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  assert.deepEqual(heading, [...TICKET_ACTS])
  assert.deepEqual(
    rows.map(([state]) => state),
    [...TICKET_STATES],
  )
  for (const [state, ...cells] of rows) {
    const closedAt = state === 'closed' ? CLOSED_AT : null
    for (const [index, act] of TICKET_ACTS.entries()) {
      const decided = decideTicketAct(act, { state: state as TicketState, closedAt }, NOW)
      assert.equal(decided.ok ? decided.value : '-', cells[index], `${act} of ${state}`)
    }
  }
})

test('a closed ticket is reopened for 28 days and not a moment longer', () => {
  const ticket = { state: 'closed', closedAt: CLOSED_AT } as const
  const at = (instant: string) => decideTicketAct('reopen', ticket, new Date(instant)).ok
  assert.equal(at('2026-12-29T10:00:00.000Z'), true)
  assert.equal(at('2026-12-29T10:00:00.001Z'), false)
})

test('only what is new or written to again waits for the desk', () => {
  assert.deepEqual(TICKET_STATES.filter(waitsForDesk), ['new', 'open'])
})
