/**
 * What may be said of a service's capacity: a status, for how long, and a note. Pure.
 *
 * Source: Capacity Status API (default 240 minutes, 0 to 7200, notes up to 900 characters) and the capacity pages of the
 * Directory of Services (quarter hours from 15 minutes to 120 hours).
 */
import { CAPACITY_STATUSES, type CapacityStatus } from './capacity.ts'
import { clockChangeDay, dateOf, formatLondon, type LondonTime, toLondon } from './london-time.ts'
import { accepted, type Problem, type Result, refused } from './problems.ts'

export const DEFAULT_RESET_MINUTES = 240
export const LONGEST_RESET_MINUTES = 7200
/** Pages offer multiples of it only, one at least. */
export const RESET_STEP_MINUTES = 15
/** Characters (code points) that somebody may write. */
export const LONGEST_NOTE = 900
/** A prompt goes out this long before a Red or Amber ends that was set for longer than `PROMPTED_FROM_MINUTES`. */
export const PROMPT_BEFORE_MINUTES = 30
export const PROMPTED_FROM_MINUTES = 60

/** How far ahead a Red or Amber may be asked for: four weeks. */
export const LONGEST_AHEAD_MINUTES = 40_320

/** As asked; what is absent or null gets its default. */
export type AskedCapacity = {
  readonly status: string
  readonly resetInMinutes?: number | null | undefined
  readonly note?: string | null | undefined
}

/** `resetInMinutes` is null for Green, which never ends. */
export type CapacitySetting = {
  readonly status: CapacityStatus
  readonly resetInMinutes: number | null
  readonly note: string | null
}

/** Reads a status in any letter case; undefined for anything else. */
export function parseCapacityStatus(text: unknown): CapacityStatus | undefined {
  if (typeof text !== 'string') return undefined
  const upper = text.toUpperCase()
  return CAPACITY_STATUSES.find((status) => status === upper)
}

/** What is wrong with a number of minutes; undefined when it may be set. */
export function resetProblemOf(minutes: number): 'not-whole' | 'out-of-range' | undefined {
  if (!Number.isInteger(minutes)) return 'not-whole'
  return minutes < 0 || minutes > LONGEST_RESET_MINUTES ? 'out-of-range' : undefined
}

/** Whether pages offer this many minutes. */
export const isOfferedReset = (minutes: number): boolean =>
  resetProblemOf(minutes) === undefined && minutes >= RESET_STEP_MINUTES && minutes % RESET_STEP_MINUTES === 0

/** What is wrong with a note; undefined when it may be stored. `longest` is in characters. */
export function noteProblemOf(note: string, longest = LONGEST_NOTE): 'blank' | 'too-long' | 'unreadable' | undefined {
  const text = note.trim()
  if (text === '') return 'blank'
  // UTF-16 units are never fewer than characters: most notes need no counting.
  if (text.length > longest && [...text].length > longest) return 'too-long'
  return text.includes('\0') || !text.isWellFormed() ? 'unreadable' : undefined
}

/** The setting that is asked for, with defaults; every problem of it together. `longestNote` in characters. */
export function decideCapacity(
  { status: asked, resetInMinutes, note = null }: AskedCapacity,
  { longestNote = LONGEST_NOTE }: { readonly longestNote?: number } = {},
): Result<CapacitySetting> {
  const status = parseCapacityStatus(asked)
  const minutes = resetInMinutes ?? DEFAULT_RESET_MINUTES
  const ofNote = note === null ? undefined : noteProblemOf(note, longestNote)
  const problems: Problem[] = [
    ...(status ? [] : [{ field: 'status', code: 'invalid', message: 'Select Green, Amber or Red' }]),
    ...(resetProblemOf(minutes) ? [{ field: 'resetInMinutes', code: 'invalid', message: WRONG_RESET }] : []),
    ...(ofNote ? [{ field: 'note', code: ofNote, message: WRONG_NOTE[ofNote] }] : []),
  ]
  if (!status || problems.length > 0) return refused(...problems)
  return accepted({ status, resetInMinutes: status === 'GREEN' ? null : minutes, note: note?.trim() ?? null })
}

const WRONG_RESET = `The time until it goes back to Green must be from 0 to ${LONGEST_RESET_MINUTES} minutes`
const WRONG_NOTE = {
  blank: 'Enter a note, or leave the note out',
  'too-long': `The note must be ${LONGEST_NOTE} characters or fewer`,
  unreadable: 'The note must not contain characters that cannot be shown',
} as const

/** The instant from which the service is Green again; null for Green, and when it never ends. */
export function resetAfter({ resetInMinutes }: Pick<CapacitySetting, 'resetInMinutes'>, now: Date): Date | null {
  return resetInMinutes === null ? null : new Date(now.getTime() + resetInMinutes * 60_000)
}

/**
 * The London minute from which searches see Green: that of the instant, or the next one when it lies within a minute. A
 * minute that a London clock shows twice becomes 02:00, or Green would turn Red again when the clocks go back.
 */
export function resetMinuteOf(instant: Date): string {
  const time = toLondon(new Date(Math.ceil(instant.getTime() / 60_000) * 60_000))
  return formatLondon(isShownTwice(time) ? { ...time, minute: 120 } : time)
}

/** 01:00 to 01:59 of the day of 25 hours. */
const isShownTwice = ({ day, minute }: LondonTime): boolean =>
  minute >= 60 && minute < 120 && day === clockChangeDay(Number(dateOf(day).slice(0, 4)), 9)
