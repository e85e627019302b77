/** Who may open a page of a closure, and what every such page needs to know. */
import type { FastifyRequest } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { loadClosure, type StoredClosure } from './closure-records.ts'

export type ClosureVisit = Visit & { readonly closure: StoredClosure }

/**
 * The closure in the address, for somebody who may do this to its pharmacy. Throws as `visit` does, and `NotFound` for a
 * closure that is not the pharmacy's.
 */
export async function visitClosure(
  deps: Pick<ManageDeps, 'db' | 'clock' | 'holidays'>,
  request: FastifyRequest,
  permission: 'view-profile' | 'edit-changes',
): Promise<ClosureVisit> {
  const seen = await visit(deps, request, permission)
  const { closureId } = request.params as { closureId: string }
  const closure = await loadClosure(deps.db.pool, closureId)
  if (closure?.odsCode !== seen.odsCode) throw new NotFound('There is no such closure')
  return { ...seen, closure }
}
