/** `/workspace/services/:uid/clinical`: whom urgent care sends to a service, a page for each topic. */
import type { FastifyInstance } from 'fastify'
import { clinicalAges } from './ages.ts'
import { clinicalChoices } from './choice-pages.ts'
import { clinicalLists } from './list-pages.ts'
import { clinicalOverview } from './overview.ts'
import { type TryPagesDeps, tryPages } from './try-pages.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function clinicalPages(app: FastifyInstance, deps: TryPagesDeps): void {
  clinicalOverview(app, deps)
  clinicalLists(app, deps)
  clinicalChoices(app, deps)
  clinicalAges(app, deps)
  tryPages(app, deps)
}
