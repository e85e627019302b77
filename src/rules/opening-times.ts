/**
 * When a service is open, in London wall-clock time.
 *
 * Pure: no clock, no time zone, no I/O. Turn an instant into a `LondonTime` with `toLondon()` before asking anything here.
 */
import type { LocalDate } from './london-time.ts'

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
