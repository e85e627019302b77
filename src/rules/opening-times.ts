/**
 * When a service is open, in London wall-clock time.
 *
 * Pure: no clock, no time zone, no I/O. Turn an instant into a `LondonTime` with `toLondon()` before asking anything here.
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import { formatSession } from './clock-time.ts'
import { type DayNumber, dateOf, type LocalDate, MINUTES_PER_DAY, weekdayIndex } from './london-time.ts'
import { accepted, type Problem, type Result, refused } from './problems.ts'

/**
 * One unbroken spell of being open: `opens <= minute < closes`, in minutes after London midnight.
 * `closes` may pass 1440: 22:00 to 02:00 is `{ opens: 1320, closes: 1560 }`; all day is `{ opens: 0, closes: 1440 }`.
 */
export type Session = { readonly opens: number; readonly closes: number }

/** The sessions that begin on a day, sorted, neither overlapping nor touching. Empty is closed; null is not known. */
export type DayHours = readonly Session[] | null

/** Seven days, Monday first. */
export type WeeklyHours = readonly DayHours[]

export type OpeningTimes = {
  readonly weekly: WeeklyHours
  /**
   * Hours of any bank holiday. Null where each holiday is answered by its own specified date (every pharmacy with a
   * profile): then a bank holiday, Christmas Day or Easter Sunday without a specified date is unknown, never open.
   */
  readonly bankHoliday: DayHours
  readonly openAllHours: boolean
  /** Dates that replace everything else. An empty list is "closed all day". */
  readonly specified: Readonly<Record<LocalDate, readonly Session[]>>
}

/** Which layer of the opening times speaks for a day; `unknown` when none does. */
export type Because = 'specified' | 'openAllHours' | 'bankHoliday' | 'weekly' | 'unknown'
export type KnownBecause = Exclude<Because, 'unknown'>

/** Midnight to midnight. */
export const ALL_DAY: readonly Session[] = [{ opens: 0, closes: MINUTES_PER_DAY }]

/**
 * The sessions that begin on a day, and which layer gives them: a specified date, then open all hours, then the bank
 * holiday, then the week.
 *
 * Where holidays are answered one by one (`bankHoliday` null), a statutory day without its own date is unknown. Where
 * there is a list for bank holidays it rules those alone: Easter Sunday, and Christmas Day on a weekend, follow the week.
 *
 * Source: DoS user guides, precedence of opening times.
 */
export function sessionsOn(
  times: OpeningTimes,
  day: DayNumber,
  holidays: HolidayCalendar,
): { readonly sessions: DayHours; readonly because: Because } {
  const specified = times.specified[dateOf(day)]
  if (specified) return { sessions: specified, because: 'specified' }
  if (times.openAllHours) return { sessions: ALL_DAY, because: 'openAllHours' }
  if (times.bankHoliday === null && holidays.isStatutory(day)) return { sessions: null, because: 'unknown' }
  if (times.bankHoliday !== null && holidays.isBankHoliday(day)) {
    return { sessions: times.bankHoliday, because: 'bankHoliday' }
  }
  const sessions = times.weekly[weekdayIndex(day)] ?? null
  return { sessions, because: sessions === null ? 'unknown' : 'weekly' }
}

/**
 * Puts the sessions of one day in order and merges those that touch. Refuses a session that begins outside the day, does
 * not end after it begins or ends later than the next midnight but one, and sessions that overlap.
 */
export function normaliseSessions(sessions: readonly Session[]): Result<readonly Session[]> {
  const problems: Problem[] = sessions.filter((session) => !isSession(session)).map(notASession)
  if (problems.length > 0) return refused(...problems)
  const sorted = sessions.toSorted((a, b) => a.opens - b.opens || a.closes - b.closes)
  for (const [index, session] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before && session.opens < before.closes) problems.push(overlapping(before, session))
  }
  return problems.length > 0 ? refused(...problems) : accepted(mergeTouching(sorted))
}

const isSession = ({ opens, closes }: Session): boolean =>
  Number.isInteger(opens) &&
  Number.isInteger(closes) &&
  opens >= 0 &&
  opens < MINUTES_PER_DAY &&
  closes > opens &&
  closes <= 2 * MINUTES_PER_DAY

const notASession = (): Problem => ({
  field: 'sessions',
  code: 'not-a-session',
  message: 'Closing time must be after opening time',
})

const overlapping = (a: Session, b: Session): Problem => ({
  field: 'sessions',
  code: 'overlap',
  message: `Times overlap: ${formatSession(a)} and ${formatSession(b)}`,
})

/** The same time in as few sessions as say it, in order: those that touch or overlap become one. */
export const mergeSessions = (sessions: readonly Session[]): readonly Session[] =>
  mergeTouching(sessions.toSorted((a, b) => a.opens - b.opens))

/** Merges sorted sessions that touch or overlap. */
function mergeTouching(sorted: readonly Session[]): readonly Session[] {
  const merged: Session[] = []
  for (const session of sorted) {
    const last = merged.at(-1)
    if (!last || session.opens > last.closes) merged.push(session)
    else merged[merged.length - 1] = { opens: last.opens, closes: Math.max(last.closes, session.closes) }
  }
  return merged
}

/** The time that lies in a session of both lists; each is in order, neither overlapping nor touching. */
export const commonSessions = (a: readonly Session[], b: readonly Session[]): readonly Session[] =>
  a.flatMap((one) =>
    b
      .map((other) => ({ opens: Math.max(one.opens, other.opens), closes: Math.min(one.closes, other.closes) }))
      .filter(({ opens, closes }) => opens < closes),
  )
