/** The pages of reports for those who are signed in: the pharmacy's own, and the lead's. */
import type { FastifyInstance } from 'fastify'
import type { ReportDeps } from '../report-deps.ts'
import { leadReportsPage } from './lead-reports.ts'
import { pharmacyReportsPage } from './pharmacy-reports.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function wrongReportPages(app: FastifyInstance, deps: ReportDeps): void {
  pharmacyReportsPage(app, deps)
  leadReportsPage(app, deps)
}
