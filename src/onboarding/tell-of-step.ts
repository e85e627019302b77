/** The email about a step: to whoever signed the pharmacy up and to its shared mailbox, each once. */
import { queueEmails } from '#src/emails/email-jobs.ts'
import type { OnboardingTold } from '#src/emails/onboarding-step.ts'
import type { Tx } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { OnboardingDeps } from './onboarding-deps.ts'

export type StepTold = Pick<OnboardingTold, 'version' | 'step' | 'odsCode' | 'service' | 'words' | 'next'> & {
  readonly id: number
  /** As in the audit. */
  readonly signedUpBy: string
}

/** Queues the emails in the transaction of the step. */
export async function tellOfStep(
  tx: Tx,
  { sharedMailboxOf }: Pick<OnboardingDeps, 'sharedMailboxOf'>,
  profile: Profile,
  { id, signedUpBy, ...facts }: StepTold,
): Promise<void> {
  const person = signedUpBy.startsWith('person:') ? [signedUpBy.slice('person:'.length)] : []
  const mailbox = sharedMailboxOf(profile)
  const recipients = new Set([...person, ...(mailbox === null ? [] : [mailbox])])
  await queueEmails(
    tx,
    [...recipients].map((recipient) => ({
      kind: 'onboarding-step',
      onboardingId: id,
      ...facts,
      recipient,
      pharmacyName: profile.name,
    })),
  )
}
