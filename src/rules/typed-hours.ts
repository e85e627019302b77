/** A day's hours written in one line, as people write them into a spreadsheet or an email. */
import { parseClockTime, sessionBetween } from './clock-time.ts'
import { normaliseSessions, type Session } from './opening-times.ts'
import { accepted, type Result, refused } from './problems.ts'

/**
 * Reads `9am to 1pm, 2pm to 5:30pm`, `09:00-13:00,14:00-17:30`, `24 hours` or `closed`. An end at or before its start
 * is on the next day.
 */
export function parseTypedHours(text: string): Result<readonly Session[]> {
  const plain = text.normalize('NFKC').trim().toLowerCase()
  if (/^(closed|shut|no)$/.test(plain)) return accepted([])
  if (/^(open )?24 ?(hours|hrs|h)$/.test(plain)) return accepted([{ opens: 0, closes: 1440 }])
  const sessions = plain.split(/[,;&]|\band\b/).map(readSession)
  if (plain === '' || sessions.includes(undefined)) {
    return refused({
      field: 'hours',
      code: 'invalid',
      message: `“${text.trim()}” is not hours. Write closed, or times like 9am to 1pm, 2pm to 5:30pm`,
    })
  }
  return normaliseSessions(sessions as readonly Session[])
}

function readSession(text: string): Session | undefined {
  const [from, to, ...rest] = text.split(/\s*(?:-|–|—|\bto\b|\buntil\b)\s*/)
  if (from === undefined || to === undefined || rest.length > 0) return undefined
  const [opens, closes] = [parseClockTime(from, 'opens'), parseClockTime(to, 'closes')]
  return opens === undefined || closes === undefined ? undefined : sessionBetween(opens, closes)
}
