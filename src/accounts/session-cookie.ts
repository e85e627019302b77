/** How a browser carries its session, and the two scopes of pages: those that know who asks, and those that need to. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { actorOf, rememberActor } from './actor.ts'
import { parseReturnPath } from './return-path.ts'
import { loadSession, personOfEndedSession, type Session } from './sessions.ts'

export type SessionDeps = { readonly db: Db; readonly clock: Clock; readonly baseUrl: string }

const sessions = new WeakMap<FastifyRequest, Session>()

/** The session of this request; null when nobody is signed in. */
export const sessionOf = (request: FastifyRequest): Session | null => sessions.get(request) ?? null

/** A cookie of ours. Over https its name begins `__Host-`: no other host, and no page over http, can set it. */
export const cookieName = (name: string, baseUrl: string): string => (isHttps(baseUrl) ? `__Host-${name}` : name)

/** What every cookie of sign-in has in common: scripts cannot read it, other sites' forms do not send it. */
export const cookieOptions = (baseUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps(baseUrl) }) as const

/** Gives the browser its session. No `Max-Age`: it goes when the browser closes, or earlier when the server ends it. */
export function setSessionCookie(reply: FastifyReply, token: string, baseUrl: string): void {
  reply.setCookie(sessionCookieName(baseUrl), token, cookieOptions(baseUrl))
}

/** Takes the session's cookie back. */
export function clearSessionCookie(reply: FastifyReply, baseUrl: string): void {
  reply.clearCookie(sessionCookieName(baseUrl), cookieOptions(baseUrl))
}

/**
 * Makes every route of `pages` know who asks (`actorOf`, and the name in the header). One query a request that carries
 * the cookie, none for visitors.
 */
export function readSessions(pages: FastifyInstance, { db, clock, baseUrl }: SessionDeps): void {
  const name = sessionCookieName(baseUrl)
  pages.addHook('onRequest', async (request) => {
    const token = request.cookies[name]
    const session = token ? await loadSession(db.pool, token, clock.now()) : undefined
    if (!session) return
    sessions.set(request, session)
    rememberActor(request, session.actor)
    request.signedInAs = { name: session.actor.name }
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route deals itself with somebody whose session ended, so as not to lose what they sent. */
    answersSignedOut?: boolean
  }
}

/**
 * Mounts `routes` for signed-in people only: everybody else is sent to sign in and comes back to the page they asked
 * for. `pages` must read sessions.
 */
export function signedInPages(
  pages: FastifyInstance,
  deps: Pick<SessionDeps, 'baseUrl'> & {
    /** Keeps forms whose session ended; without it their words are lost. */
    readonly unsent?: {
      isKeepable(request: FastifyRequest): boolean
      /** The address where its person finds the form again; undefined when it cannot be kept. */
      keep(request: FastifyRequest, page: string): Promise<string | undefined>
    }
  },
  routes: (signedIn: FastifyInstance) => void,
): void {
  const name = sessionCookieName(deps.baseUrl)
  pages.register((signedIn, _options, done) => {
    signedIn.addHook('onRequest', (request, reply, next) => {
      const wasSignedIn = request.cookies[name] !== undefined
      if (actorOf(request) || (wasSignedIn && (answersSignedOut(request) || deps.unsent?.isKeepable(request))))
        return next()
      reply.redirect(signInAddress(pageOf(request, signedIn), wasSignedIn), 303)
    })
    // After the form was read and its token checked, and before any route does anything.
    signedIn.addHook('preHandler', async (request, reply) => {
      if (actorOf(request) || answersSignedOut(request)) return
      const page = pageOf(request, signedIn)
      await reply.redirect(signInAddress((await deps.unsent?.keep(request, page ?? '/manage')) ?? page, true), 303)
    })
    routes(signedIn)
    done()
  })
}

const answersSignedOut = (request: FastifyRequest): boolean => request.routeOptions.config.answersSignedOut ?? false

/** Where to sign in and come back from; undefined comes back to where one begins. `ended`: a session is over. */
export function signInAddress(returnTo: string | undefined, ended: boolean): string {
  const query = new URLSearchParams({
    ...(returnTo && { return: returnTo }),
    ...(ended && { ended: 'yes' }),
  }).toString()
  return `/sign-in${query && `?${query}`}`
}

/** Whose session it was that ended, on a route that `answersSignedOut`; undefined when nobody's that we know. */
export async function personWhoLeft(
  request: FastifyRequest,
  { db, clock, baseUrl }: SessionDeps,
): Promise<number | undefined> {
  const token = request.cookies[sessionCookieName(baseUrl)]
  return token ? personOfEndedSession(db.pool, token, clock.now()) : undefined
}

/**
 * The page to come back to, as it was asked for. A form that was sent cannot be sent again, so the next best place is the
 * page of its address, or of the beginning of it: that of `/finder/saved/searches/7/remove` is `/finder/saved`. Undefined
 * when there is none.
 */
function pageOf(request: FastifyRequest, app: FastifyInstance): string | undefined {
  if (request.method === 'GET') return parseReturnPath(request.url)
  const route = (request.routeOptions.url ?? '').split('/')
  const path = (request.url.split('?')[0] ?? '').split('/')
  for (let length = route.length; length > 1; length--) {
    if (!app.hasRoute({ method: 'GET', url: route.slice(0, length).join('/') })) continue
    return parseReturnPath(length === route.length ? request.url : path.slice(0, length).join('/'))
  }
  return undefined
}

const sessionCookieName = (baseUrl: string): string => cookieName('signpost-session', baseUrl)
const isHttps = (baseUrl: string): boolean => baseUrl.startsWith('https://')
