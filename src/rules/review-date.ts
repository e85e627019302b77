/** When something that was looked at has to be looked at again. Pure. */
import { dateOf, type LocalDate } from './london-time.ts'

/** How often a local service is reviewed, in months; the longest that anybody may choose is the last. */
export const REVIEW_MONTHS: readonly number[] = [3, 6, 12, 24]

/** The same day so many months later; where that month is shorter, its last day. */
export function monthsAfter(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dateOf(Date.UTC(year, month - 1 + months, Math.min(day, lastDay)) / 86_400_000)
}
