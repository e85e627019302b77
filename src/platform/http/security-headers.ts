/** What a browser may do with our pages. Set where pages are rendered, so that no page, not even an error, lacks it. */
import type { FastifyReply } from 'fastify'

const ONE_YEAR_SECONDS = 31_536_000
/** For `strict-transport-security`. */
export const HTTPS_ONLY = `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`

export type SecuritySettings = {
  /** Where signing in and out may send a form: the origin of the identity provider. */
  readonly formOrigins: readonly string[]
  /** Where map tiles come from; empty when they come from us or there are none. */
  readonly imageOrigins: readonly string[]
  /** Tell browsers to use https only. */
  readonly https: boolean
}

/** Adds the headers of a page. Scripts run only from our own files or with this page's nonce; nobody may frame us. */
export function securePage(reply: FastifyReply, nonce: string): FastifyReply {
  const { security } = reply.server.shell
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "font-src 'self'",
    ["img-src 'self' data:", ...security.imageOrigins].join(' '),
    ["form-action 'self'", ...security.formOrigins].join(' '),
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  if (!reply.hasHeader('cache-control')) {
    reply.header('cache-control', reply.request.signedInAs ? 'no-store' : 'no-cache')
  }
  return secureAnswer(reply)
    .header('content-security-policy', policy)
    .header('x-frame-options', 'DENY')
    .header('cross-origin-opener-policy', 'same-origin')
}

/** Adds the headers that any answer needs, page or not. */
export function secureAnswer(reply: FastifyReply): FastifyReply {
  if (reply.server.shell.security.https) {
    reply.header('strict-transport-security', HTTPS_ONLY)
  }
  return reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin')
}
