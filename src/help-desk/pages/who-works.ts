/** Who works on the desk, and who writes. */
import type { FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { Forbidden } from '#src/platform/errors.ts'
import type { HelpDeskDeps, Writing } from '../desk-deps.ts'

export const TICKETS = '/workspace/tickets'

/** Who works tickets. Throws `Forbidden` for the others. */
export function deskOf(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'work-tickets')) throw new Forbidden('Tickets are for the service desk')
  return actor
}

/** Who writes, and when. */
export const writingOf = (actor: Actor, { clock }: Pick<HelpDeskDeps, 'clock'>): Writing => ({
  actor: auditNameOf(actor),
  now: clock.now(),
})
