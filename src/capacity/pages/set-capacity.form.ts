/** The form that sets capacity: what was sent -> what is meant, or field messages. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn, rawIn, tickIn } from '#src/platform/http/form-fields.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import { parseCapacityReason } from '#src/rules/capacity-reasons.ts'
import {
  DEFAULT_RESET_MINUTES,
  isOfferedReset,
  LONGEST_NOTE,
  LONGEST_RESET_MINUTES,
  noteProblemOf,
  parseCapacityStatus,
  RESET_STEP_MINUTES,
} from '#src/rules/capacity-setting.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** Minutes until Green that the list offers. */
export const RESET_CHOICES = [15, 30, 45, 60, 120, DEFAULT_RESET_MINUTES, 480, 720, 1440, 2880, 4320, 7200] as const
/** The choice of the list that is typed instead. */
export const OTHER_RESET = 'other'

export type SetCapacityForm = {
  readonly status: CapacityStatus
  /** Null for Green, which never ends. */
  readonly resetInMinutes: number | null
  /** The reason, and the words of whoever set it. Null for Green without words. */
  readonly note: string | null
  /** Other services to which the same is done. */
  readonly also: readonly number[]
  /** Whether they say that the pharmacy is closed: then it is to be closed, which makes it Red. */
  readonly isClosed: boolean
}

/** What the page asked: services that could be ticked, and whether Red asks if the pharmacy is closed. */
export type AskedOnPage = { readonly others: readonly number[]; readonly asksClosed: boolean }

/** The name of the box for another service. */
export const alsoField = (uid: number): string => `also-${uid}`

/** Reads the form. Every problem of it together. */
export function parseSetCapacity(fields: Fields, { others, asksClosed }: AskedOnPage): Result<SetCapacityForm> {
  const status = parseCapacityStatus(lineIn(fields, 'status'))
  if (!status) return refused(STATUS_MISSING, ...noteProblems(fields))
  const closed = asksClosed && status === 'RED' ? lineIn(fields, 'closed') : 'no'
  const also = others.filter((uid) => rawIn(fields, alsoField(uid)) === 'yes')
  // Whoever closes the pharmacy is asked for reason and times there.
  if (closed === 'yes') return accepted({ status, resetInMinutes: null, note: null, also, isClosed: true })
  const { resetInMinutes, reason, problems } = status === 'GREEN' ? OF_GREEN : readColour(fields)
  const wrong = [...(closed === 'no' ? [] : [CLOSED_MISSING]), ...problems, ...noteProblems(fields)]
  if (wrong.length > 0) return refused(...wrong)
  const words = tickIn(fields, 'add-note') ? proseIn(fields, 'note') : ''
  const note = [reason, words].filter(Boolean).join(': ') || null
  return accepted({ status, resetInMinutes, note, also, isClosed: false })
}

/** What Amber and Red are asked for: until when, and why. */
type Colour = {
  readonly resetInMinutes: number | null
  readonly reason: string | undefined
  readonly problems: readonly Problem[]
}
const OF_GREEN: Colour = { resetInMinutes: null, reason: undefined, problems: [] }

function readColour(fields: Fields): Colour {
  const reset = readReset(fields)
  const reason = parseCapacityReason(rawIn(fields, 'reason'))
  return {
    resetInMinutes: reset.ok ? reset.value : null,
    reason,
    problems: [...(reset.ok ? [] : reset.problems), ...(reason ? [] : [REASON_MISSING])],
  }
}

const STATUS_MISSING: Problem = { field: 'status', code: 'missing', message: 'Select Green, Amber or Red' }
const CLOSED_MISSING: Problem = {
  field: 'closed',
  code: 'missing',
  message: 'Select yes if the pharmacy is closed',
}
const REASON_MISSING: Problem = { field: 'reason', code: 'missing', message: 'Select a reason' }

function readReset(fields: Fields): Result<number> {
  const chosen = lineIn(fields, 'reset')
  if (chosen === OTHER_RESET) return readTypedReset(fields)
  const minutes = RESET_CHOICES.find((choice) => String(choice) === chosen)
  return minutes === undefined
    ? refused({ field: 'reset', code: 'missing', message: 'Select when it goes back to Green' })
    : accepted(minutes)
}

/** Hours and minutes as they were typed; an empty box is none. */
function readTypedReset(fields: Fields): Result<number> {
  const hours = lineIn(fields, 'reset-hours')
  const minutes = lineIn(fields, 'reset-minutes')
  if (hours === '' && minutes === '') return refused(resetProblem('reset-hours', 'Enter hours, minutes or both'))
  const problems = [
    ...(isCount(hours) ? [] : [resetProblem('reset-hours', 'Hours must be a whole number, such as 2')]),
    ...(isCount(minutes) ? [] : [resetProblem('reset-minutes', 'Minutes must be 0, 15, 30 or 45')]),
  ]
  if (problems.length > 0) return refused(...problems)
  const total = Number(hours) * 60 + Number(minutes)
  if (total < RESET_STEP_MINUTES) return refused(resetProblem('reset-hours', 'It must be 15 minutes or more'))
  if (total > LONGEST_RESET_MINUTES)
    return refused(resetProblem('reset-hours', 'It must be 120 hours (5 days) or less'))
  if (!isOfferedReset(total)) return refused(resetProblem('reset-minutes', 'Minutes must be 0, 15, 30 or 45'))
  return accepted(total)
}

const isCount = (text: string): boolean => /^\d{0,5}$/.test(text)
const resetProblem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })

/** A note is wanted only by whoever opened it. */
function noteProblems(fields: Fields): readonly Problem[] {
  if (!tickIn(fields, 'add-note')) return []
  const note = proseIn(fields, 'note')
  const wrong = isUnreadable(note) ? 'unreadable' : noteProblemOf(note)
  return wrong ? [{ field: 'note', code: wrong, message: NOTE_MESSAGES[wrong] }] : []
}

const NOTE_MESSAGES = {
  blank: 'Enter a note, or untick “Add a note”',
  'too-long': `The note must be ${LONGEST_NOTE} characters or fewer`,
  unreadable: 'The note must not contain characters that cannot be shown',
} as const
