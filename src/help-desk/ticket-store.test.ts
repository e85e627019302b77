import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { computedBankHolidays, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { actAsDesk, actAsRequester } from './act-on-ticket.ts'
import type { HelpDeskDeps } from './desk-deps.ts'
import { sweepSent } from './help-limits.ts'
import { type AskedTicket, raiseTicket } from './raise-ticket.ts'
import { countTickets, loadThread, loadTicket, loadTickets } from './ticket-records.ts'
import { forgetRequesters } from './tidy-tickets.ts'

const ASKED: AskedTicket = {
  channel: 'form',
  category: 'how-to',
  about: 'FX123',
  words: 'How do I close?',
  name: 'Rosa',
  email: 'rosa@pharmacy.example',
  requester: null,
  address: '192.0.2.7',
}
const DESK = { actor: 'person:desk@nhs.example', now: new Date('2026-12-11T11:00:00Z') }
const calendar = holidayCalendar(computedBankHolidays(2026))

onBothDatabases((_kind, open) => {
  let opened: Promise<OpenDb> | undefined
  /** One database for all, because opening one takes longer than a test. */
  const start = async (limits: HelpDeskDeps['limits'] = { networkHour: 0, networkDay: 0, mailboxDay: 0 }) => {
    opened ??= open()
    const db = await opened
    const clock = fixedClock()
    const given = {
      db,
      clock,
      holidays: () => calendar,
      linkKeyOf: (of: string) => `key of ${of}`,
      pepper: JSON.stringify(limits),
    }
    return { ...given, limits, ticketAddress: null, keptDays: 365 }
  }
  const raise = async (deps: HelpDeskDeps, given: Partial<AskedTicket> = {}): Promise<number> => {
    const raised = await raiseTicket(deps, { ...ASKED, ...given })
    return typeof raised === 'string' ? assert.fail(raised) : raised.number
  }

  test('of two acts at once on what both have read, one is done and the other is told', async () => {
    const deps = await start()
    const number = await raise(deps)
    const reply = (words: string) => actAsDesk(deps, { number, expectedVersion: 1, act: { act: 'reply', words } }, DESK)
    assert.deepEqual((await Promise.all([reply('one'), reply('two')])).toSorted(), ['conflict', 'done'])
    const asRequester = { number, act: { act: 'write', words: 'and?' }, address: null } as const
    const both = await Promise.all([1, 2].map(() => actAsRequester(deps, asRequester, DESK.now)))
    assert.deepEqual(both, ['done', 'done'], 'what whoever asked writes is never thrown away')
    const thread = await loadThread(deps.db.pool, number, 'desk')
    assert.deepEqual(
      thread.map(({ kind }) => kind),
      ['question', 'reply', 'question', 'question'],
    )
    const ticket = (await loadTicket(deps.db.pool, number)) ?? assert.fail()
    assert.deepEqual([ticket.state, ticket.version, ticket.waitsSince], ['open', 4, '2026-12-11T11:00:00.000Z'])
    assert.deepEqual(
      await actAsDesk(deps, { number: 7, expectedVersion: 1, act: { act: 'note', words: 'x' } }, DESK),
      'not-found',
    )
    assert.deepEqual(await actAsDesk(deps, { number, expectedVersion: 4, act: { act: 'reopen', words: 'x' } }, DESK), {
      refused: 'This ticket is not closed',
    })
  })

  test('writing again does not put the answer off, and notes are in no thread but the desk’s', async () => {
    const deps = await start()
    const number = await raise(deps)
    const due = (await loadTicket(deps.db.pool, number))?.dueAt
    assert.equal(due, '2026-12-15T10:34:00.000Z', 'two working days from a Friday morning')
    const later = new Date('2026-12-14T10:00:00Z')
    await actAsRequester(deps, { number, act: { act: 'write', words: 'Hello?' }, address: null }, later)
    assert.equal((await loadTicket(deps.db.pool, number))?.dueAt, due)
    await actAsDesk(deps, { number, expectedVersion: 2, act: { act: 'note', words: 'secret' } }, DESK)
    assert.doesNotMatch(JSON.stringify(await loadThread(deps.db.pool, number, 'requester')), /secret/)
    const jobs = await deps.db.pool.selectFrom('job').select('payload').execute()
    assert.doesNotMatch(JSON.stringify(jobs), /secret|How do I close/, 'nor in any email')
    const late = new Date('2026-12-15T10:34:01Z')
    assert.deepEqual(await countTickets(deps.db.pool, { me: DESK.actor, now: late }), {
      waiting: 2,
      overdue: 1,
      mine: 0,
    })
    const found = await loadTickets(deps.db.pool, { queue: 'overdue', text: 'rosa', me: '', now: late, page: 1 })
    assert.deepEqual([found.total, found.tickets[0]?.begins], [1, 'How do I close?'])
  })

  test('limits hold for those who send at once, by network and by mailbox, and are forgotten after two days', async () => {
    const deps = await start({ networkHour: 2, networkDay: 3, mailboxDay: 2 })
    const outcomes = async (given: readonly Partial<AskedTicket>[]) => {
      const raised = await Promise.all(given.map((each) => raiseTicket(deps, { ...ASKED, ...each })))
      return raised.filter((each) => each !== 'limit').length
    }
    assert.equal(await outcomes([{ email: 'a@b.example' }, { email: 'c@d.example' }, { email: 'e@f.example' }]), 2)
    assert.equal(await outcomes([{ address: '2001:db8::1' }, { address: '198.51.100.1' }, { address: null }]), 2)
    deps.clock.set('2026-12-11T12:00:00Z')
    assert.equal(await outcomes([{ email: 'g@h.example' }, { email: 'i@j.example' }]), 1, 'three in a day')
    await sweepSent(deps.db.pool, new Date('2026-12-13T11:00:00Z'))
    const left = deps.db.pool.selectFrom('help_sent').selectAll().where('sent_at', '<', '2026-12-13T00:00:00Z')
    assert.equal((await left.execute()).length, 1)
  })

  test('of a ticket that was closed for long, only what was said is left', async () => {
    const deps = await start()
    const requester = 'person:rosa@pharmacy.example'
    const number = await raise(deps, { requester })
    const still = await raise(deps)
    await actAsRequester(deps, { number, act: { act: 'end' }, address: null }, DESK.now)
    const now = new Date('2027-12-12T11:00:00Z')
    assert.equal(await forgetRequesters(deps.db, { now, keptDays: 365 }), 1)
    assert.equal(await forgetRequesters(deps.db, { now, keptDays: 365 }), 0)
    const forgotten = await loadTicket(deps.db.pool, number)
    assert.deepEqual([forgotten?.requester, forgotten?.requesterName, forgotten?.requesterEmail], [null, null, null])
    assert.doesNotMatch(JSON.stringify(await loadThread(deps.db.pool, number, 'desk')), /rosa/i)
    assert.equal((await loadTicket(deps.db.pool, still))?.requesterEmail, ASKED.email, 'what is open is not forgotten')
    const write = { number, act: { act: 'reopen', words: 'x' }, address: null } as const
    assert.equal(await actAsRequester(deps, write, now), 'not-found')
  })
})
