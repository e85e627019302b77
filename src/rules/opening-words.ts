/** Says in words whether a place is open, as on a note in its door: "Open until 6pm". Pure. */
import type { HolidayCalendar } from './bank-holidays.ts'
import { dayName, formatDate, formatTime } from './clock-time.ts'
import { type CompiledHours, nextChange, type OpenState, openStateAt } from './compiled-hours.ts'
import { type DayNumber, dateOf, type LondonTime, MINUTES_PER_DAY, weekdayIndex } from './london-time.ts'

export type OpenWords = {
  /** Whether it is open, for a colour beside the words; the words alone say it all. */
  readonly tone: 'open' | 'closed' | 'unknown'
  /** A whole statement: "Closed. Opens tomorrow at 9am". */
  readonly sentence: string
}

export const CHECK_FIRST = 'Check before you travel'

const weekdayName = (day: DayNumber): string => dayName(weekdayIndex(day))

/**
 * Whether a pharmacy is open at `at`, in words. When `at` is not now, "today" and "tomorrow" would mislead: it is then
 * "Open until 6pm that day".
 */
export function openingWords(hours: CompiledHours, at: LondonTime, isNow: boolean): OpenWords {
  return openWords(openStateAt(hours, at), { at, isNow, holidays: hours.holidays, changesAt: nextChange(hours, at) })
}

/** From where and when an open state is told. */
export type Telling = {
  readonly at: LondonTime
  readonly isNow: boolean
  readonly holidays: Pick<HolidayCalendar, 'titleOf'>
  /** When the state next changes, as `nextChange` says: a day of unknown hours may come before the next opening. */
  readonly changesAt?: LondonTime | null
}

/** An open state in words. */
export function openWords(state: OpenState, telling: Telling): OpenWords {
  if (state.open === null) return { tone: 'unknown', sentence: unknownSentence(telling) }
  const { at, isNow } = telling
  if (state.open) return { tone: 'open', sentence: openSentence(state.until, at, isNow) }
  const closed = closedSentence(state.opensAt, at, isNow)
  return { tone: 'closed', sentence: closed + unknownBefore(state.opensAt, telling) }
}

function unknownSentence({ at, isNow, holidays }: Telling): string {
  const holiday = holidays.titleOf(at.day)
  if (holiday !== undefined) return `${CHECK_FIRST}: hours on ${holiday} are not confirmed`
  return `${CHECK_FIRST}: opening times ${isNow ? 'today' : `on ${weekdayName(at.day)}`} are not known`
}

/** A warning when a day with unknown hours comes before the next known opening. */
function unknownBefore(opensAt: LondonTime | null, { at, holidays, changesAt }: Telling): string {
  if (!opensAt || !changesAt || changesAt.day <= at.day || changesAt.day >= opensAt.day) return ''
  const holiday = holidays.titleOf(changesAt.day)
  return `. Hours on ${holiday ?? shortDate(changesAt.day, at.day)} are not confirmed`
}

function openSentence(until: LondonTime | null, at: LondonTime, isNow: boolean): string {
  if (until === null) return 'Open 24 hours a day'
  const { day, minute } = ending(until)
  const time = formatTime(minute)
  if (day === at.day) return isNow ? `Open until ${time}` : `Open until ${time} that day`
  return `Open until ${time} ${dayWords(day, at.day, isNow)}`
}

/** Midnight at the end of a day belongs to that day: "until midnight", never "until midnight tomorrow". */
function ending({ day, minute }: LondonTime): LondonTime {
  return minute === 0 ? { day: day - 1, minute: MINUTES_PER_DAY } : { day, minute }
}

function closedSentence(opensAt: LondonTime | null, at: LondonTime, isNow: boolean): string {
  if (opensAt === null) return 'Closed'
  const { day, minute } = opensAt
  return `Closed. Opens ${dayWords(day, at.day, isNow).replace(/^on /, '')} at ${formatTime(minute)}`
}

/** `today`, `tomorrow`, `on Monday` within the week, `on Monday 28 December` later, with the year when it is far off. */
export function dayWords(day: DayNumber, from: DayNumber, isNow: boolean): string {
  const ahead = day - from
  if (ahead === 0) return isNow ? 'today' : 'that day'
  if (ahead === 1) return isNow ? 'tomorrow' : 'the next day'
  return ahead < 7 && isNow ? `on ${weekdayName(day)}` : `on ${shortDate(day, from)}`
}

/** `Monday 28 December`; with the year when the day is half a year or more away from `from`. */
export function shortDate(day: DayNumber, from: DayNumber): string {
  const full = formatDate(dateOf(day))
  return Math.abs(day - from) < 180 ? full.replace(/ \d{4}$/, '') : full
}

/** `3pm on Saturday 12 December`, `3pm today`, `midday tomorrow`. */
export function momentWords(at: LondonTime, now: LondonTime): string {
  const time = formatTime(at.minute)
  if (at.day === now.day) return `${time} today`
  return at.day === now.day + 1 ? `${time} tomorrow` : `${time} on ${shortDate(at.day, now.day)}`
}
