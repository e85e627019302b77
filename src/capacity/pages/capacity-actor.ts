/** Who asks for a page of capacity, and what these pages are built from. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'

export type CapacityDeps = {
  readonly db: Db
  readonly clock: Clock
  /** Knows when this process shows a committed change. */
  readonly follower: { reached(seq: number): Promise<void> }
}

/** Whoever asks for a page of capacity. Throws `Forbidden` when it is not theirs to see. */
export function capacityActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'see-capacity')) throw new Forbidden('Capacity is for those who look after services')
  return actor
}
