/** What the pages of the Service Finder are built from, and who may see them. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { PracticeNames } from '#src/directory/names/practice-names.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { Places } from '#src/reference-data/places.ts'
import type { RoadProvider } from '#src/urgent-care/road-distances.ts'

export type FinderDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly triage: Pick<TriageIndex, 'ofTypes' | 'service' | 'byOdsCode'>
  readonly reference: () => TriageReference
  readonly places: Places
  readonly roads: RoadProvider
  readonly practices: Pick<PracticeNames, 'find' | 'size'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  /** How many professional details one person may look at in an hour; 0 is no limit. */
  readonly looksPerHour: number
}

/** Whoever uses the finder. Throws `Forbidden` when it is not theirs to use. */
export function finderActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'use-finder')) {
    throw new Forbidden('The Service Finder is for professionals whom somebody has given access')
  }
  return actor
}
