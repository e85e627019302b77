/** Every page about one field of a pharmacy's profile: those of leads, and those of the pharmacy itself. */
import type { FastifyInstance } from 'fastify'
import { conflictsPages } from './conflicts.ts'
import { holdsPages } from './holds.ts'
import type { FieldPagesDeps } from './lead-pages.ts'
import { pharmacyQueriesPages } from './pharmacy-queries.ts'
import { queriesPages } from './queries.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function fieldPages(app: FastifyInstance, deps: FieldPagesDeps): void {
  queriesPages(app, deps)
  holdsPages(app, deps)
  conflictsPages(app, deps)
  pharmacyQueriesPages(app, deps)
}
