/**
 * The moment that a search asks about, when that is not now.
 *
 * Source: DoS web services, Check Capacity Summary field definition 1.5 and error codes (searchDateTime).
 */
import {
  type DayNumber,
  dateOf,
  dayOf,
  formatClock,
  instantOf,
  type LondonTime,
  minuteExists,
  parseLocalDate,
  toLondon,
} from './london-time.ts'

/** A second on a London clock. */
export type LondonMoment = LondonTime & { readonly second: number }

/** `time`: not a date and time. `time-far`: more than twelve months ahead. `time-past`: more than a minute ago. */
export type TimeProblem = 'time' | 'time-far' | 'time-past'

export type TimeRead =
  | { readonly ok: true; readonly at: LondonMoment }
  | { readonly ok: false; readonly code: TimeProblem }

const MS_PER_MINUTE = 60_000
const MS_PER_SECOND = 1000
const MINUTES_PER_HOUR = 60
const MS_PER_HOUR = MINUTES_PER_HOUR * MS_PER_MINUTE
const YEARS_AHEAD = 1
const CERTAINLY_WITHIN_MS = 364 * 24 * MS_PER_HOUR
const MOST_OFFSET_HOURS = 14

const DATE = /^(\d{4})(-?)(\d\d)\2(\d\d)[Tt ](.+)$/
const CLOCK = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?$/
const ZONE = /(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/

/** The London moment of an instant, in whole seconds. */
export function toLondonMoment(instant: Date): LondonMoment {
  return { ...toLondon(instant), second: instant.getUTCSeconds() }
}

/** `2026-08-05T10:00:00`: on a London clock, without a zone. */
export const formatMoment = ({ day, minute, second }: LondonMoment): string =>
  `${dateOf(day)}T${formatClock(minute)}:${String(second).padStart(2, '0')}`

/**
 * Reads a calendar date and time of ISO 8601, with or without punctuation, seconds, fractions and a zone. Without a zone
 * it is a time on a London clock: one that clocks skip in spring is none, and of one that occurs twice the first is
 * meant. `now` is the instant at which the request came.
 */
export function readSearchTime(text: string, now: Date): TimeRead {
  const moment = parseMoment(text)
  if (!moment) return { ok: false, code: 'time' }
  const instant = instantOf(moment).getTime() + moment.second * MS_PER_SECOND + (moment.repeated ? MS_PER_HOUR : 0)
  if (instant < now.getTime() - MS_PER_MINUTE) return { ok: false, code: 'time-past' }
  // Hardly anybody asks that far ahead, and the calendar takes its time.
  if (instant > now.getTime() + CERTAINLY_WITHIN_MS && instant > latest(now)) return { ok: false, code: 'time-far' }
  return { ok: true, at: { day: moment.day, minute: moment.minute, second: moment.second } }
}

/** The same time of day on the same date, twelve months on; 28 February where that date does not exist. */
function latest(now: Date): number {
  const { day, minute, second } = toLondonMoment(now)
  const date = dateOf(day)
  const year = String(Number(date.slice(0, 4)) + YEARS_AHEAD)
  const then = parseLocalDate(`${year}${date.slice(4)}`) ?? parseLocalDate(`${year}-02-28`)
  if (!then) return now.getTime()
  const millisecond = now.getTime() % MS_PER_SECOND
  return instantOf({ day: dayOf(then), minute }).getTime() + second * MS_PER_SECOND + millisecond
}

/** `repeated`: the second of two minutes that a London clock shows alike in autumn; only a zone can say so. */
type Parsed = LondonMoment & { readonly repeated: boolean }

function parseMoment(text: string): Parsed | undefined {
  const [, year, separator, month, date, rest = ''] = DATE.exec(text) ?? []
  const known = year === undefined ? undefined : parseLocalDate(`${year}-${month}-${date}`)
  if (!known) return undefined
  const zone = ZONE.exec(rest)
  const clock = CLOCK.exec(zone ? rest.slice(0, zone.index) : rest)
  const time = clock && timeOf(clock, separator === '')
  if (!time) return undefined
  const local = { day: dayOf(known) + time.days, minute: time.minute, second: time.second }
  if (!zone) return minuteExists(local) ? { ...local, repeated: false } : undefined
  const offset = offsetMinutes(zone)
  return offset === undefined ? undefined : withZone(local, offset)
}

function timeOf(
  clock: RegExpExecArray,
  isBasic: boolean,
): { readonly days: number; readonly minute: number; readonly second: number } | undefined {
  const [whole, hours = '', minutes = '0', seconds = '0'] = clock
  // Hours alone say too little where punctuation is used, and punctuation must be used throughout or not at all.
  if (whole.length > 2 && whole.includes(':') === isBasic) return undefined
  if (whole.length === 2 && !isBasic) return undefined
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (hour === 24) return minute === 0 && second === 0 ? { days: 1, minute: 0, second: 0 } : undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return { days: 0, minute: hour * MINUTES_PER_HOUR + minute, second }
}

function offsetMinutes([, sign, hours = '0', minutes = '0']: RegExpExecArray): number | undefined {
  const size = Number(hours) * MINUTES_PER_HOUR + Number(minutes)
  if (Number(minutes) > 59 || size > MOST_OFFSET_HOURS * MINUTES_PER_HOUR) return undefined
  return sign === '-' ? -size : size
}

function withZone({ day, minute, second }: LondonMoment, offset: number): Parsed {
  const instant = new Date(utcMs(day) + (minute - offset) * MS_PER_MINUTE)
  const london = toLondon(instant)
  return { ...london, second, repeated: instantOf(london).getTime() !== instant.getTime() }
}

const utcMs = (day: DayNumber): number => day * 24 * MS_PER_HOUR
