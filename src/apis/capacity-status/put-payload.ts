/**
 * What a program says of a capacity: `status`, `resetStatusIn`, `notes`, and of our own `startIn` or `startAt`. Every fault
 * is told in one answer, by field, with the code that programs know.
 *
 * Source: the payload of the Capacity Status API v0.0.1, codes VAL-0001 to VAL-0006.
 */
import type { CapacityStatus } from '#src/rules/capacity.ts'
import {
  DEFAULT_RESET_MINUTES,
  LONGEST_AHEAD_MINUTES,
  LONGEST_NOTE,
  LONGEST_RESET_MINUTES,
  noteProblemOf,
  parseCapacityStatus,
  resetProblemOf,
} from '#src/rules/capacity-setting.ts'

/** Faults by field, as they are sent. */
export type Faults = Readonly<Record<string, readonly string[]>>

export type Payload = {
  readonly status: CapacityStatus
  readonly resetInMinutes: number
  /** As it is stored: our words, and the caller's after them. */
  readonly note: string
  /** Null: now. */
  readonly startsAt: Date | null
}

export type ReadPayload =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly faults: Faults }

/** What every note begins with that a program sends. */
export const NOTE_START = 'Capacity status set by Capacity Status API'

const MINUTE_MS = 60_000

/** Reads the JSON value of a body, or one of many. Unknown members are ignored. Never throws. */
export function readPayload(body: unknown, now: Date): ReadPayload {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, faults: { non_field_errors: [`Invalid data. Expected an object, but got ${kindOf(body)}.`] } }
  }
  const member = (name: string): unknown =>
    Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined
  const status = readStatus(member('status'))
  const reset = readReset(member('resetStatusIn'))
  const note = readNote(member('notes'))
  const start = readStart({ startIn: member('startIn'), startAt: member('startAt') }, now)
  const faults = {
    ...('fault' in status && { status: [status.fault] }),
    ...('fault' in reset && { resetStatusIn: [reset.fault] }),
    ...('fault' in note && { notes: [note.fault] }),
    ...('fault' in start && { [start.field]: [start.fault] }),
    ...('value' in status && status.value === 'GREEN' && 'value' in start && start.value && { startAt: [GREEN_LATER] }),
  }
  if ('fault' in status || 'fault' in reset || 'fault' in note || 'fault' in start || Object.keys(faults).length > 0) {
    return { ok: false, faults }
  }
  const payload = { status: status.value, resetInMinutes: reset.value, note: note.value, startsAt: start.value }
  return { ok: true, payload }
}

type Read<T> = { readonly value: T } | { readonly fault: string }

const STATUS_LIST = 'GREEN, AMBER or RED'

function readStatus(given: unknown): Read<CapacityStatus> {
  if (given === undefined) return { fault: `VAL-0001 - A status is needed: ${STATUS_LIST}.` }
  const value = parseCapacityStatus(given)
  return value ? { value } : { fault: `VAL-0002 - The status must be ${STATUS_LIST}, in any letter case.` }
}

function readReset(given: unknown): Read<number> {
  if (given === undefined) return { value: DEFAULT_RESET_MINUTES }
  const value = wholeNumberIn(given)
  if (value === undefined) return { fault: 'VAL-0003 - The reset time must be a whole number of minutes.' }
  if (resetProblemOf(value) === undefined) return { value }
  return { fault: `VAL-0004 - The reset time must be from 0 to ${LONGEST_RESET_MINUTES} minutes.` }
}

/** A whole number, or a text that is one, as the service that this one replaces reads it. */
function wholeNumberIn(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isInteger(given) ? given : undefined
  return typeof given === 'string' && /^\s*[+-]?\d{1,15}(\.0*)?\s*$/.test(given) ? Number(given) : undefined
}

function readNote(given: unknown): Read<string> {
  if (given === undefined) return { value: NOTE_START }
  if (given === null) return { fault: NOTE_FAULTS.blank }
  if (typeof given !== 'string' && typeof given !== 'number') return { fault: NOTE_FAULTS['no-text'] }
  const note = String(given)
  const problem = noteProblemOf(note)
  return problem ? { fault: NOTE_FAULTS[problem] } : { value: `${NOTE_START} - ${note.trim()}` }
}

const NOTE_FAULTS = {
  'too-long': `VAL-0005 - The notes must have ${LONGEST_NOTE} characters or fewer.`,
  blank: 'VAL-0006 - The notes must not be blank: leave them out instead.',
  unreadable: 'Null characters and broken characters are not allowed.',
  'no-text': 'Not a valid string.',
} as const

const START = `the start must be later than now and within ${LONGEST_AHEAD_MINUTES} minutes (four weeks)`
const GREEN_LATER = 'VAL-0008 - Only RED and AMBER can start later.'

type ReadStart = { readonly value: Date | null } | { readonly field: 'startIn' | 'startAt'; readonly fault: string }

function readStart({ startIn, startAt }: { startIn: unknown; startAt: unknown }, now: Date): ReadStart {
  if (startIn === undefined && startAt === undefined) return { value: null }
  if (startIn !== undefined && startAt !== undefined) {
    return { field: 'startAt', fault: 'VAL-0007 - Give startIn or startAt, not both.' }
  }
  const field = startIn === undefined ? 'startAt' : 'startIn'
  const value = startIn === undefined ? instantIn(startAt) : minutesAfter(now, wholeNumberIn(startIn))
  const ahead = value === undefined ? Number.NaN : value.getTime() - now.getTime()
  if (value && ahead > 0 && ahead <= LONGEST_AHEAD_MINUTES * MINUTE_MS) return { value }
  const form = field === 'startIn' ? 'a whole number of minutes' : 'a time with a zone, such as 2026-08-05T14:00:00Z'
  return { field, fault: `VAL-0007 - ${field} must be ${form}; ${START}.` }
}

const minutesAfter = (now: Date, minutes: number | undefined): Date | undefined =>
  minutes === undefined || Math.abs(minutes) > 10 * LONGEST_AHEAD_MINUTES
    ? undefined
    : new Date(now.getTime() + minutes * MINUTE_MS)

/** Reads an instant with a zone; undefined for anything else, a date that does not exist included. */
function instantIn(given: unknown): Date | undefined {
  if (typeof given !== 'string') return undefined
  const form = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.exec(given)
  const day = form && new Date(`${form[1]}T00:00Z`)
  if (!day || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(form[1] ?? '')) return undefined
  const instant = new Date(given)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

function kindOf(body: unknown): string {
  if (body === null) return 'null'
  return Array.isArray(body) ? 'a list' : `a ${typeof body}`
}
