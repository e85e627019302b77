/**
 * Opening times in the formats that others read and write: no session passes midnight, and a day ends at 23:59.
 *
 * Inside, an overnight session is one; here it becomes the evening of its own date and the early morning of the next.
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import { endOfDay } from './clock-time.ts'
import { sameSessions } from './compare-hours.ts'
import {
  type DayNumber,
  dateOf,
  dayOf,
  formatClock,
  type LocalDate,
  MINUTES_PER_DAY,
  parseLocalDate,
} from './london-time.ts'
import {
  type DayHours,
  mergeSessions,
  normaliseSessions,
  type OpeningTimes,
  type Session,
  sessionsOn,
} from './opening-times.ts'
import { accepted, type Problem, type Result, refused } from './problems.ts'

/** Start and end of a session as `HH:MM`; the end of the day is `23:59`. */
export type ExchangeSession = readonly [start: string, end: string]

export type ExchangeHours = {
  /** Seven lists, Monday first; null is a day that is not known. */
  readonly weekly: readonly (readonly ExchangeSession[] | null)[]
  /** Empty also where each holiday is answered by its own date. */
  readonly bankHoliday: readonly ExchangeSession[]
  readonly openAllHours: boolean
  readonly specified: Readonly<Record<string, readonly ExchangeSession[]>>
}

/** Days for which holidays are looked at, both ends included. */
export type DayRange = { readonly from: DayNumber; readonly to: DayNumber }

/** Eighteen months: as far ahead as pharmacies are asked for their bank holidays. */
const HOLIDAYS_AHEAD_DAYS = 550

/** The holidays that matter to whoever reads opening times today. */
export const rangeFrom = (today: DayNumber): DayRange => ({ from: today, to: today + HOLIDAYS_AHEAD_DAYS })

/** Writes opening times for others. `range` is as for `splitAtMidnight`. */
export function toExchangeHours(times: OpeningTimes, holidays: HolidayCalendar, range: DayRange): ExchangeHours {
  const { weekly, bankHoliday, openAllHours, specified } = splitAtMidnight(times, holidays, range)
  const written = Object.entries(specified).map(
    ([date, sessions]) => [date, sessions.map(formatExchangeSession)] as const,
  )
  return {
    weekly: weekly.map((sessions) => sessions?.map(formatExchangeSession) ?? null),
    bankHoliday: (bankHoliday ?? []).map(formatExchangeSession),
    openAllHours,
    specified: Object.fromEntries(written),
  }
}

/** `['09:00', '17:30']`; midnight is `23:59`. The session must lie within its day. */
export const formatExchangeSession = ({ opens, closes }: Session): ExchangeSession => [
  formatClock(opens),
  formatClock(Math.min(closes, MINUTES_PER_DAY - 1)),
]

/**
 * Reads opening times that others wrote. Ends `23:59`, `24:00` and `00:00` are midnight; a session that passes midnight
 * or overlaps another is refused. Order and touching sessions are kept, so that writing gives back what was read.
 */
export function fromExchangeHours(hours: ExchangeHours): Result<OpeningTimes> {
  const problems: Problem[] = []
  const take = (list: readonly ExchangeSession[], field: string): readonly Session[] => {
    const read = parseExchangeSessions(list, field)
    if (!read.ok) problems.push(...read.problems)
    return read.ok ? read.value : []
  }
  const weekly = hours.weekly.map((list, weekday) => (list === null ? null : take(list, `weekly.${weekday}`)))
  const bankHoliday = take(hours.bankHoliday, 'bankHoliday')
  const specified: Record<LocalDate, readonly Session[]> = {}
  for (const [date, list] of Object.entries(hours.specified)) {
    const known = parseLocalDate(date)
    if (known) specified[known] = take(list, `specified.${date}`)
    else
      problems.push({ field: `specified.${date}`, code: 'not-a-date', message: `${date} is not a date (YYYY-MM-DD)` })
  }
  return problems.length > 0
    ? refused(...problems)
    : accepted({ weekly, bankHoliday, openAllHours: hours.openAllHours, specified })
}

/** Reads the sessions of one day; every problem names `field`. */
export function parseExchangeSessions(list: readonly ExchangeSession[], field: string): Result<readonly Session[]> {
  const sessions: Session[] = []
  for (const [start, end] of list) {
    const opens = minuteOf(start)
    const closes = minuteOf(end)
    if (opens === undefined || closes === undefined || opens === MINUTES_PER_DAY) {
      return refused({ field, code: 'not-a-time', message: `${start} to ${end}: write times as HH:MM, 00:00 to 23:59` })
    }
    if (endOfDay(closes) <= opens || (opens === 0 && closes === 0)) {
      return refused({
        field,
        code: 'end-before-start',
        message: `${start} to ${end}: the end must be after the start`,
      })
    }
    sessions.push({ opens, closes: endOfDay(closes) })
  }
  const normal = normaliseSessions(sessions)
  return normal.ok ? accepted(sessions) : refused(...normal.problems.map((problem) => ({ ...problem, field })))
}

function minuteOf(clock: string): number | undefined {
  const match = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(clock)
  if (!match) return undefined
  return clock === '24:00' ? MINUTES_PER_DAY : Number(match[1]) * 60 + Number(match[2])
}

/**
 * The same opening times with no session past midnight.
 *
 * The early morning joins the next weekday's list. Where the day before or the day itself is a specified date or a
 * holiday, the weekly list would be wrong, so the date gets its own entry: an overnight session's end survives the next
 * day's closure, and a day after a closure does not inherit the morning that did not happen. Holidays are looked at
 * within `range`; specified dates always. A day that is not known stays so, without the morning that reaches into it.
 */
export function splitAtMidnight(times: OpeningTimes, holidays: HolidayCalendar, range: DayRange): OpeningTimes {
  const lists = [...times.weekly, times.bankHoliday, ...Object.values(times.specified)]
  if (!lists.some((sessions) => sessions?.some(passesMidnight))) return times
  const usual: OpeningTimes = {
    weekly: times.weekly.map(
      (sessions, weekday) => sessions && withTail(times.weekly.at(weekday - 1) ?? null, sessions),
    ),
    bankHoliday: times.bankHoliday && withTail(null, times.bankHoliday),
    openAllHours: times.openAllHours,
    specified: {},
  }
  const specified: Record<LocalDate, readonly Session[]> = {}
  for (const day of daysToCheck(times, holidays, range)) {
    const { sessions, because } = sessionsOn(times, day, holidays)
    if (sessions === null) continue
    const actual = withTail(sessionsOn(times, day - 1, holidays).sessions, sessions)
    if (because === 'specified' || !sameSessions(actual, sessionsOn(usual, day, holidays).sessions)) {
      specified[dateOf(day)] = actual
    }
  }
  return { ...usual, specified }
}

const passesMidnight = ({ closes }: Session): boolean => closes > MINUTES_PER_DAY

/** A day's sessions up to midnight, with what reaches into it from the day before. */
function withTail(dayBefore: DayHours, sessions: readonly Session[]): readonly Session[] {
  const tails = (dayBefore ?? [])
    .filter(passesMidnight)
    .map(({ closes }) => ({ opens: 0, closes: closes - MINUTES_PER_DAY }))
  const own = sessions.map(({ opens, closes }) => ({ opens, closes: Math.min(closes, MINUTES_PER_DAY) }))
  return mergeSessions([...tails, ...own])
}

/** Specified dates, holidays of the range, and the day after each, in order. */
function daysToCheck(times: OpeningTimes, holidays: HolidayCalendar, range: DayRange): readonly DayNumber[] {
  const days = new Set<DayNumber>()
  const special = [
    ...Object.keys(times.specified),
    ...holidays.statutoryDays(range.from - 1, range.to).map(({ date }) => date),
  ]
  for (const date of special) days.add(dayOf(date as LocalDate)).add(dayOf(date as LocalDate) + 1)
  return [...days].sort((a, b) => a - b)
}
