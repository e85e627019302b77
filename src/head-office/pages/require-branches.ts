/** Who may change many branches at once. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { Forbidden } from '#src/platform/errors.ts'

/** The person of the request, who may change branches. Throws `Forbidden` for others. Which branches is asked of each. */
export function branchManager(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'change-branches')) throw new Forbidden('You do not have access to change branches')
  return actor
}
