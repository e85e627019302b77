/** GET /sign-in/again: prove anew who you are, before what matters most. View: sign-in-again.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { EMAIL_ISSUER } from './people.ts'
import { isRecentSignIn } from './recent-sign-in.ts'
import { sessionOf } from './session-cookie.ts'
import { homeOf, onOurHost, returnPathIn, type SignInDeps, type SignInQuery, stepAddress } from './sign-in-deps.ts'

const render = template<{
  name: string
  email: string
  byCode: boolean
  returnTo: string | undefined
  nhsmailHref: string
}>('accounts/sign-in-again.njk')

/** Mounts the page. `pages` must read sessions. Whoever is not signed in signs in, which is as good. */
export function signInAgainPages(pages: FastifyInstance, deps: SignInDeps): void {
  pages.get<SignInQuery>('/sign-in/again', (request, reply) => {
    const movedTo = onOurHost(request, deps.baseUrl)
    if (movedTo) return reply.redirect(movedTo)
    const returnTo = returnPathIn(request.query)
    const session = sessionOf(request)
    if (!session) return reply.redirect(stepAddress('/sign-in', returnTo), 303)
    if (isRecentSignIn(session, deps.clock.now()))
      return reply.redirect(deps.baseUrl + (returnTo ?? homeOf(session.actor)), 303)
    const query = new URLSearchParams({ again: 'yes', ...(returnTo && { return: returnTo }) })
    return render(reply, {
      name: session.actor.name,
      email: session.actor.email,
      byCode: session.issuer === EMAIL_ISSUER,
      returnTo,
      nhsmailHref: `/sign-in/nhsmail?${query}`,
    })
  })
}
