/** A step on the way to a referral service: to whoever signed the pharmacy up, and its shared mailbox. Text: onboarding-step.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type OnboardingTold = {
  readonly kind: 'onboarding-step'
  readonly onboardingId: number
  /** Rises with each step. */
  readonly version: number
  readonly step: keyof typeof SUBJECTS
  readonly recipient: string
  readonly odsCode: string
  readonly pharmacyName: string
  /** `Pharmacy First`. */
  readonly service: string
  /** What whoever took the step said with it; null: nothing. */
  readonly words: string | null
  /** What happens next. */
  readonly next: string
}

const SUBJECTS = {
  'sign-up': 'You signed up',
  profile: 'Check your entry',
  agree: 'Your entry is agreed',
  dispute: 'We will correct your entry',
  'send-test': 'A test referral is on its way',
  'pass-test': 'The test referral arrived',
  'fail-test': 'The test referral failed',
  'go-live': 'You are live',
  pause: 'Paused',
  resume: 'Carried on',
  withdraw: 'Withdrawn',
} as const

const render = emailText<{
  step: string
  service: string
  pharmacy: string
  words: string
  next: string
  address: string
  contactAddress: string
}>('emails/onboarding-step.njk')

/** Writes the email: one for each step and recipient. All of one sign-up are one conversation. */
export function writeOnboardingStep(facts: OnboardingTold, baseUrl: string): Email {
  const { onboardingId, version, step, pharmacyName, odsCode, service } = facts
  return {
    event: `onboarding ${onboardingId} ${version}`,
    recipient: facts.recipient,
    subject: oneLine(`${SUBJECTS[step]}: ${service} at ${pharmacyName}`),
    inTurn: `onboarding ${onboardingId}`,
    ...(version > 1 ? { thread: [`onboarding ${onboardingId} 1`] } : {}),
    text: render({
      step,
      service,
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      words: quote(facts.words ?? ''),
      next: facts.next,
      address: `${baseUrl}/manage/${odsCode}/referral-services/${onboardingId}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

/** Marks every line, so that what somebody wrote cannot pass for what we say. */
const quote = (text: string): string =>
  text.trim() === ''
    ? ''
    : text
        .trim()
        .split(/\r\n|\r|\n|\u2028|\u2029/)
        .map((line) => `> ${line}`)
        .join('\n')
