/**
 * How a pharmacy comes to a referral service: which states there are, who takes which step from where, and how long each
 * may last. Pure. The one table; pages, emails and the save ask it.
 *
 * Source: product design F46 (signed up, profiled, contractor checked, test referral passed, live). The times are ours.
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import { instantOf, toLondon } from './london-time.ts'
import { OFFERED_SERVICES, type OfferedServiceKind } from './offered-services.ts'
import { workingDayAfter, workingDayBefore } from './working-days.ts'

/** The services that others refer people to, each with a type of DoS service of its own. */
export const REFERRAL_SERVICES: readonly (OfferedServiceKind & { readonly dosType: number })[] =
  OFFERED_SERVICES.flatMap((kind) => (kind.dosType === null ? [] : [{ ...kind, dosType: kind.dosType }]))

/** What is known of a referral service; undefined for a code that is none. */
export const referralService = (code: string) => REFERRAL_SERVICES.find((kind) => kind.code === code)

export const SIDES = ['pharmacy', 'team'] as const
/** The pharmacy, or the team that looks after the directory of its area. */
export type Side = (typeof SIDES)[number]

export const ONBOARDING_STATES = [
  ...(['signed-up', 'profiled', 'disputed', 'checked', 'test-sent', 'test-failed', 'test-passed'] as const),
  ...(['live', 'withdrawn'] as const),
] as const
export type OnboardingState = (typeof ONBOARDING_STATES)[number]

type StateFacts = {
  readonly name: string
  /** Who must do something; null: nobody, it is over. */
  readonly waitsFor: Side | null
  /** Working days after which it is late; null: never. */
  readonly lateAfter: number | null
  /** What happens next, as the pharmacy reads it, and as the team does. */
  readonly next: string
  readonly nextForTeam: string
}

/** The states. */
export const STATES: Readonly<Record<OnboardingState, StateFacts>> = {
  'signed-up': {
    name: 'Signed up',
    waitsFor: 'team',
    lateAfter: 5,
    next: 'The team that looks after the directory in your area prepares your entry.',
    nextForTeam: 'Prepare the entry: take a service that is not live yet, or make a new one.',
  },
  profiled: {
    name: 'Entry prepared',
    waitsFor: 'pharmacy',
    lateAfter: 10,
    next: 'Check your entry. Say that it is right, or what is wrong with it.',
    nextForTeam: 'The pharmacy checks its entry.',
  },
  disputed: {
    name: 'Entry is wrong',
    waitsFor: 'team',
    lateAfter: 5,
    next: 'The team corrects your entry, and you check it again.',
    nextForTeam: 'Correct the record, then prepare the entry again, so that the pharmacy checks it once more.',
  },
  checked: {
    name: 'Entry agreed',
    waitsFor: 'team',
    lateAfter: 5,
    next: 'The team sends you a test referral.',
    nextForTeam: 'Send a test referral, and say here how it can be recognised.',
  },
  'test-sent': {
    name: 'Test referral sent',
    waitsFor: 'pharmacy',
    lateAfter: 2,
    next: 'Look for the test referral where referrals reach you. Say whether it arrived.',
    nextForTeam: 'The pharmacy looks for it. You can say yourself whether it arrived.',
  },
  'test-failed': {
    name: 'Test referral failed',
    waitsFor: 'team',
    lateAfter: 5,
    next: 'The team finds out why, and sends another one.',
    nextForTeam: 'Find out why, then send another one.',
  },
  'test-passed': {
    name: 'Test referral passed',
    waitsFor: 'team',
    lateAfter: 2,
    next: 'The team makes the service live.',
    nextForTeam: 'Make it live.',
  },
  live: {
    name: 'Live',
    waitsFor: null,
    lateAfter: null,
    next: 'NHS 111 and others can refer people to you.',
    nextForTeam: 'Searches return it, and referrals arrive.',
  },
  withdrawn: {
    name: 'Withdrawn',
    waitsFor: null,
    lateAfter: null,
    next: 'Nothing. You can sign up again.',
    nextForTeam: 'Nothing. Its service, if there is one, stays as it is.',
  },
}

export const ONBOARDING_STEPS = [
  ...(['profile', 'agree', 'dispute', 'send-test', 'pass-test', 'fail-test', 'go-live'] as const),
  ...(['pause', 'resume', 'withdraw'] as const),
] as const
export type OnboardingStep = (typeof ONBOARDING_STEPS)[number]

type StepFacts = {
  readonly by: readonly Side[]
  readonly from: readonly OnboardingState[]
  /** Null: it stays in its state. */
  readonly to: OnboardingState | null
  /** What the person must say with it; null: nothing. */
  readonly words: string | null
}

/** Still under way. */
const OPEN: readonly OnboardingState[] = ONBOARDING_STATES.filter((state) => STATES[state].waitsFor !== null)
const BOTH = SIDES

/** The steps. */
export const STEPS: Readonly<Record<OnboardingStep, StepFacts>> = {
  profile: {
    by: ['team'],
    from: ['signed-up', 'profiled', 'disputed', 'checked', 'test-failed', 'test-passed'],
    to: 'profiled',
    words: null,
  },
  agree: { by: ['pharmacy'], from: ['profiled'], to: 'checked', words: null },
  dispute: { by: ['pharmacy'], from: ['profiled'], to: 'disputed', words: 'what is wrong' },
  'send-test': { by: ['team'], from: ['checked', 'test-failed'], to: 'test-sent', words: 'how to recognise it' },
  'pass-test': { by: BOTH, from: ['test-sent'], to: 'test-passed', words: null },
  'fail-test': { by: BOTH, from: ['test-sent'], to: 'test-failed', words: 'what went wrong' },
  'go-live': { by: ['team'], from: ['test-passed'], to: 'live', words: null },
  pause: { by: BOTH, from: OPEN, to: null, words: 'why it waits' },
  resume: { by: BOTH, from: OPEN, to: null, words: null },
  withdraw: { by: BOTH, from: OPEN, to: 'withdrawn', words: 'why it is withdrawn' },
}

/** Where something stands. */
export type OnboardingStanding = { readonly state: OnboardingState; readonly isPaused: boolean }

/** Whether a side may take a step now. What is paused can be resumed or withdrawn, and nothing else. Never throws. */
export function mayTake(step: OnboardingStep, { state, isPaused }: OnboardingStanding, side: Side): boolean {
  const { by, from } = STEPS[step]
  if (!by.includes(side) || !from.includes(state)) return false
  return isPaused ? step === 'resume' || step === 'withdraw' : step !== 'resume'
}

/** The steps that a side may take now, in the order of the table. */
export const stepsOpenTo = (standing: OnboardingStanding, side: Side): readonly OnboardingStep[] =>
  ONBOARDING_STEPS.filter((step) => mayTake(step, standing, side))

/** Where a step leads. */
export function standingAfter(step: OnboardingStep, { state }: OnboardingStanding): OnboardingStanding {
  return { state: STEPS[step].to ?? state, isPaused: step === 'pause' }
}

type Holidays = Pick<HolidayCalendar, 'isBankHoliday'>

/** When a state that began at `since` becomes late; null when it never does. */
export function lateFrom(state: OnboardingState, since: Date, holidays: Holidays): Date | null {
  const { lateAfter } = STATES[state]
  if (lateAfter === null) return null
  let due = toLondon(since)
  for (let day = 0; day < lateAfter; day++) due = workingDayAfter(due, holidays)
  return instantOf(due)
}

/** The last moment at which a state must have begun to be late now: for queries. Null: it is never late. */
export function lateSince(state: OnboardingState, now: Date, holidays: Holidays): Date | null {
  const { lateAfter } = STATES[state]
  if (lateAfter === null) return null
  let since = toLondon(now)
  for (let day = 0; day < lateAfter; day++) since = workingDayBefore(since, holidays)
  return instantOf(since)
}
