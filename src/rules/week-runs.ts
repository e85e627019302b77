/** Days of a week that follow each other with the same hours, as people say them: Monday to Friday. */
import { dayName } from './clock-time.ts'
import { sameSessions } from './compare-hours.ts'
import type { DayHours, WeeklyHours } from './opening-times.ts'

/** `from` and `to` are weekdays, 0 Monday, both included. */
export type WeekRun = { readonly from: number; readonly to: number; readonly hours: DayHours }

/** The runs of a week, in order; together they are the whole week. */
export function weekRuns(weekly: WeeklyHours): readonly WeekRun[] {
  const starts = weekly.flatMap((hours, day) =>
    day === 0 || !sameSessions(hours, weekly[day - 1] ?? null) ? [day] : [],
  )
  return starts.map((from, index) => ({
    from,
    to: (starts[index + 1] ?? weekly.length) - 1,
    hours: weekly[from] ?? null,
  }))
}

/** `Monday`, `Saturday and Sunday`, `Monday to Friday`, `Every day`. */
export function daysOfRun({ from, to }: Pick<WeekRun, 'from' | 'to'>): string {
  if (from === to) return dayName(from)
  if (from === 0 && to === 6) return 'Every day'
  return `${dayName(from)} ${to === from + 1 ? 'and' : 'to'} ${dayName(to)}`
}
