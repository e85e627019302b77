/** What pages have and the open APIs do without: cookies, forms, and a guard against forged forms. */
import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { answerError, answerNotFound } from './errors.ts'

const FORM_LIMIT_BYTES = 262_144
const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Makes `pages` a scope for pages. Every request that writes must carry the token of its form, `_csrf`; there is no
 * exception to forget. The cookie is set only when a form is shown, so public pages set none.
 */
export async function pageScope(
  pages: FastifyInstance,
  options: { readonly sessionSecret: string; readonly https: boolean },
): Promise<void> {
  await pages.register(cookie, { secret: options.sessionSecret })
  await pages.register(formbody, { bodyLimit: FORM_LIMIT_BYTES })
  await pages.register(csrf, {
    cookieKey: options.https ? '__Host-signpost-csrf' : 'signpost-csrf',
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure: options.https },
    logLevel: 'info',
  })
  pages.addHook('preHandler', (request, reply, done) => {
    if (request.is404 || READING_METHODS.has(request.method)) done()
    else pages.csrfProtection(request, reply, done)
  })
  pages.setErrorHandler(answerError)
  pages.setNotFoundHandler(answerNotFound)
}
