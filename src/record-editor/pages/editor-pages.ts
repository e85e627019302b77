/** `/workspace/services` and `/workspace/approvals`: records of services, how they change, and who agrees. */
import type { FastifyInstance } from 'fastify'
import { approvalPages } from './approvals.ts'
import { changeSectionPages } from './change-section.ts'
import { checkEditPages } from './check-edit-page.ts'
import { recordPage } from './record.ts'
import { servicesPage } from './services.ts'
import type { EditorDeps } from './subject.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function recordEditorPages(app: FastifyInstance, deps: EditorDeps): void {
  servicesPage(app, deps)
  recordPage(app, deps)
  changeSectionPages(app, deps)
  checkEditPages(app, deps)
  approvalPages(app, deps)
}
