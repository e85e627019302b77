/** Capacity: every page under `/capacity`. */
import type { FastifyInstance } from 'fastify'
import { boardPage } from './board.ts'
import type { CapacityDeps } from './capacity-actor.ts'
import { setServicePage } from './set-service.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function capacityPages(app: FastifyInstance, deps: CapacityDeps): void {
  boardPage(app, deps)
  setServicePage(app, deps)
}
