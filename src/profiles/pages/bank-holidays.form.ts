/** The bank holidays form: body to command, or field problems. No I/O. */
import type { HolidayAnswer } from '#src/profiles/profile.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, lineIn } from './fields.ts'
import {
  hasSessionText,
  parseSessionFields,
  saysSessions,
  sessionFields,
  withAnotherSession,
} from './session-fields.ts'

/** A holiday that is asked about: its day in words, the usual hours of its weekday, and the answer there is. */
export type AskedHoliday = {
  readonly date: LocalDate
  readonly dayInWords: string
  readonly usual: DayHours
  readonly answer: HolidayAnswer | undefined
}

export type HolidayAnswers = Readonly<Record<LocalDate, HolidayAnswer>>

/** The name of a holiday's radios and the prefix of its times. */
export const holidayField = (date: LocalDate): string => `holiday-${date}`

/** The answers there are, as the form shows them. */
export const holidayFields = (asked: readonly AskedHoliday[]): Fields =>
  Object.assign({}, ...asked.map(({ date, answer }) => answerFields(holidayField(date), answer)))

function answerFields(field: string, answer: HolidayAnswer | undefined): Fields {
  if (!answer) return {}
  return { [field]: answer.answer, ...(answer.answer === 'other' ? sessionFields(field, answer.sessions) : {}) }
}

/** The form after "add another session" of a holiday was pressed: `add-holiday-DATE`; undefined for any other button. */
export function holidayFormAfter(
  fields: Fields,
  button: string,
  asked: readonly AskedHoliday[],
): { fields: Fields; at: string } | undefined {
  const field = asked.map(({ date }) => holidayField(date)).find((name) => button === `add-${name}`)
  return field ? { fields: { ...withAnotherSession(fields, field), [field]: 'other' }, at: field } : undefined
}

/** Reads the form: only the holidays that were answered. Those without an answer stay as they are. */
export function parseHolidaysForm(fields: Fields, asked: readonly AskedHoliday[]): Result<HolidayAnswers> {
  const read = asked.map((holiday) => ({ date: holiday.date, answer: readAnswer(fields, holiday) }))
  const problems = read.flatMap(({ answer }) => (answer?.ok === false ? answer.problems : []))
  if (problems.length > 0) return refused(...problems)
  const answers = read.flatMap(({ date, answer }) => (answer?.ok ? [[date, answer.value] as const] : []))
  const first = asked[0]
  if (answers.length === 0 && first) {
    return refused(problem(holidayField(first.date), 'missing', 'Answer at least one bank holiday'))
  }
  return accepted(Object.fromEntries(answers))
}

function readAnswer(fields: Fields, holiday: AskedHoliday): Result<HolidayAnswer> | undefined {
  const field = holidayField(holiday.date)
  const chosen = lineIn(fields, field)
  if (chosen === '' && !hasSessionText(fields, field)) return undefined
  if (chosen === 'other') {
    const sessions = parseSessionFields(fields, field, holiday.dayInWords)
    return sessions.ok ? accepted({ answer: 'other', sessions: sessions.value }) : sessions
  }
  if (chosen !== 'closed' && chosen !== 'usual') {
    return refused(problem(field, 'missing', `Select what you do on ${holiday.dayInWords}`))
  }
  return strayTimes(fields, holiday) ?? unknownUsual(chosen, holiday) ?? accepted({ answer: chosen })
}

/** Times beside "closed" or "usual hours" that are not just those the form was opened with. */
function strayTimes(fields: Fields, { date, dayInWords, answer }: AskedHoliday): Result<never> | undefined {
  const field = holidayField(date)
  const shown = answer?.answer === 'other' ? answer.sessions : []
  if (!hasSessionText(fields, field) || saysSessions(fields, field, shown)) return undefined
  return refused(
    problem(field, 'contradiction', `Select other hours for ${dayInWords}, or clear the times you entered for it`),
  )
}

function unknownUsual(chosen: string, { date, dayInWords, usual }: AskedHoliday): Result<never> | undefined {
  if (chosen !== 'usual' || usual !== null) return undefined
  return refused(
    problem(
      holidayField(date),
      'usual-unknown',
      `We do not know your usual hours for ${dayInWords}. Select other hours and enter them, or select closed`,
    ),
  )
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
