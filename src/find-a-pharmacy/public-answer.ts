/** How public pages are cached: not at all without asking us again, which costs nothing while they are unchanged. */
import type { FastifyReply } from 'fastify'
import { isHeld, weakTagOf } from '#src/platform/http/held-copy.ts'
import { templatesVersion } from '#src/platform/views.ts'

/** A shared cache may answer for one second: that is how soon a change must be seen everywhere. */
export const PUBLIC_CACHING = 'public, max-age=0, s-maxage=1, must-revalidate'

/**
 * Sends the page with a validator made from its view, or 304 when the browser holds it already. The validator covers who
 * is signed in and the style sheets, because both are on the page.
 */
export function answerPublic<View extends object>(
  reply: FastifyReply,
  render: (reply: FastifyReply, view: View) => FastifyReply,
  view: View,
): FastifyReply {
  const { request, server } = reply
  const around = [request.signedInAs?.name, server.shell.notice, server.shell.assets, templatesVersion(), request.url]
  const shown = JSON.stringify([view, around])
  const etag = weakTagOf(shown)
  const caching = request.signedInAs ? 'no-store' : PUBLIC_CACHING
  reply.header('etag', etag).header('cache-control', caching).header('vary', 'cookie')
  return isHeld(reply, etag) ? reply.code(304).send() : render(reply, view)
}
