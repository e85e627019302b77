/** A pharmacy signs up to a referral service: kept, audited and answered by email in one transaction. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { lockProfiles, lockServices } from '#src/profiles/load-profiles.ts'
import { referralService, STATES } from '#src/rules/onboarding-steps.ts'
import type { OnboardingDeps } from './onboarding-deps.ts'
import { insertOnboarding, insertOnboardingEvent } from './onboarding-records.ts'
import { cannotHave, liveEntry } from './prepared-entry.ts'
import { tellOfStep } from './tell-of-step.ts'

export type SignUpOutcome =
  | { readonly outcome: 'signed-up'; readonly id: number }
  /** One is under way, or the service is live. */
  | { readonly outcome: 'there-already' }
  | { readonly outcome: 'refused'; readonly message: string }

/** Signs a pharmacy up. Throws `NotFound` when there is no such pharmacy. */
export async function signUp(
  deps: OnboardingDeps,
  actor: Actor,
  { odsCode, serviceCode }: { readonly odsCode: string; readonly serviceCode: string },
): Promise<SignUpOutcome> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx): Promise<SignUpOutcome> => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    if (!stored) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
    const { profile } = stored
    const kind = referralService(serviceCode)
    const message = cannotHave(profile, serviceCode)
    if (message || !kind) return { outcome: 'refused', message: message ?? 'There is no such referral service' }
    const services = (await lockServices(tx, [odsCode])).get(odsCode) ?? []
    const records = services.map(({ record }) => record)
    if (liveEntry(records, kind)) return { outcome: 'there-already' }
    const id = await insertOnboarding(tx, { odsCode, serviceCode, at, by })
    if (id === undefined) return { outcome: 'there-already' }
    const step = { version: 1, step: 'sign-up', words: null } as const
    await insertOnboardingEvent(tx, id, { ...step, happenedAt: at, actor: by, side: 'pharmacy', uid: null })
    await tellOfStep(tx, deps, profile, {
      ...{ ...step, id, odsCode, service: kind.label, signedUpBy: by, next: STATES['signed-up'].next },
    })
    await appendToLedger(tx, at, [
      {
        actor: by,
        action: 'onboarding-sign-up',
        target: `pharmacy:${odsCode}`,
        detail: { onboarding: id, service: serviceCode },
        changes: [],
      },
    ])
    return { outcome: 'signed-up', id }
  })
}
