/** `/reports`: what changed, and who verified, for those who answer for an area. View: reports.njk */
import type { FastifyInstance } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { template } from '#src/platform/views.ts'
import { dailyChangesPages } from './daily-changes.ts'
import { letterPages } from './letters.ts'
import { type ReportDeps, reachOf } from './report-reach.ts'
import { verificationPage } from './verification.ts'
import { verificationFiles } from './verification-files.ts'

const render = template<{
  readonly title: string
  readonly seesChanges: boolean
  readonly seesQuality: boolean
  readonly seesSearches: boolean
}>('reports/pages/reports.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function reportPages(app: FastifyInstance, deps: ReportDeps): void {
  app.get('/reports', async (request, reply) => {
    reachOf(request)
    const actor = requireActor(request)
    return render(reply, {
      title: 'Reports',
      seesChanges: can(actor, 'see-daily-changes'),
      seesQuality: can(actor, 'see-quality'),
      seesSearches: can(actor, 'look-up-searches'),
    })
  })
  dailyChangesPages(app, deps)
  verificationPage(app, deps)
  verificationFiles(app, deps)
  letterPages(app, deps)
}
