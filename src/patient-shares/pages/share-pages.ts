/** Mounts everything with which the details of a service are handed to a patient. */
import type { FastifyInstance } from 'fastify'
import { ownSentPage } from './own-sent.ts'
import { sendPages } from './send.ts'
import type { ShareDeps } from './share-deps.ts'
import { sheetPage } from './sheet.ts'

/** In a scope that only signed-in people reach. What anybody may print: `publicSheetPage`. */
export function sharePages(app: FastifyInstance, deps: ShareDeps): void {
  sendPages(app, deps)
  sheetPage(app, deps)
  ownSentPage(app, deps)
}
