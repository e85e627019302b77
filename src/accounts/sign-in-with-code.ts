/**
 * /sign-in/email: an address, a code that is sent to it, and the code back; POST /sign-in/again sends one too. Everything that does something is sent with
 * POST; the link in the email leads to the page that asks for the code and no further.
 * Views: sign-in-email.njk, sign-in-code.njk, sign-in-code-problem.njk
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { queueEmail } from '#src/emails/email-jobs.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { CODE_PROBLEMS, type CodeProblem } from './code-problems.ts'
import { networkOf } from './failed-attempts.ts'
import { CODE_MINUTES, issueCode, loadCode, parseCode, takeCode } from './one-time-codes.ts'
import { EMAIL_ISSUER, parseSignInEmail } from './people.ts'
import { cookieName, cookieOptions, sessionOf } from './session-cookie.ts'
import { grantsOf } from './sessions.ts'
import {
  homeOf,
  onOurHost,
  returnPathIn,
  type SignInDeps,
  type SignInQuery,
  stepAddress,
  textIn,
} from './sign-in-deps.ts'
import { startSession } from './start-session.ts'

/** Longer than a code is good for, so that whoever comes too late reads why. */
const COOKIE_SECONDS = 3600
const PURPOSE = 'sign-in'
const CODE_PATH = '/sign-in/email/code'

type Page = { readonly returnTo: string | undefined; readonly problems: readonly Problem[] }

const renderEmail = template<Page & { email: string; isNhsmail: boolean; nhsmailHref: string }>(
  'accounts/sign-in-email.njk',
)
const renderCode = template<
  Page & { email: string; minutes: number; sentAgain: boolean; otherHref: string; mailboxHref: string | null }
>('accounts/sign-in-code.njk')
const renderProblem = template<
  (typeof CODE_PROBLEMS)[CodeProblem] & { returnTo: string | undefined; mayAskAnew: boolean; signInHref: string }
>('accounts/sign-in-code-problem.njk')

/** The pages. Codes asked for are limited by mailbox and by address, guesses by code and by address. */
export const codePages: FastifyPluginAsync<SignInDeps> = async (limited, deps) => {
  const { codesPerHour, signInsPerMinute } = deps.limits
  const keyGenerator = (request: FastifyRequest) => networkOf(request.ip)
  await limited.register(rateLimit, { global: false, keyGenerator })
  /** One count for all routes that it is given to. */
  const countTo = (max: number, timeWindow: string) => ({
    onRequest: max > 0 ? [limited.rateLimit({ max, timeWindow })] : [],
  })
  const asking = countTo(codesPerHour, '1 hour')
  const guessing = countTo(signInsPerMinute, '1 minute')
  limited.setErrorHandler((error, request, reply) => {
    const { statusCode } = error as { readonly statusCode?: number }
    if (statusCode !== 429) throw error
    const problem = request.routeOptions.url === CODE_PATH ? 'tooFast' : 'tooMany'
    return problemPage(reply, problem, { returnTo: undefined, mayAskAnew: false })
  })

  limited.get<SignInQuery>('/sign-in/email', (request, reply) => {
    const movedTo = onOurHost(request, deps.baseUrl)
    if (movedTo) return reply.redirect(movedTo)
    return emailPage(reply, { returnTo: returnPathIn(request.query), email: '', problems: [] })
  })
  limited.post('/sign-in/email', asking, async (request, reply) => {
    const returnTo = returnPathIn(request.body)
    const given = textIn(request.body, 'email').slice(0, 320)
    const email = parseSignInEmail(given)
    const problem = email ? nhsmailProblem(email, deps) : wrongAddress(given)
    if (!email || problem)
      return emailPage(reply.code(422), {
        returnTo,
        email: given,
        problems: [problem].flatMap((each) => each ?? []),
      })
    return await sendCode(reply, { email, returnTo, again: false }, deps)
  })

  limited.get<SignInQuery>(CODE_PATH, async (request, reply) => {
    const returnTo = returnPathIn(request.query)
    const asked = await askedIn(request, deps)
    if (!asked) return problemPage(reply, 'elsewhere', { returnTo, mayAskAnew: false })
    return codePage(reply, deps, { ...asked, returnTo, sentAgain: request.query.again === 'yes', problems: [] })
  })
  limited.post(CODE_PATH, guessing, (request, reply) => enterCode(request, reply, deps))
  limited.post('/sign-in/email/new-code', asking, async (request, reply) => {
    const returnTo = returnPathIn(request.body)
    const asked = await askedIn(request, deps)
    if (!asked) return problemPage(reply, 'elsewhere', { returnTo, mayAskAnew: false })
    return await sendCode(reply, { email: asked.email, returnTo, again: true }, deps)
  })
  limited.post('/sign-in/again', asking, async (request, reply) => {
    const returnTo = returnPathIn(request.body)
    const session = sessionOf(request)
    if (session?.issuer !== EMAIL_ISSUER) return reply.redirect(stepAddress('/sign-in/again', returnTo), 303)
    return await sendCode(reply, { email: session.actor.email, returnTo, again: false }, deps)
  })
}

/**
 * Sends a code to an address, known here or not, and leads to the page that asks for it. Only this browser's cookie has
 * the id of the code.
 */
async function sendCode(
  reply: FastifyReply,
  {
    email,
    returnTo,
    again,
  }: { readonly email: string; readonly returnTo: string | undefined; readonly again: boolean },
  { db, clock, baseUrl, secretsPepper: pepper, limits }: SignInDeps,
): Promise<FastifyReply> {
  const now = clock.now()
  const codeId = await db.transact(async (tx) => {
    const mostPerHour = limits.codesPerMailbox
    const issued = await issueCode(tx, { purpose: PURPOSE, subject: email, now, pepper, mostPerHour })
    if (!issued) return undefined
    const expiresAt = new Date(now.getTime() + CODE_MINUTES * 60_000).toISOString()
    await queueEmail(tx, { kind: 'sign-in-code', codeId: issued.codeId, recipient: email, expiresAt })
    return issued.codeId
  })
  if (!codeId) return problemPage(reply, 'tooMany', { returnTo, mayAskAnew: false })
  reply.setCookie(codeCookie(baseUrl), codeId, { ...cookieOptions(baseUrl), maxAge: COOKIE_SECONDS })
  const query = new URLSearchParams({
    ...(returnTo && { return: returnTo }),
    ...(again && { again: 'yes' }),
  }).toString()
  return reply.redirect(`${CODE_PATH}${query && `?${query}`}`, 303)
}

async function enterCode(request: FastifyRequest, reply: FastifyReply, deps: SignInDeps): Promise<FastifyReply> {
  const { db, clock, secretsPepper: pepper } = deps
  const returnTo = returnPathIn(request.body)
  const asked = await askedIn(request, deps)
  if (!asked) return problemPage(reply, 'elsewhere', { returnTo, mayAskAnew: false })
  const typed = textIn(request.body, 'code')
  const code = parseCode(typed)
  const show = (message: string) =>
    codePage(reply.code(422), deps, { ...asked, returnTo, sentAgain: false, problems: [codeProblem(message)] })
  if (!code) return show(typed.trim() === '' ? 'Enter the code from the email' : 'Code must be 6 numbers')
  const { codeId } = asked
  const answer = await db.transact((tx) => takeCode(tx, { codeId, purpose: PURPOSE, code, now: clock.now(), pepper }))
  if (answer === 'wrong' && asked.guessesLeft > 1) return show(wrongCode(asked.guessesLeft - 1))
  if (answer === 'wrong' || answer === 'too-many') request.log.warn('a one-time code was guessed too often')
  if (answer !== 'ok') return problemPage(reply, PROBLEM_OF[answer], { returnTo, mayAskAnew: true })
  const { email } = asked
  const person = { issuer: EMAIL_ISSUER, subject: email, email, name: null }
  const { jobRole } = await startSession(request, reply, { person, idToken: null, provedAt: clock.now() }, deps)
  if (jobRole === null) return reply.redirect(stepAddress('/account/details', returnTo), 303)
  return reply.redirect(returnTo ?? homeOf({ grants: await grantsOf(db.pool, email, clock.now()) }), 303)
}

const PROBLEM_OF = { wrong: 'guessed', 'too-many': 'guessed', expired: 'expired', used: 'used' } as const

/** The code that this browser asked for; undefined when it asked for none, or long ago. */
async function askedIn(request: FastifyRequest, { db, baseUrl }: SignInDeps) {
  const codeId = request.cookies[codeCookie(baseUrl)]
  if (!codeId || !/^[\w-]{22}$/.test(codeId)) return undefined
  const code = await loadCode(db.pool, { codeId, purpose: PURPOSE })
  return code && { codeId, email: code.subject, guessesLeft: code.guessesLeft }
}

function emailPage(reply: FastifyReply, page: Page & { readonly email: string }): FastifyReply {
  const isNhsmail = page.problems.some(({ code }) => code === 'nhsmail')
  return renderEmail(reply, { ...page, isNhsmail, nhsmailHref: stepAddress('/sign-in/nhsmail', page.returnTo) })
}

function codePage(
  reply: FastifyReply,
  { mailboxHref }: SignInDeps,
  page: Page & { readonly email: string; readonly sentAgain: boolean },
): FastifyReply {
  const otherHref = stepAddress('/sign-in/email', page.returnTo)
  return renderCode(reply, { ...page, otherHref, mailboxHref, minutes: CODE_MINUTES })
}

function problemPage(
  reply: FastifyReply,
  problem: CodeProblem,
  next: { readonly returnTo: string | undefined; readonly mayAskAnew: boolean },
): FastifyReply {
  const page = CODE_PROBLEMS[problem]
  return renderProblem(reply.code(page.status), {
    ...page,
    ...next,
    signInHref: stepAddress('/sign-in', next.returnTo),
  })
}

/** An address of NHSmail gets no code: NHSmail itself knows whether its owner still works for the NHS. */
function nhsmailProblem(email: string, { nhsmailDomains }: SignInDeps): Problem | undefined {
  const domain = email.split('@')[1] ?? ''
  if (!nhsmailDomains.some((ours) => domain === ours || domain.endsWith(`.${ours}`))) return undefined
  return { field: 'email', code: 'nhsmail', message: 'This is an NHSmail address. Sign in with NHSmail instead' }
}

const wrongAddress = (given: string): Problem =>
  given.trim() === ''
    ? { field: 'email', code: 'missing', message: 'Enter your email address' }
    : {
        field: 'email',
        code: 'invalid',
        message: 'Enter an email address in the correct format, like name@example.com',
      }

const codeProblem = (message: string): Problem => ({ field: 'code', code: 'invalid', message })
const wrongCode = (left: number): string =>
  `This is not the code we sent. Check the email and try again: you have ${left} ${left === 1 ? 'try' : 'tries'} left`
const codeCookie = (baseUrl: string): string => cookieName('signpost-code', baseUrl)
