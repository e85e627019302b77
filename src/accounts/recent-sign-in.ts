/**
 * What matters most (changing many branches at once, changing who has access) is done only by somebody who proved who
 * they are a moment ago, not by whoever finds their browser open.
 *
 * Source: OWASP ASVS 5.0 requirement 7.5.1.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import { parseReturnPath } from './return-path.ts'
import { sessionOf } from './session-cookie.ts'
import type { Session } from './sessions.ts'

export const RECENT_MINUTES = 15

/** Whether a session's person proved who they are within the last 15 minutes. */
export function isRecentSignIn({ provedAt }: Pick<Session, 'provedAt'>, now: Date): boolean {
  return now.getTime() - provedAt.getTime() < RECENT_MINUTES * 60_000
}

/**
 * True when this request's person proved who they are within the last 15 minutes. Otherwise it has answered already, by
 * sending them to prove it and back: to this page, or after a form was sent to `returnTo`, the page that shows the form.
 * Ask both before a form is shown, so that nothing filled in is lost, and when it is sent.
 */
export async function requireRecentSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, returnTo }: { readonly clock: Clock; readonly returnTo?: string },
): Promise<boolean> {
  const session = sessionOf(request)
  if (session && isRecentSignIn(session, clock.now())) return true
  const here = request.method === 'GET' ? parseReturnPath(request.url) : undefined
  const query = new URLSearchParams({ return: returnTo ?? here ?? '/manage' })
  await reply.redirect(`/sign-in/again?${query}`, 303)
  return false
}
