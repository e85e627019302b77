/** What the pages of sharing are built from, who may use them, and the service that they are about. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { ShareLimits } from '../send-share.ts'
import type { ShareMeans } from '../share.form.ts'
import { pageUrlOf, partsOf, type SharedFrom, type SharePart } from '../share-details.ts'

export type ShareDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly baseUrl: string
  readonly triage: Pick<TriageIndex, 'service'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  /** Keys the hashes by which sendings to one address are counted. */
  readonly pepper: string
  readonly limits: ShareLimits
  /** Whether text messages can be sent. */
  readonly hasPhone: boolean
  /** Where emails and texts are read that do not leave this machine; null: they leave it. */
  readonly mailboxHref: string | null
  readonly phoneHref: string | null
}

export type OfService = { Params: { uid: string } }

/** A service that can be shared, and what can be shared of it by which means. */
export type Shareable = {
  readonly uid: number
  readonly from: SharedFrom
  readonly isActive: boolean
  readonly parts: readonly SharePart[]
  readonly means: readonly ShareMeans[]
}

/** Whoever shares. Throws `Forbidden` when it is not theirs to do. */
export function sharingActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'use-finder')) {
    throw new Forbidden('Only professionals whom somebody has given access can send details to patients')
  }
  return actor
}

/** Throws `NotFound` when there is no such service. */
export function shareableOf({ params }: FastifyRequest<OfService>, deps: ShareDeps): Shareable {
  const service = /^\d{1,10}$/.test(params.uid) ? deps.triage.service(Number(params.uid)) : undefined
  if (!service) throw new NotFound('There is no such service')
  const { shown } = service
  const profile = shown.odsCode === null ? undefined : deps.profiles.find(pharmacyCodeOf(shown.odsCode))
  const from = { service: shown, profile, now: toLondon(deps.clock.now()), baseUrl: deps.baseUrl }
  const means: readonly ShareMeans[] = [
    'email',
    ...(deps.hasPhone ? (['text'] as const) : []),
    'print',
    'copy',
    ...(pageUrlOf(from) === null ? [] : (['qr'] as const)),
  ]
  return { uid: shown.uid, from, isActive: service.isActive, parts: partsOf(from), means }
}
