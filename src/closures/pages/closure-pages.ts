/** Closing a pharmacy and everything afterwards, for those who are signed in. */
import type { FastifyInstance } from 'fastify'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { closeNowPage } from './close-now.ts'
import { closurePage } from './closure.ts'
import { planClosurePage } from './plan-closure.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function closurePages(app: FastifyInstance, deps: ManageDeps): void {
  closeNowPage(app, deps)
  planClosurePage(app, deps)
  closurePage(app, deps)
}
