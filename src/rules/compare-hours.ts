/** Whether two sets of hours say the same. What a change is, and what is not one, is decided here. */
import { type DayNumber, dayOf, type LocalDate } from './london-time.ts'
import type { DayHours, OpeningTimes, Session } from './opening-times.ts'

/** Hours that replace the usual ones, by date. An empty list is "closed all day". */
export type SpecifiedHours = OpeningTimes['specified']

/**
 * Whether two sessions share any time. Sessions that only touch do not: 8am to midday and midday to 5pm are one spell,
 * to be merged. Any unit will do, as long as both use it.
 */
export const sessionsOverlap = (a: Session, b: Session): boolean => a.opens < b.closes && b.opens < a.closes

/** Whether two days have the same sessions, in whatever order. Not known equals not known, and nothing else. */
export function sameSessions(a: DayHours, b: DayHours): boolean {
  if (a === null || b === null || a.length !== b.length) return a === b
  const inOrder = sorted(b)
  return sorted(a).every(({ opens, closes }, index) => {
    const other = inOrder[index]
    return other?.opens === opens && other.closes === closes
  })
}

const sorted = (sessions: readonly Session[]): readonly Session[] =>
  sessions.toSorted((a, b) => a.opens - b.opens || a.closes - b.closes)

/** Whether two sets of dates say the same: a date that is closed differs from a date that is not there. */
export function sameDates(a: SpecifiedHours, b: SpecifiedHours): boolean {
  const dates = Object.keys(a) as LocalDate[]
  return (
    dates.length === Object.keys(b).length &&
    dates.every((date) => {
      const other = b[date]
      return other !== undefined && sameSessions(a[date] ?? [], other)
    })
  )
}

/** The dates that are not past: today is kept. */
export function upcomingDates(specified: SpecifiedHours, today: DayNumber): SpecifiedHours {
  const kept = Object.entries(specified).filter(([date]) => dayOf(date as LocalDate) >= today)
  return Object.fromEntries(kept) as SpecifiedHours
}

/** Whether two sets of dates say the same of today and later: a past date is no difference, on either side. */
export const sameUpcomingDates = (a: SpecifiedHours, b: SpecifiedHours, today: DayNumber): boolean =>
  sameDates(upcomingDates(a, today), upcomingDates(b, today))
