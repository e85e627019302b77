/** `/workspace/tickets/:number`: one ticket, and everything the desk does to it. View: ticket.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDayOf, formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import type { Problem } from '#src/rules/problems.ts'
import { reopenUntil } from '#src/rules/ticket-states.ts'
import { isOverdue, TICKET_CATEGORIES, TICKET_SEVERITIES } from '#src/rules/ticket-targets.ts'
import { actAsDesk } from '../act-on-ticket.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { loadDesk } from '../desk-people.ts'
import { CATEGORY_WORDS, SEVERITY_WORDS, STATE_WORDS } from '../desk-words.ts'
import { type ThreadLine, threadForDesk } from '../thread-view.ts'
import { loadThread, loadTicket, type Ticket } from '../ticket-records.ts'
import { LONGEST_MESSAGE, messageIn } from '../typed-words.ts'
import { parseDeskAct } from './desk-act.form.ts'
import { deskOf, TICKETS, writingOf } from './who-works.ts'

type Choice = { readonly value: string; readonly text: string }
type View = {
  readonly title: string
  readonly banner: string | null
  readonly number: number
  readonly version: number
  readonly state: { readonly text: string; readonly colour: string }
  readonly isClosed: boolean
  readonly isLate: boolean
  readonly mayReopenUntil: string | null
  readonly facts: readonly { readonly name: string; readonly text: string; readonly href: string | null }[]
  readonly thread: readonly ThreadLine[]
  readonly isMine: boolean
  /** Nobody gets what the desk writes: whoever asked is forgotten. */
  readonly isForgotten: boolean
  readonly categories: readonly Choice[]
  readonly severities: readonly Choice[]
  readonly desk: readonly Choice[]
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('help-desk/pages/ticket.njk')
const BANNERS: Readonly<Record<string, string>> = {
  reply: 'We have sent your answer by email.',
  note: 'Your note is kept. Only the desk sees it.',
  change: 'The ticket is changed.',
  take: 'The ticket is yours.',
  close: 'The ticket is closed. We have said so by email.',
  reopen: 'The ticket is open again.',
}
const WORDS = ['reply-words', 'note-words', 'close-words', 'reopen-words'] as const
const MEANWHILE: Problem = {
  field: 'thread',
  code: 'changed-meanwhile',
  message:
    'Somebody has written or changed something since you opened this ticket. Read it, then send your words again',
}

/** Mounts the page. */
export function ticketPage(app: FastifyInstance, deps: HelpDeskDeps): void {
  const { db } = deps
  const path = `${TICKETS}/:number`
  const show = async (reply: FastifyReply, actor: Actor, ticket: Ticket, given: Partial<View> = {}) =>
    render(reply, { ...(await viewOf(deps, actor, ticket)), ...given })

  app.get(path, async (request, reply) => {
    const actor = deskOf(request)
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    return show(reply, actor, await ticketIn(deps, request), { banner })
  })

  app.post(path, async (request, reply) => {
    const actor = deskOf(request)
    const ticket = await ticketIn(deps, request)
    const kept = Object.fromEntries(WORDS.map((name) => [name, messageIn(request.body, name)]))
    const fields: Fields = { ...fieldsOf(request.body), ...kept }
    const parsed = await parseDeskAct(fields, { ticket, db: db.pool, me: auditNameOf(actor), now: deps.clock.now() })
    if (!parsed.ok) return show(reply.code(422), actor, ticket, { fields, problems: parsed.problems })
    const asked = { number: ticket.number, expectedVersion: versionIn(fields), act: parsed.value }
    const acted = await actAsDesk(deps, asked, writingOf(actor, deps))
    if (acted === 'done') return reply.redirect(`${TICKETS}/${ticket.number}?done=${lineIn(fields, 'act')}`, 303)
    const now = await ticketIn(deps, request)
    const problem =
      typeof acted === 'string' ? MEANWHILE : { field: 'thread', code: 'wrong-state', message: acted.refused }
    return show(reply.code(409), actor, now, { fields, problems: [problem] })
  })
}

async function ticketIn({ db }: HelpDeskDeps, request: FastifyRequest): Promise<Ticket> {
  const { number } = request.params as { readonly number: string }
  const ticket = /^[1-9]\d{0,8}$/.test(number) ? await loadTicket(db.pool, Number(number)) : undefined
  if (!ticket) throw new NotFound('There is no ticket of this number')
  return ticket
}

/** A version that is none is one that no ticket has. */
function versionIn(fields: Fields): number {
  const text = lineIn(fields, 'version')
  return /^\d{1,9}$/.test(text) ? Number(text) : -1
}

async function viewOf({ db, clock }: HelpDeskDeps, actor: Actor, ticket: Ticket): Promise<View> {
  const { number, version, state, dueAt, closedAt } = ticket
  const now = clock.now()
  const messages = await loadThread(db.pool, number, 'desk')
  const desk = await loadDesk(db.pool, now)
  const people = desk.map((email) => `person:${email}`)
  const nameOf = await loadNames(db.pool, [ticket.assignedTo, ...people, ...messages.map(({ author }) => author)])
  const mayReopen = closedAt !== null && now <= reopenUntil(closedAt)
  return {
    ...{ number, version, banner: null, problems: [], longest: LONGEST_MESSAGE },
    title: `Ticket ${number}`,
    state: STATE_WORDS[state],
    isClosed: state === 'closed',
    isLate: isOverdue(dueAt, now),
    mayReopenUntil: mayReopen ? formatDayOf(reopenUntil(closedAt).toISOString()) : null,
    facts: factsOf(ticket, nameOf),
    thread: threadForDesk(messages, ticket, nameOf),
    isMine: ticket.assignedTo === auditNameOf(actor),
    isForgotten: ticket.forgottenAt !== null,
    categories: TICKET_CATEGORIES.map((value) => ({ value, text: CATEGORY_WORDS[value] })),
    severities: TICKET_SEVERITIES.map((value) => ({ value, text: SEVERITY_WORDS[value] })),
    desk: [{ value: '', text: 'Nobody' }, ...desk.map((value) => ({ value, text: nameOf(`person:${value}`) }))],
    fields: {
      category: ticket.category,
      severity: ticket.severity,
      link: ticket.serviceUid === null ? (ticket.odsCode ?? '') : String(ticket.serviceUid),
      assigned: ticket.assignedTo?.replace(/^person:/, '') ?? '',
    },
  }
}

function factsOf(ticket: Ticket, nameOf: (actor: string) => string): View['facts'] {
  const { category, severity, about, odsCode, serviceUid, requesterName, requesterEmail, requester } = ticket
  const fact = (name: string, text: string | null, href: string | null = null) =>
    text === null ? [] : [{ name, text, href }]
  const who = requesterEmail === null ? 'Forgotten' : `${requesterName}, ${requesterEmail}`
  const satisfied = ticket.satisfied === null ? null : ticket.satisfied ? 'Yes' : 'No'
  return [
    ...fact('About', CATEGORY_WORDS[category]),
    ...fact('Urgency', SEVERITY_WORDS[severity]),
    ...fact('From', `${who}${requester === null ? '' : ' (was signed in)'}`),
    ...fact('Sent', `${formatMomentIn(ticket.askedAt)}${ticket.channel === 'email' ? ', by email' : ''}`),
    ...fact('They wrote', odsCode === about ? null : about),
    ...fact('Pharmacy', odsCode, odsCode && `/manage/${odsCode}`),
    ...fact('Service', serviceUid === null ? null : String(serviceUid)),
    ...fact('With', ticket.assignedTo === null ? 'Nobody' : nameOf(ticket.assignedTo)),
    ...fact('Answer due', ticket.dueAt && formatMomentIn(ticket.dueAt)),
    ...fact('Closed', ticket.closedAt && formatMomentIn(ticket.closedAt)),
    ...fact('Shown by', ticket.evidence, ticket.evidence),
    ...fact('Settled, they say', satisfied),
  ]
}
