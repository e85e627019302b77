/** `/manage/access/requests`: what one has asked for, and where the code from the shared mailbox is entered. View: your-requests.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { parseCode } from '#src/accounts/one-time-codes.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { formatDateShort, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from '../access-deps.ts'
import { type AccessRequest, loadRequestsOf } from '../access-request-store.ts'
import { type CodeTried, tryCode, withdrawRequest } from '../decide-request.ts'
import { MOST_CODES, sendNewCode } from '../mailbox-codes.ts'

const PATH = '/manage/access/requests'
const SHOWN_DAYS = 30
const DAY_MS = 86_400_000

type Row = {
  readonly id: number
  readonly odsCode: string
  readonly name: string
  readonly role: string
  readonly askedOn: string
  readonly state: AccessRequest['state']
  readonly tag: { readonly text: string; readonly colour: string }
  readonly mailbox: boolean
  readonly moreCodes: boolean
  readonly reason: string | null
}
type View = {
  readonly title: string
  readonly banner: string | null
  readonly rows: readonly Row[]
  /** Where email can be read that leaves nowhere; null where a mail server is set. */
  readonly mailboxHref: string | null
  readonly codes: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const TAGS: Readonly<Record<AccessRequest['state'], Row['tag']>> = {
  asked: { text: 'Waiting', colour: 'yellow' },
  approved: { text: 'Approved', colour: 'green' },
  refused: { text: 'Refused', colour: 'red' },
  withdrawn: { text: 'Taken back', colour: 'grey' },
}
const BANNERS: Readonly<Record<string, string>> = {
  asked: 'We have your request. An email to you says what happens next.',
  sent: 'A new code is on its way to the pharmacy’s shared mailbox.',
  withdrawn: 'Your request is taken back.',
}

const render = template<View>('access/pages/your-requests.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function yourRequestsPages(app: FastifyInstance, deps: AccessDeps): void {
  app.get(PATH, async (request, reply) => {
    const query = fieldsOf(request.query)
    const done = Object.keys(BANNERS).find((name) => rawIn(query, name) === 'yes')
    return show(reply, deps, asker(request), { banner: (done && BANNERS[done]) ?? null })
  })

  app.post(`${PATH}/:requestId/code`, async (request, reply) => {
    const actor = asker(request)
    const requestId = numberOf(request)
    const typed = rawIn(fieldsOf(request.body), `code-${requestId}`)
    const code = parseCode(typed)
    if (!code) return wrong(reply, deps, actor, { requestId, typed, message: 'Enter the 6 numbers of the code' })
    const tried = await tryCode(deps, actor, { requestId, code })
    if (!tried) throw new NotFound('You have no such request')
    if (tried.outcome === 'approved') return reply.redirect(`/manage/${tried.request.odsCode}?joined=yes`, 303)
    if (tried.outcome === 'decided-before') return reply.redirect(PATH, 303)
    return wrong(reply, deps, actor, { requestId, typed, message: messageOf(tried) })
  })

  app.post(`${PATH}/:requestId/new-code`, async (request, reply) => {
    const actor = asker(request)
    const requestId = numberOf(request)
    const sent = await sendNewCode(deps, actor, requestId)
    if (!sent) throw new NotFound('You have no such request')
    if (sent === 'limit') return wrong(reply, deps, actor, { requestId, typed: '', message: NO_MORE })
    if (sent === 'no-mailbox') return wrong(reply, deps, actor, { requestId, typed: '', message: NO_MAILBOX })
    return reply.redirect(`${PATH}?sent=yes`, 303)
  })

  app.post(`${PATH}/:requestId/withdraw`, async (request, reply) => {
    await withdrawRequest(deps, asker(request), numberOf(request))
    return reply.redirect(`${PATH}?withdrawn=yes`, 303)
  })
}

const NO_MORE = `We have sent ${MOST_CODES} codes for this request. The owners or the directory team decide now`
const NO_MAILBOX = 'The shared mailbox cannot decide about this request any more. The owners or the directory team will'

function messageOf(tried: Exclude<CodeTried, { outcome: 'approved' }>): string {
  switch (tried.outcome) {
    case 'wrong':
      return 'This is not the code we sent. Check the newest email'
    case 'last-wrong':
      return 'This code has been tried too often. Send a new one'
    case 'not-possible':
      return tried.because
    default:
      return 'This code is too old. Send a new one'
  }
}

async function wrong(
  reply: FastifyReply,
  deps: AccessDeps,
  actor: Actor,
  { requestId, typed, message }: { readonly requestId: number; readonly typed: string; readonly message: string },
): Promise<FastifyReply> {
  const field = `code-${requestId}`
  const problem: Problem = { field, code: 'invalid', message }
  return await show(reply.code(422), deps, actor, { codes: { [field]: typed.slice(0, 20) }, problems: [problem] })
}

async function show(
  reply: FastifyReply,
  { db, clock, mailboxHref }: AccessDeps,
  actor: Actor,
  said: Partial<Pick<View, 'banner' | 'codes' | 'problems'>>,
): Promise<FastifyReply> {
  const since = new Date(clock.now().getTime() - SHOWN_DAYS * DAY_MS)
  const requests = await loadRequestsOf(db.pool, actor.email, since)
  const profiles = await loadProfiles(
    db.pool,
    requests.map(({ odsCode }) => odsCode),
  )
  // A form that was sent for a request that has been decided since has no field to lead to.
  const rows = requests.map((request) => rowOf(request, profiles.get(request.odsCode)?.profile.name ?? ''))
  return render(reply, {
    title: 'Your requests for access',
    banner: null,
    mailboxHref: requests.some(({ state, mailbox }) => state === 'asked' && mailbox !== null) ? mailboxHref : null,
    codes: {},
    problems: [],
    ...said,
    rows: rows.toSorted((a, b) => Number(b.state === 'asked') - Number(a.state === 'asked')),
  })
}

function rowOf(request: AccessRequest, name: string): Row {
  const { id, odsCode, role, askedAt, state, mailbox, codesSent, reason } = request
  const { day, minute } = toLondon(new Date(askedAt))
  return {
    id,
    odsCode,
    name,
    role: ROLE_WORDS[role].label,
    askedOn: `${formatDateShort(dateOf(day))} at ${formatTime(minute)}`,
    state,
    tag: TAGS[state],
    mailbox: mailbox !== null,
    moreCodes: codesSent < MOST_CODES,
    reason,
  }
}

function asker(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'ask-for-access')) throw new Forbidden('You cannot ask for access')
  return actor
}

function numberOf(request: FastifyRequest): number {
  const { requestId } = request.params as { requestId: string }
  if (!/^\d{1,15}$/.test(requestId)) throw new NotFound('You have no such request')
  return Number(requestId)
}
