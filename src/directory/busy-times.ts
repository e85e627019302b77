/**
 * A coarse, generous summary of opening times: "might it be open in that quarter of an hour of such a day?" A search for
 * who is open skips whole regions by it; what it lets through is then asked exactly (`isOpenAt`). It may say yes too
 * often; where it says no, that is so.
 *
 * A day is four numbers of 24 bits, a bit for each quarter of an hour.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { type DayNumber, dayOf, type LocalDate, MINUTES_PER_DAY, weekdayIndex } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'

export const WORDS = 4
const QUARTER_MINUTES = 15
const QUARTERS_A_WORD = 24
const WORD_MINUTES = QUARTER_MINUTES * QUARTERS_A_WORD
const WHOLE_WORD = 2 ** QUARTERS_A_WORD - 1

/** The summary of a service: `WORDS` numbers for each kind of day. Kinds 0 to 6 are the weekdays, 7 is a bank holiday. */
export type BusyTimes = readonly number[]

export const DAY_KINDS = 8
const BANK_HOLIDAY_KIND = 7

/** Which kind of day a date is. */
export const dayKindOf = (day: DayNumber, holidays: HolidayCalendar): number =>
  holidays.isBankHoliday(day) ? BANK_HOLIDAY_KIND : weekdayIndex(day)

/** Which of a day's numbers holds a minute. */
export const wordOf = (minute: number): number => Math.floor(minute / WORD_MINUTES)

/** The bit of that number. */
export const bitOf = (minute: number): number => 1 << (Math.floor(minute / QUARTER_MINUTES) % QUARTERS_A_WORD)

/**
 * The summary of a service. A date with hours of its own counts for its weekday and, because holidays can be moved, for
 * bank holidays; what runs past midnight counts for every kind of day.
 */
export function busyTimesOf({ weekly, bankHoliday, openAllHours, specified }: OpeningTimes): BusyTimes {
  const busy = new Array<number>(DAY_KINDS * WORDS).fill(openAllHours ? WHOLE_WORD : 0)
  if (openAllHours) return busy
  const add = (kind: number, sessions: readonly Session[] | null | undefined) => {
    for (const { opens, closes } of sessions ?? []) {
      mark(busy, kind, opens, closes)
      for (let any = 0; closes > MINUTES_PER_DAY && any < DAY_KINDS; any++) mark(busy, any, 0, closes - MINUTES_PER_DAY)
    }
  }
  for (let weekday = 0; weekday < 7; weekday++) add(weekday, weekly[weekday])
  add(BANK_HOLIDAY_KIND, bankHoliday)
  for (const [date, sessions] of Object.entries(specified)) {
    add(weekdayIndex(dayOf(date as LocalDate)), sessions)
    add(BANK_HOLIDAY_KIND, sessions)
  }
  return busy
}

/** When a service is open on one date, in minutes of that day; what runs over from the day before comes first. */
export function openSpellsOn(hours: CompiledHours, day: DayNumber): readonly Session[] {
  const today = (compiledSessionsOn(hours, day).sessions ?? []).map(({ opens, closes }) => ({
    opens,
    closes: Math.min(closes, MINUTES_PER_DAY),
  }))
  if (!hours.overnight) return today
  const yesterday = compiledSessionsOn(hours, day - 1).sessions ?? []
  const tails = yesterday
    .filter(({ closes }) => closes > MINUTES_PER_DAY)
    .map(({ closes }) => ({ opens: 0, closes: closes - MINUTES_PER_DAY }))
  return [...tails, ...today]
}

/** Adds to `busy`, `WORDS` numbers, when a service is open on one date. */
export function addBusyOn(busy: number[], hours: CompiledHours, day: DayNumber): void {
  for (const { opens, closes } of openSpellsOn(hours, day)) mark(busy, 0, opens, closes)
}

/** Sets the bits of a session, as far as it lies within the day. */
function mark(busy: number[], kind: number, opens: number, closes: number): void {
  const end = Math.min(closes, MINUTES_PER_DAY)
  for (let minute = opens - (opens % QUARTER_MINUTES); minute < end; minute += QUARTER_MINUTES) {
    const word = WORDS * kind + wordOf(minute)
    busy[word] = (busy[word] ?? 0) | bitOf(minute)
  }
}
