/** What professionals are told of a service beyond what anyone may know; every look is in the audit. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, endpointsInOrder, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type AudienceField, visibleTo } from '#src/rules/audience.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import { isOneLookTooMany, LOOK } from './reveal-limit.ts'

export type ProfessionalDetails = {
  readonly nonPublicPhone: string | null
  readonly email: string | null
  readonly referralInformation: string | null
  readonly referralRoles: readonly string[]
  readonly endpoints: readonly { readonly transport: string; readonly address: string }[]
}

export type RevealDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly reference: TriageReference
  readonly looksPerHour: number
}

/**
 * Writes down who looks, then says it; null, and nothing is written, when they have looked at too many within an hour.
 * What the audience `professional` may not see is left out.
 */
export async function revealDetails(
  { db, clock, reference, looksPerHour }: RevealDeps,
  service: UrgentCareService,
  actor: Actor,
): Promise<ProfessionalDetails | null> {
  const now = clock.now()
  const mayLook = await db.transact(async (tx) => {
    if (await isOneLookTooMany(tx, actor, { now, most: looksPerHour })) return false
    const target = `service:${service.shown.uid}`
    await appendToLedger(tx, now.toISOString(), [
      { actor: auditNameOf(actor), action: LOOK, target, detail: {}, changes: [] },
    ])
    return true
  })
  return mayLook ? detailsFor(service, reference) : null
}

function detailsFor(service: UrgentCareService, reference: TriageReference): ProfessionalDetails {
  const { nonPublicPhone, email, referralInformation, endpoints } = detailsOf(service)
  const shown = <Value>(field: AudienceField, value: Value, otherwise: Value): Value =>
    visibleTo('professional', field) ? value : otherwise
  return {
    nonPublicPhone: shown('service.nonPublicPhone', nonPublicPhone, null),
    email: shown('service.email', email, null),
    referralInformation: shown('service.referralInformation', referralInformation, null),
    referralRoles: shown(
      'service.other.eligibility',
      [...service.clinical.roles].map((id) => roleName(id, reference.roles.get(id))),
      [],
    ),
    endpoints: shown(
      'service.other.endpoints',
      endpointsInOrder(endpoints).map(({ transport, address }) => ({ transport, address })),
      [],
    ),
  }
}
