/** Onboarding from both sides: every page of it. */
import type { FastifyInstance } from 'fastify'
import { onboardingQueuePages } from './onboarding-queue.ts'
import { type ReferralPagesDeps, referralServicesPages } from './referral-services.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function onboardingPages(app: FastifyInstance, deps: ReferralPagesDeps): void {
  referralServicesPages(app, deps)
  onboardingQueuePages(app, deps)
}
