/** `/workspace/tickets`: the queues, and the search. View: tickets.njk */
import type { FastifyInstance } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { isOverdue } from '#src/rules/ticket-targets.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { CATEGORY_WORDS, SEVERITY_WORDS } from '../desk-words.ts'
import { countFeedback } from '../page-feedback.ts'
import {
  countTickets,
  loadTickets,
  type QueuedTicket,
  TICKET_QUEUES,
  TICKETS_SHOWN,
  type TicketQueue,
} from '../ticket-records.ts'
import { countWaitingWishes } from '../wishes.ts'
import { deskOf, TICKETS } from './who-works.ts'

type Row = {
  readonly number: number
  readonly category: string
  readonly severity: string
  readonly begins: string
  readonly from: string
  readonly link: string | null
  readonly assigned: string | null
  readonly due: string | null
  readonly isLate: boolean
  readonly state: { readonly text: string; readonly colour: string }
}
type View = {
  readonly title: string
  readonly queue: TicketQueue
  readonly queues: readonly { readonly value: TicketQueue; readonly text: string }[]
  readonly text: string
  readonly rows: readonly Row[]
  readonly total: number
  readonly page: number
  readonly pages: number
  readonly link: string
  readonly feedback: number
  readonly wishes: number
}

const render = template<View>('help-desk/pages/tickets.njk')
const MOST_PAGES = 1_000
const LONGEST_SEARCH = 100
/** As the desk sees it: a first message and a second are not the same to it. */
const DESK_STATES = {
  new: { text: 'New', colour: 'nhsuk-tag--yellow' },
  open: { text: 'Wrote again', colour: 'nhsuk-tag--yellow' },
  answered: { text: 'Answered', colour: 'nhsuk-tag--blue' },
  closed: { text: 'Closed', colour: 'nhsuk-tag--green' },
} as const

/** Mounts the page. */
export function ticketsPage(app: FastifyInstance, { db, clock }: HelpDeskDeps): void {
  app.get(TICKETS, async (request, reply) => {
    const me = auditNameOf(deskOf(request))
    const now = clock.now()
    const asked = fieldsOf(request.query)
    const text = lineIn(asked, 'q').slice(0, LONGEST_SEARCH)
    const queue = queueIn(rawIn(asked, 'show'), text)
    const page = pageIn(rawIn(asked, 'page'))
    const { tickets, total } = await loadTickets(db.pool, { queue, text, me, now, page })
    const { waiting, overdue, mine } = await countTickets(db.pool, { me, now })
    const nameOf = await loadNames(
      db.pool,
      tickets.map(({ assignedTo }) => assignedTo),
    )
    return render(reply, {
      title: 'Tickets',
      queue,
      queues: [
        { value: 'waiting', text: `Waiting for us (${waiting})` },
        { value: 'overdue', text: `Overdue (${overdue})` },
        { value: 'mine', text: `Mine (${mine} waiting)` },
        { value: 'answered', text: 'Answered' },
        { value: 'closed', text: 'Closed' },
        { value: 'all', text: 'All' },
      ],
      text,
      rows: tickets.map((ticket) => rowOf(ticket, now, nameOf)),
      total,
      page,
      pages: Math.max(1, Math.ceil(total / TICKETS_SHOWN)),
      link: `${TICKETS}?${new URLSearchParams({ show: queue, ...(text && { q: text }) })}`,
      feedback: await countFeedback(db.pool),
      wishes: await countWaitingWishes(db.pool),
    })
  })
}

/** Whoever searches looks everywhere, unless they name a queue. */
const queueIn = (value: string, text: string): TicketQueue =>
  TICKET_QUEUES.find((queue) => queue === value) ?? (text === '' ? 'waiting' : 'all')

function pageIn(text: string): number {
  const page = /^\d{1,4}$/.test(text) ? Number(text) : 1
  return Math.min(Math.max(page, 1), MOST_PAGES)
}

function rowOf(ticket: QueuedTicket, now: Date, nameOf: (actor: string) => string): Row {
  const { number, category, severity, begins, requesterName, odsCode, serviceUid, about, assignedTo, dueAt } = ticket
  return {
    number,
    category: CATEGORY_WORDS[category],
    severity: SEVERITY_WORDS[severity],
    begins,
    from: requesterName ?? 'Somebody who is forgotten',
    link: odsCode ?? (serviceUid === null ? about : String(serviceUid)),
    assigned: assignedTo === null ? null : nameOf(assignedTo),
    due: dueAt === null ? null : formatMomentIn(dueAt),
    isLate: isOverdue(dueAt, now),
    state: DESK_STATES[ticket.state],
  }
}
