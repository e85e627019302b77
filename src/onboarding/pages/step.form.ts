/** The form that takes a step: body to command, or field problems. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { ONBOARDING_STEPS, type OnboardingStep, type Side, STATES, STEPS } from '#src/rules/onboarding-steps.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { Onboarding } from '../onboarding-records.ts'
import type { StepAsked } from '../take-step.ts'

export const LONGEST_WORDS = 500

type Command = Pick<StepAsked, 'step' | 'expectedVersion' | 'words' | 'entry' | 'seen'>

/** Reads the form of a side. Every field is judged, so that one sending shows every problem. */
export function parseStep(fields: Fields, side: Side): Result<Command> {
  const chosen = lineIn(fields, 'step')
  const step = ONBOARDING_STEPS.find((each) => each === chosen && STEPS[each].by.includes(side))
  const words = proseIn(fields, 'words')
  const entry = parseEntry(lineIn(fields, 'entry'))
  const problems = [
    ...(step ? [] : [problem('step', 'missing', 'Select what you want to do')]),
    ...wordsProblems(words, step),
    ...(step === 'profile' && entry === undefined ? [problem('entry', 'missing', 'Select which entry')] : []),
  ]
  if (!step || problems.length > 0) return refused(...problems)
  const version = rawIn(fields, 'version')
  return accepted({
    step,
    expectedVersion: /^\d{1,9}$/.test(version) ? Number(version) : 0,
    words: words || null,
    ...(step === 'profile' ? { entry } : {}),
    ...(step === 'agree' ? { seen: rawIn(fields, 'seen') || undefined } : {}),
  })
}

function wordsProblems(words: string, step: OnboardingStep | undefined): readonly Problem[] {
  if (isUnreadable(words)) return [problem('words', 'unreadable', 'Enter this again: part of it could not be read')]
  if ([...words].length > LONGEST_WORDS) {
    return [problem('words', 'too-long', `What you say must be ${LONGEST_WORDS} characters or fewer`)]
  }
  const needed = step && STEPS[step].words
  return needed && words === '' ? [problem('words', 'missing', `Say ${needed}`)] : []
}

function parseEntry(text: string): number | 'new' | undefined {
  if (text === 'new') return 'new'
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined
}

/** The number in an address; undefined for anything that is none. */
export const idIn = (params: unknown): number | undefined => {
  const { id } = params as { readonly id: string }
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : undefined
}

/** The tag of where one stands. */
export function standingTag({ state, pausedAt }: Pick<Onboarding, 'state' | 'pausedAt'>): {
  text: string
  colour: string
} {
  if (pausedAt !== null) return { text: 'Paused', colour: 'grey' }
  const { name, waitsFor } = STATES[state]
  if (state === 'live') return { text: name, colour: 'green' }
  return { text: name, colour: waitsFor === null ? 'grey' : waitsFor === 'pharmacy' ? 'yellow' : 'blue' }
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
