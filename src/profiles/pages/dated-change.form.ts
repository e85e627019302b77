/** The form of one closure or dated change: body to command, or field problems. No I/O. */
import { LONGEST_NOTE } from '#src/profiles/decide.ts'
import type { DatedChange } from '#src/profiles/profile.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { formatDate, parseClockTime } from '#src/rules/clock-time.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import type { DayHours, Session } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { sessionsWithout } from '#src/rules/shared-sessions.ts'
import { dateFields, parseDateFields } from './date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from './fields.ts'
import { parseSessionFields, sessionFields, withAnotherSession } from './session-fields.ts'

/** Further ahead than this a date is nearly always a slip of the year. */
const FURTHEST_DAYS = 731

/** What a change is, before it has an id. */
export type ChangeAnswers = Omit<DatedChange, 'id'>

/** What the form must know: the London date and the hours that would hold on a date without this change. */
export type ChangeContext = { readonly today: LocalDate; readonly usualOn: (date: LocalDate) => DayHours }

/** A change as the form shows it. What was once "closed for part of the day" is shown as the hours it left. */
export function changeFields(change: ChangeAnswers): Fields {
  return {
    'from-when': 'other',
    ...dateFields('from', change.from),
    ...(change.to === change.from ? {} : dateFields('to', change.to)),
    what: change.sessions.length === 0 ? 'closed' : 'hours',
    ...sessionFields('hours', change.sessions),
    reason: change.reason,
    note: change.note ?? '',
  }
}

/** The form after "add another session" was pressed; undefined for any other button. */
export const changeFormAfter = (fields: Fields, button: string): { fields: Fields; at: string } | undefined =>
  button === 'add-hours'
    ? { fields: { ...withAnotherSession(fields, 'hours'), what: 'hours' }, at: 'hours-1-from' }
    : undefined

/** "Today" and "tomorrow" as the dates they mean now, so that a form that waits past midnight keeps its day. */
export function withFixedDay(fields: Fields, today: LocalDate): Fields {
  const when = lineIn(fields, 'from-when')
  if (when !== 'today' && when !== 'tomorrow') return fields
  return { ...fields, 'from-when': 'other', ...dateFields('from', quickDate(when, today)) }
}

const quickDate = (when: 'today' | 'tomorrow', today: LocalDate): LocalDate =>
  when === 'today' ? today : dateOf(dayOf(today) + 1)

/** Reads the form. Whether the dates may be changed at all (past, too long) is for `decide.ts`. */
export function parseChangeForm(fields: Fields, context: ChangeContext): Result<ChangeAnswers> {
  const from = readFirstDay(fields, context.today)
  const to = readLastDay(fields, from)
  const reason = readReason(fields)
  const note = readNote(fields)
  const sessions = from.ok && to.ok ? readHours(fields, from.value, to.value, context) : readHoursAlone(fields)
  const problems = [from, to, sessions, reason, note].flatMap((part) => (part.ok ? [] : part.problems))
  if (!from.ok || !to.ok || !sessions.ok || !reason.ok || !note.ok) return refused(...problems)
  return accepted({
    from: from.value,
    to: to.value,
    sessions: sessions.value,
    reason: reason.value,
    note: note.value,
  })
}

function readFirstDay(fields: Fields, today: LocalDate): Result<LocalDate> {
  const when = lineIn(fields, 'from-when')
  if (when === 'today' || when === 'tomorrow') return accepted(quickDate(when, today))
  const date = parseDateFields(fields, 'from', 'First day')
  if (date === undefined) {
    return when === 'other'
      ? refused(problem('from-day', 'missing', 'Enter the first day of the change'))
      : refused(problem('from-when', 'missing', 'Select when the change starts'))
  }
  if (when !== '' && when !== 'other') return refused(problem('from-when', 'missing', 'Select when the change starts'))
  if (date.ok && dayOf(date.value) - dayOf(today) > FURTHEST_DAYS) {
    return refused(problem('from-year', 'too-far', 'First day must be within the next 2 years'))
  }
  return date
}

function readLastDay(fields: Fields, from: Result<LocalDate>): Result<LocalDate> {
  return parseDateFields(fields, 'to', 'Last day') ?? (from.ok ? from : accepted('1970-01-01'))
}

function readReason(fields: Fields): Result<string> {
  const reason = proseIn(fields, 'reason')
  return (CHANGE_REASONS as readonly string[]).includes(reason)
    ? accepted(reason)
    : refused(problem('reason', 'missing', 'Select a reason'))
}

function readNote(fields: Fields): Result<string | null> {
  const note = proseIn(fields, 'note')
  if (isUnreadable(note)) {
    return refused(problem('note', 'invalid', 'The public note must use letters, numbers and punctuation only'))
  }
  if ([...note].length > LONGEST_NOTE) {
    return refused(problem('note', 'too-long', `The public note must be ${LONGEST_NOTE} characters or fewer`))
  }
  return accepted(note === '' ? null : note)
}

function readHours(fields: Fields, from: LocalDate, to: LocalDate, context: ChangeContext): Result<readonly Session[]> {
  return lineIn(fields, 'what') === 'part' ? readPart(fields, from, to, context) : readHoursAlone(fields)
}

/** The hours as far as they can be judged without knowing the days. */
function readHoursAlone(fields: Fields): Result<readonly Session[]> {
  switch (lineIn(fields, 'what')) {
    case 'closed':
      return accepted([])
    case 'hours':
      return parseSessionFields(fields, 'hours', 'these days')
    case 'part': {
      const part = readPartTimes(fields)
      return part.ok ? accepted([]) : part
    }
    default:
      return refused(problem('what', 'missing', 'Select if you are closed or open at different times'))
  }
}

function readPart(
  fields: Fields,
  from: LocalDate,
  to: LocalDate,
  { usualOn }: ChangeContext,
): Result<readonly Session[]> {
  const part = readPartTimes(fields)
  if (!part.ok) return part
  const usual = usualOn(from)
  if (usual === null) return refused(needsHours(`We do not know your usual hours on ${formatDate(from)}`))
  if (!sameEveryDay(from, to, usualOn))
    return refused(needsHours('Your usual hours are not the same on all of these days'))
  const left = sessionsWithout(usual, [{ opens: part.value.from, closes: part.value.to }])
  if (JSON.stringify(left) !== JSON.stringify(usual)) return accepted(left)
  return refused(problem('part-from', 'closed-then', `You are already closed at this time on ${formatDate(from)}`))
}

const needsHours = (because: string): Problem =>
  problem('what', 'hours-needed', `${because}. Select ‘Open at different times’ and enter the hours you are open`)

function sameEveryDay(from: LocalDate, to: LocalDate, usualOn: ChangeContext['usualOn']): boolean {
  const first = JSON.stringify(usualOn(from))
  const last = Math.min(dayOf(to), dayOf(from) + FURTHEST_DAYS)
  for (let day = dayOf(from) + 1; day <= last; day++) {
    if (JSON.stringify(usualOn(dateOf(day))) !== first) return false
  }
  return true
}

/** From and to of "closed for part of the day"; no end means until closing. */
function readPartTimes(fields: Fields): Result<{ from: number; to: number }> {
  const fromText = lineIn(fields, 'part-from')
  const toText = lineIn(fields, 'part-to')
  const from = parseClockTime(fromText)
  const to = toText === '' ? Number.POSITIVE_INFINITY : parseClockTime(toText, 'closes')
  const problems: Problem[] = []
  if (fromText === '') problems.push(problem('part-from', 'missing', 'Enter the time you close'))
  else if (from === undefined)
    problems.push(problem('part-from', 'invalid', 'Enter the time you close, like 2pm or 2:30pm'))
  if (to === undefined)
    problems.push(problem('part-to', 'invalid', 'Enter the time you open again, like 3pm or 3:30pm'))
  if (from === undefined || to === undefined) return refused(...problems)
  if (to > from) return accepted({ from, to })
  return refused(problem('part-to', 'order', 'The time you open again must be later than the time you close'))
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
