/** "Within one working day": Monday to Friday without bank holidays, by London clocks. */
import type { HolidayCalendar } from './bank-holidays.ts'
import { type DayNumber, type LondonTime, MINUTES_PER_DAY, weekdayIndex } from './london-time.ts'

type Holidays = Pick<HolidayCalendar, 'isBankHoliday'>

const SATURDAY = 5

/** Whether offices work on this day. Source: Banking and Financial Dealings Act 1971 for the bank holidays. */
export const isWorkingDay = (day: DayNumber, holidays: Holidays): boolean =>
  weekdayIndex(day) < SATURDAY && !holidays.isBankHoliday(day)

/**
 * When one working day has passed since a moment: the same minute of the next working day. What comes in on a day off
 * counts from the beginning of the next working day, and so has all of that day.
 */
export function workingDayAfter({ day, minute }: LondonTime, holidays: Holidays): LondonTime {
  const next = nextWorkingDay(day, holidays)
  return isWorkingDay(day, holidays) ? { day: next, minute } : { day: nextWorkingDay(next, holidays), minute: 0 }
}

/** The last moment since which one working day has passed: `workingDayAfter` of it, and of all before it, is not later. */
export function workingDayBefore({ day, minute }: LondonTime, holidays: Holidays): LondonTime {
  const last = previousWorkingDay(day, holidays)
  if (!isWorkingDay(day, holidays)) {
    return { day: previousWorkingDay(last, holidays), minute: MINUTES_PER_DAY - 1 }
  }
  return { day: last, minute }
}

function nextWorkingDay(day: DayNumber, holidays: Holidays): DayNumber {
  let next = day + 1
  while (!isWorkingDay(next, holidays)) next += 1
  return next
}

function previousWorkingDay(day: DayNumber, holidays: Holidays): DayNumber {
  let last = day - 1
  while (!isWorkingDay(last, holidays)) last -= 1
  return last
}
