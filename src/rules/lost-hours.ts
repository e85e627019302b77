/** How much of its opening a place loses by being closed out of turn. */
import type { HolidayCalendar } from './bank-holidays.ts'
import type { ClosedMinutes } from './closed-spells.ts'
import { MINUTES_PER_DAY } from './london-time.ts'
import { mergeSessions, type OpeningTimes, sessionsOn } from './opening-times.ts'

/**
 * Minutes of opening that fall into closures, within `span`. `times` are those that would have held without them;
 * closures that overlap count once, and days whose hours are not known lose nothing. London minutes since 1970, the end
 * of each spell left out; on the night of a clock change an hour more or less. Never throws.
 */
export function lostMinutes(
  times: OpeningTimes,
  closures: readonly ClosedMinutes[],
  { span, holidays }: { readonly span: ClosedMinutes; readonly holidays: HolidayCalendar },
): number {
  const closed = closures
    .map(({ from, until }) => ({ opens: Math.max(from, span.from), closes: Math.min(until, span.until) }))
    .filter(({ opens, closes }) => opens < closes)
  const merged = mergeSessions(closed)
  let lost = 0
  for (const { opens: from, closes: until } of merged) {
    // A session that began the day before may last beyond midnight.
    const lastDay = Math.floor((until - 1) / MINUTES_PER_DAY)
    for (let day = Math.floor(from / MINUTES_PER_DAY) - 1; day <= lastDay; day++) {
      const start = day * MINUTES_PER_DAY
      for (const { opens, closes } of sessionsOn(times, day, holidays).sessions ?? []) {
        lost += Math.max(0, Math.min(until, start + closes) - Math.max(from, start + opens))
      }
    }
  }
  return lost
}
