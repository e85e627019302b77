/** GET /sign-in, the way to NHSmail and back, and POST /sign-out. Views: sign-in.njk, sign-in-problem.njk, signed-out.njk */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { Unavailable } from '#src/platform/errors.ts'
import { type IdentityClaims, type IdentityProvider, newSignInSecrets } from '#src/platform/identity/open-id.ts'
import { template } from '#src/platform/views.ts'
import { actorOf, auditNameOf } from './actor.ts'
import { displayName, parseSignInEmail, type SignedInPerson, savePerson } from './people.ts'
import { parseReturnPath } from './return-path.ts'
import {
  clearSessionCookie,
  cookieName,
  cookieOptions,
  type SessionDeps,
  sessionOf,
  setSessionCookie,
} from './session-cookie.ts'
import { createSession, endSession } from './sessions.ts'
import { ATTEMPT_MINUTES, isBrowserKey, newBrowserKey, startAttempt, takeAttempt } from './sign-in-attempts.ts'
import { PROBLEMS, type SignInProblem } from './sign-in-problems.ts'

export type SignInDeps = SessionDeps & {
  readonly identity: IdentityProvider
  /** Signs the cookie that ties a sign-in to the browser it began in. */
  readonly sessionSecret: string
  /** Sign-ins a minute and address; 0 for no limit. */
  readonly signInsPerMinute: number
}

type Query = {
  Querystring: {
    readonly return?: unknown
    readonly ended?: unknown
    readonly moved?: unknown
    readonly state?: unknown
  }
}

const HOME = '/manage'
const renderSignIn = template<{ startHref: string; ended: boolean }>('accounts/sign-in.njk')
const renderProblem = template<(typeof PROBLEMS)[SignInProblem] & { signedInAs: string | null }>(
  'accounts/sign-in-problem.njk',
)
const renderSignedOut = template<object>('accounts/signed-out.njk')

/** Mounts the pages. `pages` must read sessions. */
export function signInPages(pages: FastifyInstance, deps: SignInDeps): void {
  pages.get<Query>('/sign-in', (request, reply) => {
    const movedTo = onOurHost(request, deps.baseUrl)
    if (movedTo) return reply.redirect(movedTo)
    const returnTo = parseReturnPath(request.query.return)
    if (actorOf(request)) return reply.redirect(deps.baseUrl + (returnTo ?? HOME))
    const query = returnTo ? `?${new URLSearchParams({ return: returnTo })}` : ''
    return renderSignIn(reply, { startHref: `/sign-in/nhsmail${query}`, ended: request.query.ended === 'yes' })
  })

  pages.register(providerPages, deps)
  pages.post('/sign-out', (request, reply) => signOut(request, reply, deps))
  pages.get('/signed-out', (_request, reply) => renderSignedOut(reply, {}))
}

/** The two steps through the provider: limited by address, and kind when the provider is down. */
const providerPages: FastifyPluginAsync<SignInDeps> = async (limited, deps) => {
  if (deps.signInsPerMinute > 0) {
    await limited.register(rateLimit, { max: deps.signInsPerMinute, timeWindow: '1 minute' })
  }
  limited.setErrorHandler((error, request, reply) => {
    if (error instanceof Unavailable) return problemPage(request, reply.header('retry-after', '30'), 'unavailable')
    throw error
  })
  limited.get<Query>('/sign-in/nhsmail', (request, reply) => begin(request, reply, deps))
  limited.get<Query>('/sign-in/callback', (request, reply) => finish(request, reply, deps))
}

async function begin(request: FastifyRequest<Query>, reply: FastifyReply, deps: SignInDeps): Promise<FastifyReply> {
  const movedTo = onOurHost(request, deps.baseUrl)
  if (movedTo) return reply.redirect(movedTo)
  const secrets = newSignInSecrets()
  const provider = await deps.identity.begin(secrets, callbackAddress(deps))
  const cookie = request.cookies[attemptCookie(deps)]
  const browserKey = isBrowserKey(cookie, deps.sessionSecret) ? cookie : newBrowserKey(deps.sessionSecret)
  const returnTo = parseReturnPath(request.query.return) ?? HOME
  await startAttempt(deps.db.pool, { secrets, browserKey, returnTo, now: deps.clock.now() })
  reply.setCookie(attemptCookie(deps), browserKey, { ...cookieOptions(deps.baseUrl), maxAge: ATTEMPT_MINUTES * 60 })
  return reply.redirect(provider.href)
}

async function finish(request: FastifyRequest<Query>, reply: FastifyReply, deps: SignInDeps): Promise<FastifyReply> {
  const attempt = await attemptOf(request, deps)
  if (!attempt) return problemPage(request, reply, 'startAgain')
  const query = request.url.split('?').slice(1).join('?')
  const answer = await deps.identity.finish(new URL(`${callbackAddress(deps)}?${query}`), attempt.secrets)
  if (!answer.ok) return problemPage(request, reply, answer.because)
  const person = personIn(answer.claims)
  if (typeof person === 'string') return problemPage(request, reply, person)
  const token = await startSession(person, answer.claims.idToken, sessionOf(request)?.tokenHash, deps)
  setSessionCookie(reply, token, deps.baseUrl)
  return reply.redirect(deps.baseUrl + attempt.returnTo, 303)
}

async function attemptOf(request: FastifyRequest<Query>, deps: SignInDeps) {
  const browserKey = request.cookies[attemptCookie(deps)]
  const { state } = request.query
  if (typeof state !== 'string' || !isBrowserKey(browserKey, deps.sessionSecret)) return undefined
  return await takeAttempt(deps.db.pool, { state, browserKey, now: deps.clock.now() })
}

/**
 * Who the provider says this is, or what is missing. A provider that says nothing about whether an address is verified
 * stands for its own addresses (NHSmail gives them out); one that says no is believed.
 */
function personIn(claims: IdentityClaims): SignedInPerson | 'noEmail' | 'unverified' {
  const email = parseSignInEmail(claims.email)
  if (!email) return 'noEmail'
  if (claims.emailVerified === false) return 'unverified'
  return { issuer: claims.issuer, subject: claims.subject, email, name: displayName(claims.name, email) }
}

/** A new session, always with a new token; the one that this browser had before ends. */
async function startSession(
  person: SignedInPerson,
  idToken: string | null,
  earlier: string | undefined,
  { db, clock }: SignInDeps,
): Promise<string> {
  const now = clock.now()
  return await db.transact(async (tx) => {
    const { personId, isNew } = await savePerson(tx, person, now)
    if (earlier) await endSession(tx, earlier)
    const token = await createSession(tx, { personId, now, idToken })
    const actor = auditNameOf(person)
    const detail = { issuer: person.issuer, subject: person.subject, firstTime: isNew }
    await appendToLedger(tx, now.toISOString(), [{ actor, action: 'sign-in', target: actor, detail, changes: [] }])
    return token
  })
}

async function signOut(request: FastifyRequest, reply: FastifyReply, deps: SignInDeps): Promise<FastifyReply> {
  const session = sessionOf(request)
  clearSessionCookie(reply, deps.baseUrl)
  if (!session) return reply.redirect('/signed-out', 303)
  const actor = auditNameOf(session.actor)
  await deps.db.transact(async (tx) => {
    await endSession(tx, session.tokenHash)
    const entry = { actor, action: 'sign-out', target: actor, detail: {}, changes: [] }
    await appendToLedger(tx, deps.clock.now().toISOString(), [entry])
  })
  const signedOut = `${deps.baseUrl}/signed-out`
  const provider = session.idToken ? await deps.identity.signOutUrl(session.idToken, signedOut) : undefined
  return reply.redirect(provider?.href ?? signedOut, 303)
}

function problemPage(request: FastifyRequest, reply: FastifyReply, problem: SignInProblem): FastifyReply {
  const page = PROBLEMS[problem]
  return renderProblem(reply.code(page.status), { ...page, signedInAs: actorOf(request)?.name ?? null })
}

/**
 * The same address on the host that cookies and the provider know (`127.0.0.1` and `localhost` keep separate cookies);
 * undefined when we are there. `moved` stops a proxy that hides the host from sending us round in circles.
 */
function onOurHost(request: FastifyRequest<Query>, baseUrl: string): string | undefined {
  if (request.host === new URL(baseUrl).host || request.query.moved !== undefined) return undefined
  const address = new URL(request.url, baseUrl)
  address.searchParams.set('moved', 'yes')
  return `${baseUrl}${address.pathname}${address.search}`
}

const callbackAddress = ({ baseUrl }: SignInDeps): string => `${baseUrl}/sign-in/callback`
const attemptCookie = ({ baseUrl }: SignInDeps): string => cookieName('signpost-sign-in', baseUrl)
