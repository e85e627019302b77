/** Hours in the interchange format of directory services, and back. Pure. */
import { isDeepStrictEqual } from 'node:util'
import {
  type DayNumber,
  dateOf,
  dayOf,
  formatClock,
  type LocalDate,
  MINUTES_PER_DAY,
  parseLocalDate,
  weekdayIndex,
} from '#src/rules/london-time.ts'
import { type DayHours, normaliseSessions, type OpeningTimes, type Session } from '#src/rules/opening-times.ts'

/** A value, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly fault: string }

const START = /^([01]\d|2[0-3]):[0-5]\d$/
const END = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/
/** The format writes the end of a day as 23:59 and also takes 24:00. */
const LAST_MINUTE = '23:59'

/**
 * Reads the sessions of one day: a list of `[start, end]`. Null is "not known". Sessions that run past midnight are
 * refused, because the format cannot say them; touching ones are merged, overlapping ones refused.
 */
export function readSessions(given: unknown): Reading<DayHours> {
  if (given === null) return { value: null }
  if (!Array.isArray(given)) return { fault: 'must be a list of sessions' }
  const sessions: Session[] = []
  for (const session of given) {
    const read = readSession(session)
    if ('fault' in read) return read
    sessions.push(read.value)
  }
  const normal = normaliseSessions(sessions)
  return normal.ok ? { value: normal.value } : { fault: `has sessions that overlap: ${JSON.stringify(given)}` }
}

function readSession(given: unknown): Reading<Session> {
  const text = JSON.stringify(given)?.slice(0, 60)
  if (!Array.isArray(given) || given.length !== 2) return { fault: `has ${text}, which is not [start, end]` }
  const [start, end] = given as unknown[]
  if (typeof start !== 'string' || typeof end !== 'string' || !START.test(start) || !END.test(end)) {
    return { fault: `has ${text}, which is not two times like "09:00" and "17:30"` }
  }
  const opens = minuteOf(start)
  const closes = end === LAST_MINUTE ? MINUTES_PER_DAY : minuteOf(end)
  if (closes === opens) return { fault: `has ${text}, which opens and closes at the same time` }
  if (closes < opens)
    return { fault: `has ${text}, which runs past midnight; write it as two sessions on their own days` }
  return { value: { opens, closes } }
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** Reads the seven days, Monday first. */
export function readWeekly(given: unknown): Reading<OpeningTimes['weekly']> {
  if (!Array.isArray(given) || given.length !== 7) return { fault: 'must have seven days, Monday first' }
  const days: DayHours[] = []
  for (const [index, day] of given.entries()) {
    const read = readSessions(day)
    if ('fault' in read) return { fault: `day ${index + 1} ${read.fault}` }
    days.push(read.value)
  }
  return { value: days }
}

/** Reads `{ "2026-12-25": [sessions] }`. */
export function readSpecified(given: unknown): Reading<OpeningTimes['specified']> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { fault: 'must be an object of dates' }
  }
  const specified: Record<LocalDate, readonly Session[]> = {}
  for (const [text, sessions] of Object.entries(given)) {
    const date = parseLocalDate(text)
    if (!date) return { fault: `has “${text.slice(0, 20)}”, which is not a date like 2026-12-25` }
    const read = readSessions(sessions)
    if ('fault' in read) return { fault: `${date} ${read.fault}` }
    if (read.value === null) return { fault: `${date} must be a list of sessions` }
    specified[date] = read.value
  }
  return { value: specified }
}

type WrittenSessions = readonly (readonly [start: string, end: string])[]

export type WrittenHours = {
  readonly weekly: readonly (WrittenSessions | null)[]
  readonly bankHoliday: WrittenSessions
  readonly specified: Readonly<Record<string, WrittenSessions>>
}

/**
 * Writes hours in the format. A session past midnight is split: its tail becomes the next day's, and where a date
 * has hours of its own the date after it says what is left of the night. An unknown day stays null; bank holidays
 * answered by date are an empty list, as in every outward format.
 */
export function writeHours({ weekly, bankHoliday, specified }: OpeningTimes): WrittenHours {
  const tailBefore = (date: LocalDate) => tailsOf(effective({ weekly, specified }, dayOf(date) - 1))
  const dates = new Set([...(Object.keys(specified) as LocalDate[]), ...nightsAfter({ weekly, specified })])
  return {
    weekly: weekly.map((day, index) => day && written([...tailsOf(weekly[(index + 6) % 7] ?? null), ...day])),
    bankHoliday: written(bankHoliday ?? []),
    specified: Object.fromEntries(
      [...dates].map((date) => [
        date,
        written([...tailBefore(date), ...(effective({ weekly, specified }, dayOf(date)) ?? [])]),
      ]),
    ),
  }
}

type Pattern = Pick<OpeningTimes, 'weekly' | 'specified'>

const effective = ({ weekly, specified }: Pattern, day: DayNumber): DayHours =>
  specified[dateOf(day)] ?? weekly[weekdayIndex(day)] ?? null

/** The dates after a specified date whose night is longer or shorter than that weekday's. */
function nightsAfter({ weekly, specified }: Pattern): readonly LocalDate[] {
  return (Object.keys(specified) as LocalDate[]).flatMap((date) => {
    const usual = tailsOf(weekly[weekdayIndex(dayOf(date))] ?? null)
    const now = tailsOf(specified[date] ?? null)
    return isDeepStrictEqual(usual, now) ? [] : [dateOf(dayOf(date) + 1)]
  })
}

/** What sessions leave to the next day. */
const tailsOf = (sessions: DayHours): readonly Session[] =>
  (sessions ?? [])
    .filter(({ closes }) => closes > MINUTES_PER_DAY)
    .map(({ closes }) => ({ opens: 0, closes: closes - MINUTES_PER_DAY }))

const written = (sessions: readonly Session[]): WrittenSessions =>
  sessions.map(({ opens, closes }) => [
    formatClock(opens),
    closes >= MINUTES_PER_DAY ? LAST_MINUTE : formatClock(closes),
  ])
