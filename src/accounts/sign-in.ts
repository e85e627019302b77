/** GET and POST /sign-in, the choice between NHSmail and another address, and POST /sign-out. Views: sign-in.njk, signed-out.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { IdentityProvider } from '#src/platform/identity/open-id.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { actorOf, auditNameOf } from './actor.ts'
import { clearSessionCookie, cookieName, cookieOptions, type SessionDeps, sessionOf } from './session-cookie.ts'
import { endSession, endSessionsOf, type Session } from './sessions.ts'
import { signInAgainPages } from './sign-in-again.ts'
import {
  homeOf,
  onOurHost,
  returnPathIn,
  type SignInDeps,
  type SignInQuery,
  stepAddress,
  textIn,
} from './sign-in-deps.ts'
import { codePages } from './sign-in-with-code.ts'
import { providerPages } from './sign-in-with-provider.ts'

const WAYS = ['nhsmail', 'email'] as const
type Way = (typeof WAYS)[number]

const WAY_REMEMBERED_SECONDS = 365 * 86_400

const NO_WAY: Problem = { field: 'way', code: 'missing', message: 'Select how you sign in' }

const renderSignIn = template<{
  returnTo: string | undefined
  ended: boolean
  way: Way | undefined
  problems: readonly Problem[]
}>('accounts/sign-in.njk')
const renderSignedOut = template<object>('accounts/signed-out.njk')

/** Mounts the pages. `pages` must read sessions. */
export function signInPages(pages: FastifyInstance, deps: SignInDeps): void {
  const { baseUrl } = deps
  pages.get<SignInQuery>('/sign-in', (request, reply) => {
    const movedTo = onOurHost(request, baseUrl)
    if (movedTo) return reply.redirect(movedTo)
    const returnTo = returnPathIn(request.query)
    const actor = actorOf(request)
    if (actor) return reply.redirect(baseUrl + (returnTo ?? homeOf(actor)))
    const way = parseWay(request.cookies[wayCookie(baseUrl)])
    return renderSignIn(reply, { returnTo, ended: request.query.ended === 'yes', way, problems: [] })
  })
  pages.post('/sign-in', (request, reply) => {
    const returnTo = returnPathIn(request.body)
    const way = parseWay(textIn(request.body, 'way'))
    if (!way) return renderSignIn(reply.code(422), { returnTo, ended: false, way, problems: [NO_WAY] })
    reply.setCookie(wayCookie(baseUrl), way, { ...cookieOptions(baseUrl), maxAge: WAY_REMEMBERED_SECONDS })
    return reply.redirect(stepAddress(`/sign-in/${way}`, returnTo), 303)
  })

  pages.register(providerPages, deps)
  pages.register(codePages, deps)
  signInAgainPages(pages, deps)
  pages.post('/sign-out', (request, reply) => signOut(request, reply, deps))
  pages.get('/signed-out', (_request, reply) => renderSignedOut(reply, {}))
}

type SignOutDeps = SessionDeps & { readonly identity: IdentityProvider }

/** Ends this session and every other of its person, and leaves the provider too. */
export async function signOutEverywhere(
  reply: FastifyReply,
  session: Session,
  deps: SignOutDeps,
): Promise<FastifyReply> {
  const actor = auditNameOf(session.actor)
  await deps.db.transact(async (tx) => {
    const ended = await endSessionsOf(tx, session.actor.personId, null)
    const entry = { actor, action: 'sign-out-everywhere', target: actor, detail: { ended }, changes: [] }
    await appendToLedger(tx, deps.clock.now().toISOString(), [entry])
  })
  return leave(reply, session, deps)
}

async function signOut(request: FastifyRequest, reply: FastifyReply, deps: SignOutDeps): Promise<FastifyReply> {
  const session = sessionOf(request)
  if (!session) {
    clearSessionCookie(reply, deps.baseUrl)
    return reply.redirect('/signed-out', 303)
  }
  const actor = auditNameOf(session.actor)
  await deps.db.transact(async (tx) => {
    await endSession(tx, session.tokenHash)
    const entry = { actor, action: 'sign-out', target: actor, detail: {}, changes: [] }
    await appendToLedger(tx, deps.clock.now().toISOString(), [entry])
  })
  return leave(reply, session, deps)
}

/** By way of the provider's own sign-out, where it has one. */
async function leave(reply: FastifyReply, session: Session, { baseUrl, identity }: SignOutDeps): Promise<FastifyReply> {
  clearSessionCookie(reply, baseUrl)
  const signedOut = `${baseUrl}/signed-out`
  const provider = session.idToken ? await identity.signOutUrl(session.idToken, signedOut) : undefined
  return reply.redirect(provider?.href ?? signedOut, 303)
}

const parseWay = (text: string | undefined): Way | undefined => WAYS.find((way) => way === text)
const wayCookie = (baseUrl: string): string => cookieName('signpost-sign-in-way', baseUrl)
