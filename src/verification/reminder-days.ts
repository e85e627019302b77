/** Which reminders are due on a day. Pure: what went out already is for `reminders.ts` to know. */
import type { HolidayCalendar, StatutoryDay } from '#src/rules/bank-holidays.ts'
import { type FinancialQuarter, quarterOf } from '#src/rules/financial-quarter.ts'
import { dayOf, type LocalDate } from '#src/rules/london-time.ts'

/** Days of a quarter, the first is 1, on which whoever has something to check is reminded. */
export const REMINDER_DAYS: readonly number[] = [30, 60, 75, 83, 88]
/** Days before a holiday on which whoever has not answered for it is reminded: eight weeks, four weeks, ten days. */
export const HOLIDAY_LEADS: readonly number[] = [56, 28, 10]

/** A reminder that was missed is not made up for when the next one comes within so many days. */
const TOO_NEAR_DAYS = 3
/** Holidays no further apart than this are asked for together: Christmas and New Year, Easter. */
const SAME_SEASON_DAYS = 7

export type CheckReminder = { readonly key: string; readonly quarter: FinancialQuarter; readonly day: number }

/** Holidays that are asked for together. There is a key for each day, so that one proclaimed late is still asked for. */
export type HolidayReminder = { readonly keys: readonly string[]; readonly days: readonly StatutoryDay[] }

/**
 * The reminder to check that is due: today's, or the last one before, in case nothing ran on its day. Never two, and
 * none just before the next.
 */
export function checkReminderOn(today: LocalDate): CheckReminder | undefined {
  const quarter = quarterOf(today)
  const dayNumber = dayOf(today) - dayOf(quarter.starts) + 1
  const day = REMINDER_DAYS.findLast((candidate) => candidate <= dayNumber)
  const next = REMINDER_DAYS.find((candidate) => candidate > dayNumber)
  if (day === undefined || isTooNear(dayNumber - day, (next ?? Number.POSITIVE_INFINITY) - dayNumber)) return undefined
  return { key: `check ${quarter.id} day ${day}`, quarter, day }
}

/** The reminders of holidays that are due: each season's by its next day, today not included. */
export function holidayRemindersOn(today: LocalDate, holidays: HolidayCalendar): readonly HolidayReminder[] {
  const furthest = Math.max(...HOLIDAY_LEADS) + 2 * SAME_SEASON_DAYS
  const coming = holidays.statutoryDays(dayOf(today) + 1, dayOf(today) + furthest)
  return seasonsOf(coming).flatMap((days) => {
    const left = dayOf(days[0]?.date ?? today) - dayOf(today)
    const lead = HOLIDAY_LEADS.findLast((candidate) => candidate >= left)
    const next = HOLIDAY_LEADS.find((candidate) => candidate < left) ?? Number.NEGATIVE_INFINITY
    if (lead === undefined || isTooNear(lead - left, left - next)) return []
    return [{ keys: days.map(({ date }) => `holiday ${date} ${lead} days before`), days }]
  })
}

const isTooNear = (daysLate: number, daysToNext: number): boolean => daysLate > 0 && daysToNext <= TOO_NEAR_DAYS

function seasonsOf(days: readonly StatutoryDay[]): readonly (readonly StatutoryDay[])[] {
  const seasons: StatutoryDay[][] = []
  for (const day of days) {
    const last = seasons.at(-1)?.at(-1)
    if (last && dayOf(day.date) - dayOf(last.date) <= SAME_SEASON_DAYS) seasons.at(-1)?.push(day)
    else seasons.push([day])
  }
  return seasons
}
