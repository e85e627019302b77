/** A week of hours as one sentence. */
import { dayName, formatSessions } from '#src/rules/clock-time.ts'
import type { DayHours, WeeklyHours } from '#src/rules/opening-times.ts'
import { hoursInSentence } from './change-words.ts'

/**
 * A week in words, days with the same hours together: `Monday to Friday 9am to 5pm; Saturday and Sunday closed`. Days
 * that nobody told us are `not known`.
 */
export function weekInWords(weekly: WeeklyHours): string {
  const runs = runsOf(weekly)
  const [only] = runs
  if (only && runs.length === 1) {
    return only.hours === null ? 'Not known' : `Every day ${hoursInSentence(only.hours)}`
  }
  return runs.map(({ from, to, hours }) => `${daysInWords(from, to)} ${wordsOf(hours)}`).join('; ')
}

type Run = { readonly from: number; readonly to: number; readonly hours: DayHours }

const wordsOf = (hours: DayHours): string => (hours === null ? 'not known' : hoursInSentence(hours))

/** A run begins on each day whose hours are not those of the day before. */
function runsOf(weekly: WeeklyHours): readonly Run[] {
  const starts = weekly.flatMap((hours, day) => (day === 0 || !isSame(hours, weekly[day - 1] ?? null) ? [day] : []))
  return starts.map((from, index) => ({
    from,
    to: (starts[index + 1] ?? weekly.length) - 1,
    hours: weekly[from] ?? null,
  }))
}

const isSame = (a: DayHours, b: DayHours): boolean =>
  a === null || b === null ? a === b : formatSessions(a) === formatSessions(b)

function daysInWords(from: number, to: number): string {
  if (from === to) return dayName(from)
  return `${dayName(from)} ${to === from + 1 ? 'and' : 'to'} ${dayName(to)}`
}
