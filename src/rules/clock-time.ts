/** Times of day and dates as people type and read them, in the style of the NHS. */
import { dayOf, type LocalDate, MINUTES_PER_DAY, weekdayIndex } from './london-time.ts'
import type { DayHours, Session } from './opening-times.ts'

/** Whether a time is typed as the start or the end of being open: midnight is minute 0 of the one, 1440 of the other. */
export type ClockRole = 'opens' | 'closes'

const MIDDAY = 720
const WORDS: Readonly<Record<string, number>> = {
  midday: MIDDAY,
  noon: MIDDAY,
  '12midday': MIDDAY,
  '12noon': MIDDAY,
  midnight: 0,
  '12midnight': 0,
}
/** Hour, minutes, and half of the day: `9am`, `5:30pm`, `0900`. */
const FORMS = [/^(\d{1,2})()(am|pm)?$/, /^(\d{1,2})[:.](\d\d)(am|pm)?$/, /^(\d{1,2})(\d\d)(am|pm)?$/]

/**
 * Reads a time as a person types it: `9`, `9am`, `9:00`, `09:00`, `0900`, `17.30`, `5:30pm`, `midday`, `midnight`.
 * Returns minutes after midnight, or undefined when the text is no time.
 *
 * As a closing time `midnight`, `00:00`, `24:00` and `23:59` are all the end of the day, 1440; as an opening time
 * `24:00` is refused.
 */
export function parseClockTime(text: string, role: ClockRole = 'opens'): number | undefined {
  const minute = readClock(tidy(text))
  if (minute === undefined || role === 'closes') return minute === undefined ? undefined : endOfDay(minute)
  return minute === MINUTES_PER_DAY ? undefined : minute
}

/** The four codebases of the NHS write the end of a day as 23:59, 00:00 or 24:00: all three are minute 1440. */
export const endOfDay = (closes: number): number =>
  closes === 0 || closes === MINUTES_PER_DAY - 1 ? MINUTES_PER_DAY : closes

/**
 * The session between two clock times. An end at or before the start is on the next day; undefined when both are equal,
 * because that can mean no time at all or a whole day (midnight to midnight is a whole day).
 */
export function sessionBetween(opens: number, closes: number): Session | undefined {
  const end = endOfDay(closes)
  if (end === opens) return undefined
  return { opens, closes: end < opens ? end + MINUTES_PER_DAY : end }
}

const tidy = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s/g, '')
    .replace(/([ap])\.m\.?$/, '$1m')

function readClock(text: string): number | undefined {
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined
  if (word !== undefined) return word
  const parts = FORMS.map((form) => form.exec(text)).find((match) => match !== null)
  if (!parts) return undefined
  const [, hourText, minuteText, half] = parts
  const hour = hourOf(Number(hourText), half)
  const minute = Number(minuteText)
  if (hour === undefined || minute > 59) return undefined
  return hour < 24 || (minuteText !== '' && minute === 0) ? hour * 60 + minute : undefined
}

/** 0 to 24, or undefined: `13pm` and `0am` are not times. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 24 ? hour : undefined
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half === 'pm' ? 12 : 0)
}

/** `9am`, `5:30pm`, `midday`, `midnight`. Minutes past 1440 are read on the next day's clock. */
export function formatTime(minute: number): string {
  const ofDay = minute % MINUTES_PER_DAY
  if (ofDay === 0) return 'midnight'
  if (ofDay === MIDDAY) return 'midday'
  const hour = Math.floor(ofDay / 60) % 12 || 12
  const past = ofDay % 60
  return `${hour}${past ? `:${String(past).padStart(2, '0')}` : ''}${ofDay < MIDDAY ? 'am' : 'pm'}`
}

/** `9am to 1pm`; a session that ends on the next date says so: `10pm to 2am the next day`. */
export const formatSession = ({ opens, closes }: Session): string =>
  `${formatTime(opens)} to ${formatTime(closes)}${closes > MINUTES_PER_DAY ? ' the next day' : ''}`

/** `9am to 1pm, 2pm to 6pm`, `Closed`, `Open 24 hours`, or `Not known`. */
export function formatSessions(sessions: DayHours): string {
  if (sessions === null) return 'Not known'
  if (sessions.length === 0) return 'Closed'
  const [first] = sessions
  if (sessions.length === 1 && first?.opens === 0 && first.closes === MINUTES_PER_DAY) return 'Open 24 hours'
  return sessions.map(formatSession).join(', ')
}

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** `Monday` for 0 to `Sunday` for 6. */
export const dayName = (weekday: number): string => DAY_NAMES[weekday as 0]

/** `12 December 2026`. */
export function formatDateShort(date: LocalDate): string {
  const [year, month, day] = date.split('-')
  return `${Number(day)} ${MONTH_NAMES[(Number(month) - 1) as 0]} ${year}`
}

/** `Saturday 12 December 2026`. */
export const formatDate = (date: LocalDate): string => `${dayName(weekdayIndex(dayOf(date)))} ${formatDateShort(date)}`
