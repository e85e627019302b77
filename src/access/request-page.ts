/** The page of one request, for people who may decide: People and access and the workspace both mount it. View: request-page.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { requireRecentSignIn } from '#src/accounts/recent-sign-in.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { roleInSentence } from '#src/rules/pharmacy-roles.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from './access-deps.ts'
import { type AccessRequest, loadAccessRequest, loadRequestsOf } from './access-request-store.ts'
import { decideAsPerson } from './decide-request.ts'
import { mayDecideAccess } from './give-access.ts'
import { loadMembers } from './members.ts'
import { loadActorNames, namedPerson } from './people-words.ts'
import { type AskedFacts, askedFacts, momentWords } from './request-facts.ts'
import { parseVerdictForm } from './verdict.form.ts'

/** Where the page stands, and where it leads. `:requestId` is part of `path`. */
export type RequestPlace = {
  readonly path: string
  readonly back: (request: AccessRequest) => { readonly href: string; readonly text: string }
  /** Where somebody is sent who has decided; it shows `done=yes` and `done=no` as banners. */
  readonly afterwards: (request: AccessRequest) => string
  /** Whether this place is for this person and request, beside their right to decide. */
  readonly isFor: (actor: Actor, request: AccessRequest, httpRequest: FastifyRequest) => boolean
}

type View = {
  readonly title: string
  readonly back: { readonly href: string; readonly text: string }
  readonly action: string
  readonly facts: AskedFacts
  readonly mailbox: string
  readonly owners: readonly string[]
  readonly earlier: readonly string[]
  /** What became of it; null while it is open. */
  readonly decided: string | null
  readonly isOwn: boolean
  readonly isClosed: boolean
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const EARLIER_DAYS = 365
const DAY_MS = 86_400_000
const render = template<View>('access/request-page.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function requestPage(app: FastifyInstance, deps: AccessDeps, place: RequestPlace): void {
  app.get(place.path, async (request, reply) => {
    const seen = await seenBy(deps, request, place)
    if (!(await requireRecentSignIn(request, reply, { clock: deps.clock }))) return reply
    return await show(reply, deps, { ...seen, place, action: pathOf(request) }, {}, [])
  })

  app.post(place.path, async (request, reply) => {
    const seen = await seenBy(deps, request, place)
    if (!(await requireRecentSignIn(request, reply, { clock: deps.clock, returnTo: pathOf(request) }))) return reply
    const fields = fieldsOf(request.body)
    const shown = { ...seen, place, action: pathOf(request) }
    const verdict = parseVerdictForm(fields)
    if (!verdict.ok) return await show(reply.code(422), deps, shown, fields, verdict.problems)
    const decided = await decideAsPerson(deps, seen.actor, seen.asked.id, verdict.value)
    if (!decided) throw new Forbidden('You cannot decide about this request')
    if (decided.outcome === 'not-possible') {
      const problem = { field: 'verdict', code: 'not-possible', message: decided.because.replace(/\.$/, '') }
      return await show(reply.code(409), deps, shown, fields, [problem])
    }
    if (decided.outcome === 'decided-before')
      return await show(reply.code(409), deps, { ...shown, ...decided, asked: decided.request }, {}, [])
    const answer = decided.outcome === 'approved' ? 'yes' : 'no'
    return reply.redirect(`${place.afterwards(seen.asked)}?decided=${answer}`, 303)
  })
}

type Seen = { readonly actor: Actor; readonly asked: AccessRequest; readonly profile: Profile }
type Shown = Seen & { readonly place: RequestPlace; readonly action: string }

/** The request in the address, for somebody who may decide about it. Throws `Forbidden` and `NotFound` as `visit` does. */
async function seenBy(deps: AccessDeps, request: FastifyRequest, place: RequestPlace): Promise<Seen> {
  const actor = requireActor(request)
  const { requestId, odsCode } = request.params as { requestId: string; odsCode?: string }
  if (odsCode === undefined && !can(actor, 'see-workspace')) throw new Forbidden('You do not decide about requests')
  const asked = /^\d{1,15}$/.test(requestId) ? await loadAccessRequest(deps.db.pool, Number(requestId)) : undefined
  const stored = await loadProfile(deps.db.pool, asked?.odsCode ?? odsCode?.toUpperCase() ?? '')
  const target = targetOf(asked?.odsCode ?? odsCode ?? '', stored)
  if ((asked || odsCode !== undefined) && !mayDecideAccess(actor, target)) {
    throw new Forbidden('You do not decide about this request')
  }
  if (!asked || !stored || !place.isFor(actor, asked, request)) throw new NotFound('There is no such request')
  return { actor, asked, profile: stored.profile }
}

async function show(
  reply: FastifyReply,
  deps: AccessDeps,
  { actor, asked, profile, place, action }: Shown,
  fields: Fields,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const { db, clock, sharedMailboxDomains } = deps
  const now = clock.now()
  const members = await loadMembers(db.pool, asked.odsCode, now)
  const before = await loadRequestsOf(db.pool, asked.email, new Date(now.getTime() - EARLIER_DAYS * DAY_MS))
  const nameOf = await loadActorNames(db.pool, [asked.decidedBy])
  const isTeam = can(actor, 'decide-access', targetOf(asked.odsCode, { profile }))
  return render(reply, {
    title: 'Request for access',
    back: place.back(asked),
    action,
    facts: askedFacts(asked, profile, sharedMailboxDomains),
    mailbox: mailboxWords(asked),
    owners: members.filter(({ role }) => role === 'owner').map(({ email, name }) => namedPerson(email, name)),
    // Where else somebody asked is for the directory team to know, not for one pharmacy.
    earlier: before
      .filter(({ id, odsCode }) => id !== asked.id && (isTeam || odsCode === asked.odsCode))
      .map(earlierWords),
    decided: asked.state === 'asked' ? null : decidedWords(asked, nameOf),
    isOwn: asked.email === actor.email,
    isClosed: profile.status === 'closed',
    fields,
    problems,
  })
}

function mailboxWords({ mailbox, codeSentAt }: AccessRequest): string {
  if (mailbox === null) return 'The pharmacy has no shared mailbox that can decide.'
  if (codeSentAt === null) return `A code could not be sent to ${mailbox}.`
  return `A code was sent to ${mailbox} on ${momentWords(codeSentAt)}. Nobody has used it.`
}

const STATES: Readonly<Record<AccessRequest['state'], string>> = {
  asked: 'waiting',
  approved: 'approved',
  refused: 'refused',
  withdrawn: 'taken back',
}

/** `FX123 as editor, 3 December 2026: refused`. */
function earlierWords({ odsCode, role, askedAt, state }: AccessRequest): string {
  const date = formatDateShort(dateOf(toLondon(new Date(askedAt)).day))
  return `${odsCode} as ${roleInSentence(role)}, ${date}: ${STATES[state]}`
}

function decidedWords({ state, decidedAt, decidedBy, reason }: AccessRequest, nameOf: (by: string) => string): string {
  const said = reason === null ? '' : ` Reason: “${reason}”`
  return `This request was ${STATES[state]} by ${nameOf(decidedBy ?? '')} on ${momentWords(decidedAt ?? '')}.${said}`
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? request.url
