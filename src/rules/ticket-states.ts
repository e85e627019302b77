/**
 * What state a ticket is in, and what the desk and whoever asked may do to it then. Pure: the one table of allowed acts.
 *
 * | state    | it waits for                              |
 * | new      | the desk's first answer                   |
 * | open     | the desk: whoever asked has written again |
 * | answered | whoever asked, who need not write         |
 * | closed   | nobody; it can be reopened for 28 days    |
 */
import { accepted, type Result, refused } from './problems.ts'

export const TICKET_STATES = ['new', 'open', 'answered', 'closed'] as const
export type TicketState = (typeof TICKET_STATES)[number]

/** `end` and `write` are the requester's, `rate` too; `reopen` is anybody's; the others are the desk's. */
export const TICKET_ACTS = ['reply', 'note', 'change', 'close', 'write', 'end', 'reopen', 'rate'] as const
export type TicketAct = (typeof TICKET_ACTS)[number]

/** For so long a closed ticket can be reopened. */
export const REOPEN_DAYS = 28
const DAY_MS = 86_400_000

type Outcome = { readonly to: TicketState } | { readonly no: string }
const to = (state: TicketState): Outcome => ({ to: state })
const no = (reason: string): Outcome => ({ no: reason })

const NOT_CLOSED = no('This ticket is not closed')
const CLOSED = no('This ticket is closed. Reopen it first')

/** The table: what an act makes of a ticket in each state, or why it is refused. */
export const TICKET_TABLE: Readonly<Record<TicketState, Readonly<Record<TicketAct, Outcome>>>> = {
  new: {
    reply: to('answered'),
    note: to('new'),
    change: to('new'),
    close: to('closed'),
    write: to('new'),
    end: to('closed'),
    reopen: NOT_CLOSED,
    rate: NOT_CLOSED,
  },
  open: {
    reply: to('answered'),
    note: to('open'),
    change: to('open'),
    close: to('closed'),
    write: to('open'),
    end: to('closed'),
    reopen: NOT_CLOSED,
    rate: NOT_CLOSED,
  },
  answered: {
    reply: to('answered'),
    note: to('answered'),
    change: to('answered'),
    close: to('closed'),
    write: to('open'),
    end: to('closed'),
    reopen: NOT_CLOSED,
    rate: NOT_CLOSED,
  },
  closed: {
    reply: CLOSED,
    note: to('closed'),
    change: CLOSED,
    close: no('This ticket is closed already'),
    write: CLOSED,
    end: no('This ticket is closed already'),
    reopen: to('open'),
    rate: to('closed'),
  },
}

/** Whether a ticket waits for the desk: only then an answer is due. */
export const waitsForDesk = (state: TicketState): boolean => state === 'new' || state === 'open'

/** The last instant at which a ticket that was closed then can be reopened. `closedAt` is UTC ISO text. */
export const reopenUntil = (closedAt: string): Date => new Date(Date.parse(closedAt) + REOPEN_DAYS * DAY_MS)

/** What an act makes of a ticket at an instant, or why it is refused. */
export function decideTicketAct(
  act: TicketAct,
  { state, closedAt }: { readonly state: TicketState; readonly closedAt: string | null },
  now: Date,
): Result<TicketState> {
  const outcome = TICKET_TABLE[state][act]
  if ('no' in outcome) return refused({ field: 'form', code: 'wrong-state', message: outcome.no })
  if (act === 'reopen' && closedAt !== null && now > reopenUntil(closedAt)) {
    const message = `This ticket was closed more than ${REOPEN_DAYS} days ago. Raise a new one and give its number`
    return refused({ field: 'form', code: 'too-late', message })
  }
  return accepted(outcome.to)
}
