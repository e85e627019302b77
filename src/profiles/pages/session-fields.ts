/**
 * The sessions of one day as form fields: `PREFIX-1-from`, `PREFIX-1-to`, up to four pairs, typed as people write times.
 * Used by standard opening times, bank holidays and dated changes.
 */
import { formatTime, parseClockTime, sessionBetween } from '#src/rules/clock-time.ts'
import { normaliseSessions, type Session } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, lineIn } from './fields.ts'

/** How many sessions a form offers for a day. */
export const MOST_SESSIONS = 4
/** How many it shows and reads: a day that came from elsewhere with more of them loses none. */
const MOST_READ = 8
const LONG_DAY_MINUTES = 16 * 60

type Typed = { readonly from: string; readonly to: string }

/** Reads a day's sessions. `day` names it in messages ("Monday", "Christmas Day"). At least one session is needed. */
export function parseSessionFields(fields: Fields, prefix: string, day: string): Result<readonly Session[]> {
  const read = typedSessions(fields, prefix).map((typed, index) => ({
    field: `${prefix}-${index + 1}`,
    session: readSession(typed, `${prefix}-${index + 1}`, day),
  }))
  const given = read.filter(({ session }) => session !== undefined)
  if (given.length === 0) return refused(problem(`${prefix}-1-from`, 'missing', `Enter an opening time for ${day}`))
  const problems = given.flatMap(({ session }) => (session?.ok === false ? session.problems : []))
  if (problems.length > 0) return refused(...problems)
  const sessions = given.flatMap(({ field, session }) => (session?.ok ? [{ field, ...session.value }] : []))
  const overlapping = sessions.find((one, index) => sessions.slice(0, index).some((other) => overlap(one, other)))
  if (overlapping) return refused(problem(`${overlapping.field}-from`, 'overlap', `${day} times overlap`))
  const merged = normaliseSessions(sessions.map(({ opens, closes }) => ({ opens, closes })))
  return merged.ok ? merged : refused(problem(`${prefix}-1-from`, 'overlap', `${day} times overlap`))
}

/** Undefined when both boxes are empty: a session that is not there. */
function readSession({ from, to }: Typed, field: string, day: string): Result<Session> | undefined {
  if (from === '' && to === '') return undefined
  const opens = parseClockTime(from, 'opens')
  const closes = parseClockTime(to, 'closes')
  const problems = [
    ...timeProblems(from, opens, `${field}-from`, `an opening time for ${day}`),
    ...timeProblems(to, closes, `${field}-to`, `a closing time for ${day}`),
  ]
  if (opens === undefined || closes === undefined) return refused(...problems)
  const session = sessionBetween(opens, closes)
  return session
    ? accepted(session)
    : refused(problem(`${field}-to`, 'same', `${day} closing time must be different from its opening time`))
}

function timeProblems(text: string, minute: number | undefined, field: string, what: string): readonly Problem[] {
  if (text === '') return [problem(field, 'missing', `Enter ${what}`)]
  return minute === undefined ? [problem(field, 'invalid', `Enter ${what}, like 9am, 5:30pm or midday`)] : []
}

const typedSessions = (fields: Fields, prefix: string): readonly Typed[] =>
  Array.from({ length: MOST_READ }, (_, index) => ({
    from: lineIn(fields, `${prefix}-${index + 1}-from`),
    to: lineIn(fields, `${prefix}-${index + 1}-to`),
  }))

const overlap = (a: Session, b: Session): boolean => a.opens < b.closes && b.opens < a.closes

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

/** Whether anything was typed into a day's boxes. */
export const hasSessionText = (fields: Fields, prefix: string): boolean =>
  typedSessions(fields, prefix).some(({ from, to }) => from !== '' || to !== '')

/** Whether a day's boxes still say what they said when the form was opened. */
export function saysSessions(fields: Fields, prefix: string, sessions: readonly Session[]): boolean {
  const read = parseSessionFields(fields, prefix, '')
  return read.ok && sameSessions(read.value, sessions)
}

const sameSessions = (a: readonly Session[], b: readonly Session[]): boolean =>
  a.length === b.length && a.every(({ opens, closes }, i) => opens === b[i]?.opens && closes === b[i]?.closes)

/** Sessions as the form shows them. */
export const sessionFields = (prefix: string, sessions: readonly Session[]): Fields =>
  Object.fromEntries(
    sessions.slice(0, MOST_READ).flatMap(({ opens, closes }, index) => [
      [`${prefix}-${index + 1}-from`, formatTime(opens)],
      [`${prefix}-${index + 1}-to`, formatTime(closes)],
    ]),
  )

/** How many pairs of boxes to show: those in use, at least one, and those that were asked for with "add more times". */
export function rowsToShow(fields: Fields, prefix: string): number {
  const asked = Math.min(MOST_SESSIONS, Math.floor(Number(fields[`${prefix}-rows`])) || 1)
  const used = typedSessions(fields, prefix).findLastIndex(({ from, to }) => from !== '' || to !== '') + 1
  return Math.max(1, asked, used)
}

/** The fields after "add another session" was pressed for a day. */
export const withAnotherSession = (fields: Fields, prefix: string): Fields => ({
  ...fields,
  [`${prefix}-rows`]: String(Math.min(MOST_SESSIONS, rowsToShow(fields, prefix) + 1)),
})

/** Whether a day is open for more than 16 hours: possible, and more often a morning typed for an evening. */
export const isLongDay = (sessions: readonly Session[]): boolean =>
  sessions.reduce((minutes, { opens, closes }) => minutes + closes - opens, 0) > LONG_DAY_MINUTES
