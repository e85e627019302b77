import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TicketsWait, writeTicketsWait } from '#src/emails/tickets-wait.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { computedBankHolidays, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { onDatabases, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { actAsDesk, actAsRequester } from './act-on-ticket.ts'
import { type AskedTicket, raiseTicket } from './raise-ticket.ts'
import { ticketJobs } from './tell-desk.ts'
import { loadTicket } from './ticket-records.ts'

const MAILBOX = 'desk.mailbox@nhs.example'
const ASKED: AskedTicket = {
  ...{ channel: 'form', category: 'access', about: '', words: 'My PIN is 1234', name: 'Rosa Whitlock' },
  ...{ email: 'rosa@pharmacy.example', requester: null, address: null },
}
const calendar = holidayCalendar(computedBankHolidays(2026))

onDatabases(['embedded'], (_kind, open) => {
  test('the desk is told of what came in ten minutes in one email, the assignee of theirs, and of nobody’s words', async () => {
    const db = await open()
    const clock = fixedClock('2026-12-11T10:31:00Z')
    const limits = { networkHour: 0, networkDay: 0, mailboxDay: 0 }
    const deps = {
      ...{ db, clock, limits, holidays: () => calendar, linkKeyOf: (of: string) => `key of ${of}`, pepper: 'pepper' },
      ...{ ticketAddress: null, keptDays: 365 },
    }
    const grant = { role: 'desk', scope: '', granted_by: 'system:test', granted_at: '2026-01-01T00:00:00Z' }
    await db.pool
      .insertInto('role_grant')
      .values({ ...grant, email: 'fiona@nhs.example' })
      .execute()
    const raise = async () => {
      const raised = await raiseTicket(deps, ASKED)
      return typeof raised === 'string' ? assert.fail(raised) : raised.number
    }
    const told = async (deskMailbox: string | null = MAILBOX) => {
      const jobs = ticketJobs({ db, clock, helpDesk: { deskMailbox } })
      await doReadyJobs(db, jobs, { log: testLog, clock })
      const rows = await db.pool.deleteFrom('job').where('queue', '=', 'email').returning('payload').execute()
      return rows.map(({ payload }) => payload as TicketsWait).filter(({ kind }) => kind === 'tickets-wait')
    }
    const inShort = (emails: readonly TicketsWait[]) =>
      emails.map(({ recipient, tickets, more }) => [
        recipient,
        ...tickets.map(({ number, why }) => `${number} ${why}`),
        ...(more > 0 ? [more] : []),
      ])
    const give = async (number: number, assignedTo: string, actor: string) => {
      const ticket = (await loadTicket(db.pool, number)) ?? assert.fail()
      const facts = { ...ticket, assignedTo }
      const act = { number, expectedVersion: ticket.version, act: { act: 'change', facts } } as const
      assert.equal(await actAsDesk(deps, act, { actor, now: clock.now() }), 'done')
    }

    const [one, two] = [await raise(), await raise()]
    assert.deepEqual(await told(), [], 'more may come')
    clock.set('2026-12-11T10:41:00Z')
    const emails = await told()
    assert.deepEqual(inShort(emails), [[MAILBOX, `${one} new`, `${two} new`]])
    const { subject, text } = writeTicketsWait(emails[0] ?? assert.fail(), 'https://signpost.example')
    assert.equal(subject, '2 tickets for the service desk')
    assert.match(
      text,
      new RegExp(`Ticket ${one} \\(new, high\\): I cannot get in, or need access\\. Answer by .*
https://signpost\\.example/workspace/tickets/${one}\n`),
    )
    assert.doesNotMatch(text, /PIN|Rosa|rosa@/)
    assert.deepEqual(await told(), [], 'once')

    await give(one, 'person:fiona@nhs.example', 'person:adi@nhs.example')
    await give(two, 'person:fiona@nhs.example', 'person:fiona@nhs.example')
    assert.deepEqual(inShort(await told()), [['fiona@nhs.example', `${one} given`]], 'who takes one knows it')
    const more = { number: one, act: { act: 'write', words: 'And?' }, address: null } as const
    assert.equal(await actAsRequester(deps, more, clock.now()), 'done')
    await give(two, 'person:left@nhs.example', 'person:left@nhs.example')
    assert.equal(await actAsRequester(deps, { ...more, number: two }, clock.now()), 'done')
    const flood = []
    for (let count = 0; count < 22; count++) flood.push(await raise())
    clock.set('2026-12-11T10:51:00Z')
    const [first, ...rest] = inShort(await told())
    const mail = [first, ...rest].find((line) => line?.[0] === MAILBOX)
    const hers = [first, ...rest].find((line) => line?.[0] === 'fiona@nhs.example')
    assert.deepEqual(hers, ['fiona@nhs.example', `${one} more`])
    assert.deepEqual([mail?.length, mail?.at(-1)], [1 + 20 + 1, 3], 'the other, whose assignee has left, and 22 new')
    assert.equal(rest.length, 1, 'two emails, however many came')

    await raise()
    clock.set('2026-12-11T11:01:00Z')
    assert.deepEqual(await told(null), [], 'no mailbox is set')
  })
})
