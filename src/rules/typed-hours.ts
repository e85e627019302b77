/** The hours of a day in one line, as people write and read them: `9am to 1pm, 2pm to 6pm`, `Closed`, `Open 24 hours`. */
import { parseClockTime, sessionBetween } from './clock-time.ts'
import { MINUTES_PER_DAY } from './london-time.ts'
import { normaliseSessions, type Session } from './opening-times.ts'

/** Longer than any day's hours are written. */
const LONGEST = 200

/**
 * Reads what `formatSessions` writes, and what people write instead: `-` for "to", "and" for a comma. No sessions is
 * closed. Undefined for anything else, overlapping times included.
 */
export function parseTypedHours(text: string): readonly Session[] | undefined {
  const tidy = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
  if (tidy.length > LONGEST) return undefined
  if (tidy === 'closed') return []
  if (tidy === 'open 24 hours' || tidy === '24 hours') return [{ opens: 0, closes: MINUTES_PER_DAY }]
  const sessions = tidy.split(/,|;| and /).map(readSession)
  const read = sessions.filter((session) => session !== undefined)
  if (read.length < sessions.length) return undefined
  const merged = normaliseSessions(read)
  return merged.ok ? merged.value : undefined
}

function readSession(text: string): Session | undefined {
  const [from = '', to = '', ...more] = text.replace(/ ?the next day$/, '').split(/ to | ?[-–] ?/)
  const [opens, closes] = [parseClockTime(from.trim(), 'opens'), parseClockTime(to.trim(), 'closes')]
  if (more.length > 0 || opens === undefined || closes === undefined) return undefined
  return sessionBetween(opens, closes)
}
