/** Says in words whether a pharmacy is open where it is closed out of turn, or where nobody visits it. Pure. */
import { reopeningWords } from '#src/profiles/closure-words.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { type CompiledHours, openStateAt } from '#src/rules/compiled-hours.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { CHECK_FIRST, dayWords, type OpenWords } from '#src/rules/opening-words.ts'

/** What a pharmacy that is shut until further notice says, whatever its opening times. */
export const TEMPORARILY_CLOSED: OpenWords = { tone: 'closed', sentence: 'Temporarily closed' }

/** The same statement about a pharmacy that nobody visits: it has staffed hours, and nobody is told to travel. */
export function withoutTravel({ tone, sentence }: OpenWords): OpenWords {
  const told = sentence.replace(`${CHECK_FIRST}: opening times`, 'Staffed hours').replace(`${CHECK_FIRST}: `, '')
  return { tone, sentence: told.charAt(0).toUpperCase() + told.slice(1) }
}

/**
 * The statement about a pharmacy that is closed out of turn: when it opens by its hours after the closure, and nothing of
 * hours where nobody knows its end. `until` as in the closure.
 */
export function closureWords(
  { until }: { readonly until: string | null },
  hours: CompiledHours,
  at: LondonTime,
  isNow: boolean,
): OpenWords {
  const closed = isNow ? 'Closed now' : 'Closed at this time'
  if (until === null) return { tone: 'closed', sentence: `${closed}. ${reopeningWords(null, at)}` }
  const state = openStateAt(hours, at)
  const opensAt = (state.open === false && state.opensAt) || parseLondonMinute(until) || at
  return { tone: 'closed', sentence: `${closed}. ${expectedSentence(opensAt, at, isNow)}` }
}

const expectedSentence = ({ day, minute }: LondonTime, at: LondonTime, isNow: boolean): string =>
  `Expected to reopen at ${formatTime(minute)} ${dayWords(day, at.day, isNow)}`

/** `0.5 km`, `19 km`; `less than 0.1 km` where it would be none. */
export function kilometresWords(metres: number): string {
  const kilometres = metres / 1000
  if (kilometres < 0.05) return 'less than 0.1 km'
  return `${kilometres < 9.95 ? Math.round(kilometres * 10) / 10 : Math.round(kilometres)} km`
}
