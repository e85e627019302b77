/** Says in words whether a pharmacy is open where it is closed out of turn, or where nobody visits it. Pure. */
import { reopeningWords } from '#src/profiles/closure-words.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { type CompiledHours, openStateAt } from '#src/rules/compiled-hours.ts'
import { METRES_PER_MILE } from '#src/rules/distance.ts'
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

/** `0.5 km`, `19 km`; `110 metres` and `less than 50 metres` where kilometres would say nothing. */
export function kilometresWords(metres: number): string {
  if (metres < 50) return 'less than 50 metres'
  if (metres < METRES_PER_MILE / 10) return `${Math.round(metres / 10) * 10} metres`
  const kilometres = metres / 1000
  return `${kilometres < 9.95 ? Math.round(kilometres * 10) / 10 : Math.round(kilometres)} km`
}
