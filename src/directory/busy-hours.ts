/**
 * A coarse, generous summary of opening times: "might it be open in that hour of such a day?" A search for who is open
 * skips whole regions by it; what it lets through is then asked exactly (`isOpenAt`). It may say yes too often, never no.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type DayNumber, dayOf, type LocalDate, MINUTES_PER_DAY, weekdayIndex } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'

/** For each kind of day, 24 bits, one an hour. Kinds 0 to 6 are the weekdays, Monday first, 7 is a bank holiday. */
export type BusyHours = readonly number[]

export const DAY_KINDS = 8
const BANK_HOLIDAY_KIND = 7
const EVERY_HOUR = 0xff_ffff

/** Which kind of day a date is. */
export const dayKindOf = (day: DayNumber, holidays: HolidayCalendar): number =>
  holidays.isBankHoliday(day) ? BANK_HOLIDAY_KIND : weekdayIndex(day)

/** The bit of the hour that holds a minute of the day. */
export const hourBit = (minute: number): number => 1 << Math.floor(minute / 60)

/**
 * The summary of one service. A date with hours of its own counts for its weekday and, because holidays can be moved,
 * for bank holidays; what runs past midnight counts for every kind of day.
 */
export function busyHoursOf({ weekly, bankHoliday, openAllHours, specified }: OpeningTimes): BusyHours {
  if (openAllHours) return new Array<number>(DAY_KINDS).fill(EVERY_HOUR)
  const kinds = new Array<number>(DAY_KINDS).fill(0)
  let afterMidnight = 0
  const add = (kind: number, sessions: readonly Session[] | null | undefined) => {
    for (const { opens, closes } of sessions ?? []) {
      kinds[kind] = (kinds[kind] ?? 0) | hoursBetween(opens, Math.min(closes, MINUTES_PER_DAY))
      afterMidnight |= hoursBetween(0, closes - MINUTES_PER_DAY)
    }
  }
  for (let weekday = 0; weekday < 7; weekday++) add(weekday, weekly[weekday])
  add(BANK_HOLIDAY_KIND, bankHoliday)
  for (const [date, sessions] of Object.entries(specified)) {
    add(weekdayIndex(dayOf(date as LocalDate)), sessions)
    add(BANK_HOLIDAY_KIND, sessions)
  }
  return kinds.map((hours) => hours | afterMidnight)
}

function hoursBetween(opens: number, closes: number): number {
  let hours = 0
  for (let hour = Math.floor(opens / 60); hour < 24 && hour * 60 < closes; hour++) hours |= 1 << hour
  return hours
}
