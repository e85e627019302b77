/** A ticket for whoever asked, by the link that only they have; and the list of somebody who is signed in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf, auditNameOf } from '#src/accounts/actor.ts'
import { isSame, ticketPath } from '#src/emails/ticket-link.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDayOf, formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import { accepted, refused } from '#src/rules/problems.ts'
import { reopenUntil } from '#src/rules/ticket-states.ts'
import { actAsRequester, type RequesterAct } from '../act-on-ticket.ts'
import { type HelpDeskDeps, keyOf } from '../desk-deps.ts'
import { CATEGORY_WORDS, STATE_WORDS } from '../desk-words.ts'
import { type ThreadLine, threadForRequester } from '../thread-view.ts'
import { loadOwnTickets, loadThread, loadTicket, type Ticket } from '../ticket-records.ts'
import { LONGEST_MESSAGE, messageIn, parseMessage } from '../typed-words.ts'
import { TOO_MANY } from './ask.ts'

type Standing = {
  readonly number: number
  readonly state: { readonly text: string; readonly colour: string }
  readonly category: string
  readonly about: string | null
  readonly asked: string
  /** By when the desk answers; null when it has. */
  readonly due: string | null
}
type View = Standing & {
  readonly title: string
  readonly banner: string | null
  readonly path: string
  readonly thread: readonly ThreadLine[]
  readonly evidence: string | null
  /** Null: it is not closed. */
  readonly closed: { readonly mayReopen: boolean; readonly until: string } | null
  readonly satisfied: boolean | null
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type ListView = {
  readonly title: string
  readonly signedIn: boolean
  readonly tickets: readonly (Standing & { readonly path: string })[]
}

const BANNERS: Readonly<Record<string, string>> = {
  raised: 'We have your message. We have sent you its number and this link by email.',
  write: 'We have added your message.',
  reopen: 'Your ticket is open again.',
  end: 'Your ticket is closed. Thank you for telling us.',
  rate: 'Thank you for telling us.',
}
const render = template<View>('help-desk/pages/own-ticket.njk')
const renderList = template<ListView>('help-desk/pages/own-tickets.njk')

/** Mounts the pages. Whoever has the key of a ticket may do what whoever asked may. */
export function ownTicketPages(app: FastifyInstance, deps: HelpDeskDeps): void {
  const { db, clock } = deps
  app.get('/help/tickets', async (request, reply) => {
    const actor = actorOf(request)
    const tickets = actor ? await loadOwnTickets(db.pool, auditNameOf(actor)) : []
    return renderList(reply, {
      title: 'Your tickets',
      signedIn: actor !== null,
      tickets: tickets.map((ticket) => ({ ...standingOf(ticket), path: pathOf(deps, ticket) })),
    })
  })

  const path = '/help/tickets/:number/:key'
  const show = async (reply: FastifyReply, ticket: Ticket, given: Partial<View> = {}) =>
    render(reply, {
      ...standingOf(ticket),
      title: `Ticket ${ticket.number}`,
      banner: null,
      path: pathOf(deps, ticket),
      thread: threadForRequester(await loadThread(db.pool, ticket.number, 'requester'), ticket.requester),
      evidence: ticket.evidence,
      closed: closedOf(ticket, clock.now()),
      satisfied: ticket.satisfied,
      longest: LONGEST_MESSAGE,
      fields: {},
      problems: [],
      ...given,
    })

  app.get(path, async (request, reply) => {
    const ticket = await ticketIn(deps, request)
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    return show(reply.header('x-robots-tag', 'noindex'), ticket, { banner })
  })

  app.post(path, async (request, reply) => {
    const ticket = await ticketIn(deps, request)
    const fields = { ...fieldsOf(request.body), message: messageIn(request.body, 'message') }
    const act = parseAct(fields)
    if (!act.ok) return show(reply.code(422), ticket, { fields, problems: act.problems })
    const asked = { number: ticket.number, act: act.value, address: request.ip }
    const acted = await actAsRequester(deps, asked, clock.now())
    if (acted === 'done') return reply.redirect(`${pathOf(deps, ticket)}?done=${act.value.act}`, 303)
    if (acted === 'limit') return show(reply.code(429), ticket, { fields, problems: [TOO_MANY] })
    if (typeof acted === 'string') throw new NotFound(NO_TICKET)
    const now = (await loadTicket(db.pool, ticket.number)) ?? ticket
    const problem = { field: 'message', code: 'wrong-state', message: acted.refused }
    return show(reply.code(409), now, { fields, problems: [problem] })
  })
}

const NO_TICKET = 'There is no ticket at this address. Copy the whole link from our email'

/** The ticket of the address. Throws `NotFound` for a wrong key as for a wrong number, and once it is forgotten. */
async function ticketIn(deps: HelpDeskDeps, request: FastifyRequest): Promise<Ticket> {
  const { number, key } = request.params as { readonly number: string; readonly key: string }
  const isRight = /^[1-9]\d{0,8}$/.test(number) && isSame(key, keyOf(deps, Number(number)))
  const ticket = isRight ? await loadTicket(deps.db.pool, Number(number)) : undefined
  if (!ticket || ticket.requesterEmail === null) throw new NotFound(NO_TICKET)
  return ticket
}

function parseAct(fields: Fields): Result<RequesterAct> {
  const act = lineIn(fields, 'act')
  if (act === 'end') return accepted({ act })
  if (act === 'yes' || act === 'no') return accepted({ act: 'rate', satisfied: act === 'yes' })
  if (act !== 'write' && act !== 'reopen') {
    return refused({ field: 'message', code: 'invalid', message: 'Choose what to do with your ticket' })
  }
  const missing = act === 'write' ? 'Enter your message' : 'Enter what is not settled'
  const words = parseMessage(fields['message'] ?? '', 'message', missing)
  return words.ok ? accepted({ act, words: words.value }) : words
}

const pathOf = (deps: HelpDeskDeps, { number }: Ticket): string => ticketPath(number, keyOf(deps, number))

const standingOf = ({ number, state, category, about, askedAt, dueAt }: Ticket): Standing => ({
  number,
  state: STATE_WORDS[state],
  category: CATEGORY_WORDS[category],
  about,
  asked: formatMomentIn(askedAt),
  due: dueAt === null ? null : formatMomentIn(dueAt),
})

function closedOf({ closedAt }: Ticket, now: Date): View['closed'] {
  if (closedAt === null) return null
  const until = reopenUntil(closedAt)
  return { mayReopen: now <= until, until: formatDayOf(until.toISOString()) }
}
