/** GET /sign-in/nhsmail and back at GET /sign-in/callback: the way through the OpenID provider. View: sign-in-problem.njk */
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Unavailable } from '#src/platform/errors.ts'
import { type IdentityClaims, newSignInSecrets } from '#src/platform/identity/open-id.ts'
import { template } from '#src/platform/views.ts'
import { actorOf } from './actor.ts'
import { networkOf } from './failed-attempts.ts'
import { displayName, parseSignInEmail, type SignedInPerson } from './people.ts'
import { parseReturnPath } from './return-path.ts'
import { cookieName, cookieOptions } from './session-cookie.ts'
import { grantsOf } from './sessions.ts'
import {
  ATTEMPT_MINUTES,
  isBrowserKey,
  newBrowserKey,
  startAttempt,
  type TakenAttempt,
  takeAttempt,
} from './sign-in-attempts.ts'
import { homeOf, onOurHost, type SignInDeps, type SignInQuery, stepAddress } from './sign-in-deps.ts'
import { PROBLEMS, type SignInProblem } from './sign-in-problems.ts'
import { startSession } from './start-session.ts'

/** Between the provider's moments and ours. */
const TOLERANCE_SECONDS = 60

const renderProblem = template<(typeof PROBLEMS)[SignInProblem] & { signedInAs: string | null; signInHref: string }>(
  'accounts/sign-in-problem.njk',
)

/** The two steps through the provider: limited by address, and kind when the provider is down. */
export const providerPages: FastifyPluginAsync<SignInDeps> = async (limited, deps) => {
  if (deps.limits.signInsPerMinute > 0) {
    const keyGenerator = (request: FastifyRequest) => networkOf(request.ip)
    await limited.register(rateLimit, { max: deps.limits.signInsPerMinute, timeWindow: '1 minute', keyGenerator })
  }
  limited.setErrorHandler((error, request, reply) => {
    if (error instanceof Unavailable) return problemPage(request, reply.header('retry-after', '30'), 'unavailable')
    throw error
  })
  limited.get<SignInQuery>('/sign-in/nhsmail', (request, reply) => begin(request, reply, deps))
  limited.get<SignInQuery>('/sign-in/callback', (request, reply) => finish(request, reply, deps))
}

async function begin(
  request: FastifyRequest<SignInQuery>,
  reply: FastifyReply,
  deps: SignInDeps,
): Promise<FastifyReply> {
  const movedTo = onOurHost(request, deps.baseUrl)
  if (movedTo) return reply.redirect(movedTo)
  const again = request.query.again === 'yes'
  const secrets = newSignInSecrets()
  const provider = await deps.identity.begin(secrets, callbackAddress(deps), { again })
  const cookie = request.cookies[attemptCookie(deps)]
  const browserKey = isBrowserKey(cookie, deps.sessionSecret) ? cookie : newBrowserKey(deps.sessionSecret)
  const returnTo = parseReturnPath(request.query.return)
  await startAttempt(deps.db.pool, { secrets, browserKey, returnTo, again, now: deps.clock.now() })
  reply.setCookie(attemptCookie(deps), browserKey, { ...cookieOptions(deps.baseUrl), maxAge: ATTEMPT_MINUTES * 60 })
  return reply.redirect(provider.href)
}

async function finish(
  request: FastifyRequest<SignInQuery>,
  reply: FastifyReply,
  deps: SignInDeps,
): Promise<FastifyReply> {
  const attempt = await attemptOf(request, deps)
  if (!attempt) return problemPage(request, reply, 'startAgain')
  const { returnTo } = attempt
  const query = request.url.split('?').slice(1).join('?')
  const answer = await deps.identity.finish(new URL(`${callbackAddress(deps)}?${query}`), attempt.secrets)
  if (!answer.ok) return problemPage(request, reply, answer.because, returnTo)
  const { claims } = answer
  const person = personIn(claims)
  if (typeof person === 'string') return problemPage(request, reply, person, returnTo)
  if (!wasAsked(claims, attempt)) return problemPage(request, reply, 'notAsked', returnTo)
  const provedAt = new Date(deps.clock.now().getTime() - (claims.provedSecondsAgo ?? 0) * 1000)
  await startSession(request, reply, { person, idToken: claims.idToken, provedAt }, deps)
  const goTo = returnTo ?? homeOf({ grants: await grantsOf(deps.db.pool, person.email, deps.clock.now()) })
  return reply.redirect(deps.baseUrl + goTo, 303)
}

async function attemptOf(request: FastifyRequest<SignInQuery>, deps: SignInDeps) {
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

/**
 * Whether somebody who was to prove anew who they are did so. Whoever holds the browser can take our wish out of the
 * address on its way, so what counts is when the provider says that it asked. One that never says is believed.
 */
function wasAsked({ provedSecondsAgo }: IdentityClaims, { again, secondsAgo }: TakenAttempt): boolean {
  return !again || provedSecondsAgo === null || provedSecondsAgo <= secondsAgo + TOLERANCE_SECONDS
}

/** `returnTo`: the page that was asked for, where the attempt is known that went wrong. */
function problemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: SignInProblem,
  returnTo?: string,
): FastifyReply {
  const page = PROBLEMS[problem]
  const signInHref = stepAddress('/sign-in', returnTo)
  return renderProblem(reply.code(page.status), { ...page, signedInAs: actorOf(request)?.name ?? null, signInHref })
}

const callbackAddress = ({ baseUrl }: SignInDeps): string => `${baseUrl}/sign-in/callback`
const attemptCookie = ({ baseUrl }: SignInDeps): string => cookieName('signpost-sign-in', baseUrl)
