/** The standard opening times form: body to command, or field problems. No I/O. */
import { formatSessions } from '#src/rules/clock-time.ts'
import type { DayHours, WeeklyHours } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, rawIn, tickIn } from './fields.ts'
import {
  hasSessionText,
  isLongDay,
  parseSessionFields,
  rowsToShow,
  saysSessions,
  sessionFields,
  withAnotherSession,
} from './session-fields.ts'

/** The days of the page, Monday first, by the prefix of their fields. */
export const DAYS = [
  { prefix: 'monday', name: 'Monday' },
  { prefix: 'tuesday', name: 'Tuesday' },
  { prefix: 'wednesday', name: 'Wednesday' },
  { prefix: 'thursday', name: 'Thursday' },
  { prefix: 'friday', name: 'Friday' },
  { prefix: 'saturday', name: 'Saturday' },
  { prefix: 'sunday', name: 'Sunday' },
] as const

type Day = (typeof DAYS)[number]

/** A week as the form shows it. A day that is not known has no answer yet. */
export const weeklyFields = (weekly: WeeklyHours): Fields =>
  Object.assign({}, ...DAYS.map(({ prefix }, day) => dayFields(prefix, weekly[day] ?? null)))

function dayFields(prefix: string, hours: DayHours): Fields {
  if (hours === null) return {}
  return { [`${prefix}-open`]: hours.length > 0 ? 'yes' : 'no', ...sessionFields(prefix, hours) }
}

/** One day as the form shows it. */
export type DayInForm = {
  readonly prefix: string
  readonly name: string
  readonly rows: number
  readonly open: string
  /** Nobody ever told us this day: it is asked, not assumed closed. */
  readonly unknown: boolean
}

/** The days of a form that was opened with `shown`. */
export const daysInForm = (fields: Fields, shown: WeeklyHours): readonly DayInForm[] =>
  DAYS.map(({ prefix, name }, day) => ({
    prefix,
    name,
    rows: rowsToShow(fields, prefix),
    open: rawIn(fields, `${prefix}-open`),
    unknown: (shown[day] ?? null) === null,
  }))

/** Tuesday to Friday as Monday is in the form, whether Monday's times are right or not. */
export function copyMonday(fields: Fields): Fields {
  const weekdays = DAYS.slice(1, 5).map(({ prefix }) => `${prefix}-`)
  const others = Object.entries(fields).filter(([name]) => !weekdays.some((prefix) => name.startsWith(prefix)))
  const copied = Object.entries(fields)
    .filter(([name]) => name.startsWith('monday-'))
    .flatMap(([name, value]) => weekdays.map((prefix) => [name.replace('monday-', prefix), value] as const))
  return Object.fromEntries([...others, ...copied])
}

/** The form after one of its own buttons was pressed: `copy-monday` or `add-DAY`; undefined for any other button. */
export function weeklyFormAfter(fields: Fields, button: string): { fields: Fields; at: string } | undefined {
  if (button === 'copy-monday') return { fields: copyMonday(fields), at: 'tuesday' }
  const day = DAYS.find(({ prefix }) => button === `add-${prefix}`)
  return day && { fields: { ...withAnotherSession(fields, day.prefix), [`${day.prefix}-open`]: 'yes' }, at: day.prefix }
}

/**
 * Reads the form. `shown` is the week that the form was opened with: boxes that still say it may stay filled when a
 * day is unticked, but times typed into an unticked day are asked about, so that nobody's words are dropped.
 */
export function parseOpeningTimesForm(fields: Fields, shown: WeeklyHours): Result<WeeklyHours> {
  const read = DAYS.map((day, index) => readDay(fields, day, shown[index] ?? null))
  const problems = read.flatMap((day) => (day.ok ? [] : day.problems))
  if (problems.length > 0) return refused(...problems)
  const weekly = read.map((day) => (day.ok ? day.value : null))
  const doubts = [...longDayDoubt(fields, weekly), ...allClosedDoubt(fields, weekly)]
  return doubts.length > 0 ? refused(...doubts) : accepted(weekly)
}

function readDay(fields: Fields, { prefix, name }: Day, shown: DayHours): Result<DayHours> {
  const open = tickIn(fields, `${prefix}-open`)
  const answered = (fields[`${prefix}-open`] ?? '') !== ''
  const unknown = shown === null && !answered
  if (open === undefined || (unknown && !hasSessionText(fields, prefix))) {
    return refused(problem(`${prefix}-open`, 'missing', `Select if ${name} is open or closed`))
  }
  if (open) return parseSessionFields(fields, prefix, name)
  if (!hasSessionText(fields, prefix) || saysSessions(fields, prefix, shown ?? [])) return accepted([])
  return refused(
    problem(`${prefix}-open`, 'contradiction', `Select that ${name} is open, or clear the times you entered for it`),
  )
}

function longDayDoubt(fields: Fields, weekly: WeeklyHours): readonly Problem[] {
  const long = DAYS.flatMap(({ name }, day) => {
    const hours = weekly[day] ?? []
    return isLongDay(hours) ? [`${name} ${formatSessions(hours)}`] : []
  })
  if (long.length === 0 || tickIn(fields, 'confirm-long')) return []
  const message = `More than 16 hours: ${long.join('; ')}. Correct the times, or tick to say that they are right`
  return [problem('confirm-long', 'confirm', message)]
}

function allClosedDoubt(fields: Fields, weekly: WeeklyHours): readonly Problem[] {
  if (weekly.some((hours) => hours?.length !== 0) || tickIn(fields, 'confirm-closed')) return []
  const message = 'You said that you are closed every day. Select the days you open, or tick to say that it is right'
  return [problem('confirm-closed', 'confirm', message)]
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
