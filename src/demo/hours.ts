/**
 * Weeks as pharmacies really keep them: how often each pattern occurs among 8,555 pharmacies of the published
 * pharmaceutical list of England (NHS Business Services Authority, October to December 2023, Open Government Licence
 * v3.0). Nine in ten keep the same hours from Monday to Friday; the others shorten one weekday.
 */
import type { Session, WeeklyHours } from '#src/rules/opening-times.ts'
import type { Random } from './random.ts'

type Weighted = readonly (readonly [pattern: string, pharmacies: number])[]

const WEEKDAY: Weighted = [
  ['09:00-18:00', 1739],
  ['09:00-13:00,14:00-18:00', 773],
  ['09:00-17:30', 683],
  ['09:00-18:30', 627],
  ['09:00-19:00', 523],
  ['08:30-18:00', 347],
  ['08:30-18:30', 331],
  ['09:00-21:00', 242],
  ['09:00-17:00', 212],
  ['08:30-17:30', 151],
  ['09:00-13:00,14:00-17:30', 139],
  ['08:00-20:00', 117],
  ['09:00-13:00,14:00-18:30', 116],
  ['09:00-12:30,13:00-16:30,17:00-21:00', 116],
  ['09:00-20:00', 107],
  ['08:30-19:00', 87],
  ['09:00-13:00,13:20-17:30', 69],
  ['08:45-18:00', 63],
  ['08:00-21:00', 59],
  ['08:00-18:30', 59],
  ['09:00-13:00,13:30-17:30', 56],
  ['08:30-13:00,14:00-18:00', 56],
  ['08:00-18:00', 51],
  ['09:00-13:00,14:00-21:00', 51],
  ['09:00-13:00,14:00-19:00', 51],
  ['09:30-17:30', 42],
  ['08:30-13:00,14:00-18:30', 41],
  ['07:00-22:00', 40],
  ['08:00-23:00', 36],
  ['08:00-24:00', 25],
  ['07:00-23:00', 22],
  ['00:00-24:00', 20],
]
const LATE_WEEKDAY = /-2[0-4]:00$/

const SATURDAY: Weighted = [
  // closed on 26 % of all Saturdays; those with long weekdays are below
  ['', 1900],
  ['09:00-13:00', 1722],
  ['09:00-17:30', 540],
  ['09:00-17:00', 520],
  ['09:00-12:00', 496],
  ['09:00-18:00', 310],
  ['09:00-14:00', 222],
  ['09:00-12:30', 183],
  ['09:00-16:00', 126],
  ['09:00-13:00,14:00-17:00', 67],
  ['09:00-15:00', 66],
  ['08:30-17:30', 63],
]
/** Those that close at eight in the evening or later on weekdays keep long Saturdays too. */
const LATE_SATURDAY: Weighted = [
  ['09:00-21:00', 213],
  ['09:00-12:30,13:00-16:30,17:00-21:00', 115],
  ['08:00-20:00', 109],
  ['09:00-19:00', 92],
  ['09:00-20:00', 67],
  ['08:00-21:00', 34],
  ['00:00-24:00', 20],
  ['09:00-17:00', 60],
  ['', 20],
]
const LATE_SUNDAY: Weighted = [
  ['10:00-16:00', 616],
  ['11:00-17:00', 192],
  ['10:30-16:30', 100],
  ['11:00-16:00', 32],
  ['10:00-14:00', 31],
  ['10:00-20:00', 29],
  ['10:00-17:00', 29],
  ['08:00-18:00', 25],
  ['12:00-18:00', 24],
  ['00:00-24:00', 20],
  ['', 140],
]
const SUNDAY: Weighted = [
  ['', 880],
  ['10:00-16:00', 80],
  ['11:00-17:00', 25],
  ['10:00-14:00', 15],
]

/** A pharmacy's week. */
export function drawWeek(random: Random): WeeklyHours {
  const weekday = random.weighted(WEEKDAY)
  const late = LATE_WEEKDAY.test(weekday)
  const saturday = random.weighted(late ? LATE_SATURDAY : SATURDAY)
  const sunday = saturday === '' ? '' : random.weighted(late ? LATE_SUNDAY : SUNDAY)
  const shortDay = random.chance(0.105) ? random.pick([2, 3]) : -1
  const days = [0, 1, 2, 3, 4].map((day) => (day === shortDay ? shortened(weekday) : weekday))
  return [...days, saturday, sunday].map(sessionsOf)
}

/** The afternoon off that some pharmacies take in the middle of the week. */
const shortened = (weekday: string): string => `${weekday.slice(0, 5)}-13:00`

/** `09:00-13:00,14:00-18:00` as sessions; empty is closed. */
export const sessionsOf = (pattern: string): readonly Session[] =>
  pattern === ''
    ? []
    : pattern.split(',').map((part) => {
        const [opens = '', closes = ''] = part.split('-')
        return { opens: minuteOf(opens), closes: minuteOf(closes) }
      })

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** A service that starts an hour later and ends an hour and a half earlier than its pharmacy. */
export const shorterWeek = (week: WeeklyHours): WeeklyHours =>
  week.map((sessions) => {
    const first = sessions?.[0]
    const last = sessions?.at(-1)
    if (!first || !last || last.closes - first.opens < 300) return sessions ?? []
    return [{ opens: first.opens + 60, closes: last.closes - 90 }]
  })

const CORE_DAY_MINUTES = 8 * 60
const CORE_WEEK_MINUTES = 40 * 60

/** The first 40 hours of a week, at most 8 of a day: its core hours. Undefined for a week that is shorter. */
export function firstFortyHours(week: WeeklyHours): WeeklyHours | undefined {
  let left = CORE_WEEK_MINUTES
  const core = week.map((sessions) => {
    let today = Math.min(left, CORE_DAY_MINUTES)
    return (sessions ?? []).flatMap(({ opens, closes }) => {
      const minutes = Math.min(closes - opens, today)
      today -= minutes
      left -= minutes
      return minutes > 0 ? [{ opens, closes: opens + minutes }] : []
    })
  })
  return left === 0 ? core : undefined
}

/** Every day the same. */
export const daily = (pattern: string): WeeklyHours => Array.from({ length: 7 }, () => sessionsOf(pattern))

/** Monday to Friday, closed at weekends. */
export const weekdays = (pattern: string, saturday = ''): WeeklyHours =>
  [pattern, pattern, pattern, pattern, pattern, saturday, ''].map(sessionsOf)
