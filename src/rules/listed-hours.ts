/** Opening hours as the Consolidated Pharmaceutical List writes them: one text for each day. */

import { endOfDay } from './clock-time.ts'
import { formatClock, MINUTES_PER_DAY } from './london-time.ts'
import { normaliseSessions, type Session, type WeeklyHours } from './opening-times.ts'
import { accepted, type Problem, type Result, refused } from './problems.ts'

const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d'
const INTERVAL = new RegExp(`^(${CLOCK})-(${CLOCK}|24:00)$`)

/**
 * Reads the hours of one day: `CLOSED`, or `HH:MM-HH:MM` intervals joined by commas. Anything else, a blank included, is
 * refused and never guessed: the caller then treats that day as unknown.
 *
 * Touching intervals are merged and overlapping ones refused. An end before its start is on the next day; an end at
 * 23:59, 00:00 or 24:00 is midnight; an end equal to its start is refused, except 00:00-00:00, which is the whole day.
 *
 * Source: NHSBSA Consolidated Pharmaceutical List.
 */
export function parseListedHours(text: string): Result<readonly Session[]> {
  if (text === 'CLOSED') return accepted([])
  if (text.trim() === '')
    return refused(problem('blank', 'The hours are blank: write CLOSED or the hours, such as 09:00-17:30'))
  const sessions: Session[] = []
  for (const part of text.split(',')) {
    const session = parseInterval(part)
    if (!session.ok) return session
    sessions.push(session.value)
  }
  return normaliseSessions(sessions)
}

function parseInterval(text: string): Result<Session> {
  const match = INTERVAL.exec(text)
  if (!match) {
    return refused(problem('not-hours', `“${text.slice(0, 40)}” is not in the form 09:00-17:30 (or CLOSED)`))
  }
  const opens = minuteOf(match[1] ?? '')
  const closes = endOfDay(minuteOf(match[2] ?? ''))
  if (closes === opens) return refused(problem('no-length', `${text} opens and closes at the same time`))
  return accepted({ opens, closes: closes < opens ? closes + MINUTES_PER_DAY : closes })
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const problem = (code: string, message: string): Problem => ({ field: 'hours', code, message })

/**
 * Whether the weekday closings betray a spreadsheet filled downwards: Monday to Friday each close one minute after the
 * day before. The hours are valid and wrong: worth a warning, never a refusal.
 */
export function hasFillDownFault(week: WeeklyHours): boolean {
  const closings = week.slice(0, 5).map((day) => day?.at(-1)?.closes)
  return (
    closings.length === 5 &&
    closings.every((closes, day) => closes !== undefined && closes === (closings[0] ?? 0) + day)
  )
}

/** The hours of a day as the list writes them, midnight as 24:00. The inverse of `parseListedHours`. */
export const formatListedHours = (sessions: readonly Session[]): string =>
  sessions.length === 0
    ? 'CLOSED'
    : sessions.map(({ opens, closes }) => `${formatClock(opens)}-${formatEnd(closes)}`).join(',')

const formatEnd = (closes: number): string => formatClock(closes > MINUTES_PER_DAY ? closes - MINUTES_PER_DAY : closes)
