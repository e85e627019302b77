/**
 * Emails the desk when something waits for it: its mailbox, and whoever a ticket was given to. All that came within ten
 * minutes is one email, so that a flood of tickets is no flood of emails. What people wrote stays on the pages.
 */
import { sql } from 'kysely'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { WaitingTicket } from '#src/emails/tickets-wait.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { REQUESTER } from './desk-deps.ts'
import { loadDesk } from './desk-people.ts'
import { CATEGORY_WORDS, SEVERITY_WORDS } from './desk-words.ts'
import type { Ticket } from './ticket-records.ts'

/** The queue of its jobs. */
export const TELL_DESK = 'tell-desk'
const TOGETHER_MS = 600_000
/** What was written in those minutes is committed by then. */
const MARGIN_MS = 60_000
const MOST_NAMED = 20

/** Sees to it that the desk hears of what has come; called in the transaction that brings it. */
export async function queueTellDesk(tx: Tx, now: Date): Promise<void> {
  const from = Math.floor(now.getTime() / TOGETHER_MS) * TOGETHER_MS
  const until = from + TOGETHER_MS
  const iso = (instant: number) => new Date(instant).toISOString()
  const told = { from: iso(from), until: iso(until) }
  await enqueue(tx, TELL_DESK, told, { uniqueKey: told.from, runAt: new Date(until + MARGIN_MS) })
}

type Row = Pick<Ticket, 'number' | 'category' | 'severity' | 'dueAt' | 'assignedTo' | 'askedAt'>

/** What a worker does with those jobs. Without a mailbox only those hear of it to whom a ticket was given. */
export function ticketJobs({
  db,
  clock,
  helpDesk,
}: {
  readonly db: Db
  readonly clock: Clock
  readonly helpDesk: { readonly deskMailbox: string | null }
}): Readonly<Record<typeof TELL_DESK, JobHandler>> {
  return { [TELL_DESK]: (job) => tellDesk(db, { job, now: clock.now(), mailbox: helpDesk.deskMailbox }) }
}

function tellDesk(db: Db, { job, now, mailbox }: { job: Job; now: Date; mailbox: string | null }): Promise<void> {
  const { from, until } = job.payload as { readonly from: string; readonly until: string }
  return db.transact(async (tx) => {
    const desk = new Set(await loadDesk(tx, now))
    const rows = await whatCame(tx, from, until)
    // A ticket of somebody who has left the desk is everybody's again.
    const readerOf = ({ assignedTo }: Row) => {
      const person = assignedTo?.replace(/^person:/, '')
      return person !== undefined && desk.has(person) ? person : mailbox
    }
    for (const [recipient, theirs] of Map.groupBy(rows, readerOf)) {
      if (recipient === null) continue
      const tickets = theirs.map((row) => waiting(row, row.askedAt >= from ? 'new' : 'more'))
      await queueEmail(tx, {
        ...{ kind: 'tickets-wait', recipient, occasion: from },
        tickets: tickets.slice(0, MOST_NAMED),
        more: Math.max(0, tickets.length - MOST_NAMED),
      })
    }
  })
}

/** Tickets to which whoever asked has added between two instants, and which still wait for the desk; the most pressing first. */
async function whatCame(tx: Tx, from: string, until: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select id as number, category, severity, due_at as "dueAt", assigned_to as "assignedTo", asked_at as "askedAt"
    from ticket
    where state in ('new', 'open') and exists (
      select from ticket_message message
      where message.ticket_id = ticket.id and message.written_at >= ${from} and message.written_at < ${until}
        and message.kind in ('question', 'reopened') and message.author in (${REQUESTER}, coalesce(ticket.requester, '')))
    order by due_at, id`.execute(tx)
  return rows
}

/** Tells somebody that a ticket was given to them by somebody else. */
export async function tellAssigned(
  tx: Tx,
  { ticket, to, by }: { readonly ticket: Ticket; readonly to: string | null; readonly by: string },
): Promise<void> {
  if (to === null || to === by || to === ticket.assignedTo) return
  const recipient = to.replace(/^person:/, '')
  const occasion = `given ${ticket.number} ${ticket.version}`
  await queueEmail(tx, { kind: 'tickets-wait', recipient, occasion, tickets: [waiting(ticket, 'given')], more: 0 })
}

const waiting = (
  { number, category, severity, dueAt }: Pick<Ticket, 'number' | 'category' | 'severity' | 'dueAt'>,
  why: WaitingTicket['why'],
): WaitingTicket => ({
  ...{ number, why },
  category: CATEGORY_WORDS[category],
  severity: SEVERITY_WORDS[severity],
  due: dueAt === null ? '' : formatMomentIn(dueAt),
})
