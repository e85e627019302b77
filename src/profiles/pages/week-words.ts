/** A week of hours as one sentence. */
import type { DayHours, WeeklyHours } from '#src/rules/opening-times.ts'
import { daysOfRun, weekRuns } from '#src/rules/week-runs.ts'
import { hoursInSentence } from './change-words.ts'

/**
 * A week in words, days with the same hours together: `Monday to Friday 9am to 5pm; Saturday and Sunday closed`. Days
 * that nobody told us are `not known`.
 */
export function weekInWords(weekly: WeeklyHours): string {
  const runs = weekRuns(weekly)
  const [only] = runs
  if (only && runs.length === 1 && only.hours === null) return 'Not known'
  return runs.map((run) => `${daysOfRun(run)} ${wordsOf(run.hours)}`).join('; ')
}

const wordsOf = (hours: DayHours): string => (hours === null ? 'not known' : hoursInSentence(hours))
