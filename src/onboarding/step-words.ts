/** The steps of onboarding as pages name them. Pure. */
import type { OnboardingStep, Side } from '#src/rules/onboarding-steps.ts'
import type { OnboardingEvent } from './onboarding-records.ts'

const TEAM: Readonly<Record<OnboardingStep, string>> = {
  profile: 'Prepare the entry, or take another one',
  agree: 'The entry is right',
  dispute: 'Something is wrong with the entry',
  'send-test': 'A test referral is sent',
  'pass-test': 'The test referral arrived',
  'fail-test': 'The test referral did not work',
  'go-live': 'Make it live now',
  pause: 'Pause it',
  resume: 'Carry on',
  withdraw: 'Withdraw it: nothing goes live',
}

/** What somebody can choose to do. */
export const choiceWords = (step: OnboardingStep, side: Side): string =>
  side === 'pharmacy' && step === 'agree' ? 'Yes, this entry is right' : TEAM[step]

const HAPPENED: Readonly<Record<OnboardingEvent['step'], string>> = {
  'sign-up': 'Signed up',
  profile: 'Entry prepared',
  agree: 'Entry agreed',
  dispute: 'Entry said to be wrong',
  'send-test': 'Test referral sent',
  'pass-test': 'Test referral arrived',
  'fail-test': 'Test referral failed',
  'go-live': 'Made live',
  pause: 'Paused',
  resume: 'Carried on',
  withdraw: 'Withdrawn',
}

/** What happened, for the account of one. */
export const happenedWords = ({ step, side }: Pick<OnboardingEvent, 'step' | 'side'>): string =>
  `${HAPPENED[step]} by ${side === 'team' ? 'the directory team' : 'the pharmacy'}`
