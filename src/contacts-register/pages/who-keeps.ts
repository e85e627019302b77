/** Who reads the register, who keeps which contact right, and what its pages are built from. */
import type { FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import type { Writing } from '../contact-records.ts'

export type ContactsDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly gazetteer: Pick<Gazetteer, 'find'>
  readonly profiles: Pick<ProfileIndex, 'all'>
}

export const CONTACTS = '/workspace/contacts'
export const CORRECTIONS = '/workspace/contact-corrections'

/** Who reads the register. Throws `Forbidden` for somebody without any right. */
export function readerOf(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'read-contacts'))
    throw new Forbidden('The contacts register is for those who work with the directory')
  return actor
}

/** Who keeps contacts right, of whatever area. Throws `Forbidden` for the others. */
export function keeperOf(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'edit-contacts')) throw new Forbidden('Contacts are kept right by the leads of their area')
  return actor
}

/** Whether this person keeps the contact of this area right. */
export function keeps(actor: Actor, areaCode: string): boolean {
  const { everywhere, icbCodes } = scopeOf(actor, 'edit-contacts')
  return everywhere || icbCodes.includes(areaCode)
}

/** Who writes, and when, for the records. */
export const writingOf = (actor: Actor, { clock }: Pick<ContactsDeps, 'clock'>): Writing => ({
  actor: auditNameOf(actor),
  now: clock.now(),
})

/** The area's code in an address. Throws `NotFound` when it can be none. */
export function areaCodeIn(request: FastifyRequest): string {
  const code = parseOdsCode((request.params as { readonly areaCode: string }).areaCode)
  if (!code) throw new NotFound('There is no contact for this area')
  return code
}

/** Throws `Forbidden` when this person does not keep the contact of this area right. */
export function refuseOtherAreas(actor: Actor, areaCode: string): void {
  if (!keeps(actor, areaCode)) throw new Forbidden('This contact is kept right by the leads of its area')
}
