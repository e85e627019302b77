/** What the pages of sign-in share: what they are built from, their address line, and where they lead. */
import type { FastifyRequest } from 'fastify'
import type { IdentityProvider } from '#src/platform/identity/open-id.ts'
import type { Actor } from './actor.ts'
import { parseReturnPath } from './return-path.ts'
import type { SessionDeps } from './session-cookie.ts'

export type SignInDeps = SessionDeps & {
  readonly identity: IdentityProvider
  /** Signs the cookie that ties a sign-in to the browser it began in. */
  readonly sessionSecret: string
  /** Keys one-time codes. */
  readonly secretsPepper: string
  /** Whose addresses sign in with NHSmail and get no codes. */
  readonly nhsmailDomains: readonly string[]
  readonly limits: SignInLimits
  /** Where emails are read that do not leave this machine; null where they do. */
  readonly mailboxHref: string | null
}

/** 0 is no limit. */
export type SignInLimits = {
  /** Steps of a sign-in a minute and address. */
  readonly signInsPerMinute: number
  /** Codes an hour that one address may ask for, whatever the mailboxes. */
  readonly codesPerHour: number
  /** Codes an hour for one mailbox, whoever asks. At least 1. */
  readonly codesPerMailbox: number
}

export type SignInQuery = {
  Querystring: {
    readonly return?: unknown
    readonly ended?: unknown
    readonly moved?: unknown
    readonly state?: unknown
    readonly again?: unknown
  }
}

/** Where somebody goes who asked for no page and has, or may ask for, pharmacies. */
export const HOME = '/manage'
const FINDER = '/finder'

/** Where this person goes who asked for no page: professionals who have nothing else, to what they search with. */
export const homeOf = ({ grants }: Pick<Actor, 'grants'>): string =>
  grants.length > 0 && grants.every(({ role }) => role === 'professional') ? FINDER : HOME

/** An address of a step of sign-in that keeps in mind where to go afterwards. */
export function stepAddress(path: string, returnTo: string | undefined): string {
  return returnTo ? `${path}?${new URLSearchParams({ return: returnTo })}` : path
}

/** Where to go afterwards, as an address or a form says it; undefined when it says nothing that we would follow. */
export function returnPathIn(source: unknown): string | undefined {
  return parseReturnPath(textIn(source, 'return'))
}

/** A field of a form or query, as text; empty when it is absent or no text. */
export function textIn(source: unknown, name: string): string {
  const value = typeof source === 'object' && source !== null ? (source as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value.slice(0, 5000) : ''
}

/**
 * The same address on the host that cookies and the provider know (`127.0.0.1` and `localhost` keep separate cookies);
 * undefined when we are there. `moved` stops a proxy that hides the host from sending us round in circles.
 */
export function onOurHost(request: FastifyRequest<SignInQuery>, baseUrl: string): string | undefined {
  if (request.host === new URL(baseUrl).host || request.query.moved !== undefined) return undefined
  const address = new URL(request.url, baseUrl)
  address.searchParams.set('moved', 'yes')
  return `${baseUrl}${address.pathname}${address.search}`
}
