/** Every page about access: those for whoever is signed in, and the one that a link in a shared mailbox leads to. */
import type { FastifyInstance } from 'fastify'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { AccessDeps } from './access-deps.ts'
import { askAccessPages } from './pages/ask-access.ts'
import { confirmAccessPages } from './pages/confirm-access.ts'
import { invitationPages } from './pages/invitation.ts'
import { invitePages } from './pages/invite.ts'
import { memberPages } from './pages/member.ts'
import { peoplePage } from './pages/people.ts'
import { yourRequestsPages } from './pages/your-requests.ts'
import { requestPage } from './request-page.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function accessPages(app: FastifyInstance, deps: AccessDeps): void {
  askAccessPages(app, deps)
  yourRequestsPages(app, deps)
  invitationPages(app, deps)
  peoplePage(app, deps)
  invitePages(app, deps)
  memberPages(app, deps)
  requestPage(app, deps, {
    path: '/manage/:odsCode/people/requests/:requestId',
    back: ({ odsCode }) => ({ href: `/manage/${odsCode}/people`, text: 'People and access' }),
    afterwards: ({ odsCode }) => `/manage/${odsCode}/people`,
    isFor: (_actor, { odsCode }, request) =>
      odsCode === pharmacyCodeOf((request.params as { odsCode: string }).odsCode),
  })
}

/** Mounts the page that needs no sign-in. */
export function openAccessPages(app: FastifyInstance, deps: AccessDeps): void {
  confirmAccessPages(app, deps)
}
