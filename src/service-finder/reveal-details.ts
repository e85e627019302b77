/** What professionals are told of a service beyond what anyone may know; every look is in the audit. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, endpointsInOrder, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { visibleTo } from '#src/rules/audience.ts'
import { roleName } from '#src/rules/referral-roles.ts'

export type ProfessionalDetails = {
  readonly nonPublicPhone: string | null
  readonly email: string | null
  readonly referralInformation: string | null
  readonly referralRoles: readonly string[]
  readonly endpoints: readonly { readonly transport: string; readonly address: string }[]
}

/** Writes down who looks, then says it. What the audience `professional` may not see is left out. */
export async function revealDetails(
  { db, clock, reference }: { readonly db: Db; readonly clock: Clock; readonly reference: TriageReference },
  service: UrgentCareService,
  actor: Actor,
): Promise<ProfessionalDetails> {
  await db.transact(async (tx) => {
    await appendToLedger(tx, clock.now().toISOString(), [
      {
        actor: auditNameOf(actor),
        action: 'look at professional details',
        target: `service:${service.shown.uid}`,
        detail: {},
        changes: [],
      },
    ])
  })
  const { nonPublicPhone, email, referralInformation, endpoints } = detailsOf(service)
  const shown = <Value>(field: Parameters<typeof visibleTo>[1], value: Value, otherwise: Value): Value =>
    visibleTo('professional', field) ? value : otherwise
  return {
    nonPublicPhone: shown('service.nonPublicPhone', nonPublicPhone, null),
    email: shown('service.email', email, null),
    referralInformation: shown('service.referralInformation', referralInformation, null),
    referralRoles: [...service.clinical.roles].map((id) => roleName(id, reference.roles.get(id))),
    endpoints: shown(
      'service.other',
      endpointsInOrder(endpoints).map(({ transport, address }) => ({ transport, address })),
      [],
    ),
  }
}
