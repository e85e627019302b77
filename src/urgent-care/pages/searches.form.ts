/** What the form of the searches page asks for, read from the address. Pure. */
import { MONTH_NAMES, parseClockTime } from '#src/rules/clock-time.ts'
import { dayOf, instantOf, type LondonTime, minuteExists, parseLocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { SearchLookUp } from '#src/urgent-care/find-searches.ts'

export const FIELDS = [
  ...['case', 'account', 'transaction', 'tests', 'before'],
  ...['from-day', 'from-month', 'from-year', 'from-time', 'to-day', 'to-month', 'to-year', 'to-time'],
] as const
export type Field = (typeof FIELDS)[number]
/** The form as it was filled in; every field is there. */
export type SearchesForm = Readonly<Record<string, string>>

export type AskedSearches = { readonly lookUp: SearchLookUp; readonly before: number | undefined }

const LONGEST = 100

/** The fields as they were sent: on one line, not too long, empty when absent or sent twice. */
export function searchesForm(query: unknown): SearchesForm {
  const given = typeof query === 'object' && query !== null ? (query as Readonly<Record<string, unknown>>) : {}
  return Object.fromEntries(FIELDS.map((name) => [name, lineOf(given[name])]))
}

/** Reads the form. Problems name the field that a person must put right. */
export function readSearches(form: SearchesForm): Result<AskedSearches> {
  const from = readMoment(form, 'from', 'start')
  const to = readMoment(form, 'to', 'end')
  if (!from.ok || !to.ok) return refused(...(from.ok ? [] : from.problems), ...(to.ok ? [] : to.problems))
  if (from.value && to.value && from.value >= to.value) {
    return refused(problem('to-day', 'The end must be after the start'))
  }
  const { case: caseText = '', account = '', transaction = '', tests = '', before = '' } = form
  const lookUp: SearchLookUp = {
    caseText: caseText || null,
    username: account || null,
    transactionId: transaction || null,
    from: from.value,
    until: to.value,
    withTests: tests === 'yes',
  }
  return accepted({ lookUp, before: /^\d{1,15}$/.test(before) ? Number(before) : undefined })
}

const lineOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .slice(0, LONGEST * 2)
        .toWellFormed()
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
        .trim()
        .slice(0, LONGEST)
        .toWellFormed()
    : ''

type Side = 'start' | 'end'

/** Null when all boxes are empty. Without a time a day starts at midnight and ends at midnight; a minute is included. */
function readMoment(form: SearchesForm, prefix: 'from' | 'to', side: Side): Result<Date | null> {
  const [day = '', month = '', year = '', time = ''] = ['day', 'month', 'year', 'time'].map(
    (part) => form[`${prefix}-${part}`],
  )
  if (!day && !month && !year && !time) return accepted(null)
  const missing = [!day && 'day', !month && 'month', !year && 'year'].filter((part) => part !== false)
  if (missing.length > 0) {
    return refused(problem(`${prefix}-${missing[0]}`, `The ${side} must include a ${missing.join(' and a ')}`))
  }
  const date = parseLocalDate(`${year}-${monthNumber(month)}-${day.padStart(2, '0')}`)
  if (!date) return refused(problem(`${prefix}-day`, `The ${side} must be a real date, such as 11 12 2026`))
  const minute = time === '' ? 0 : parseClockTime(time)
  if (minute === undefined) {
    return refused(problem(`${prefix}-time`, `The time of the ${side} must be a time, such as 10:34 or 3pm`))
  }
  const moment: LondonTime = { day: dayOf(date), minute }
  if (!minuteExists(moment)) {
    return refused(problem(`${prefix}-time`, `The time of the ${side} does not exist: the clocks went forward`))
  }
  if (side === 'start') return accepted(instantOf(moment))
  return accepted(
    time === '' ? instantOf({ day: moment.day + 1, minute: 0 }) : new Date(instantOf(moment).getTime() + MINUTE_MS),
  )
}

const MINUTE_MS = 60_000

/** `12` for `12`, `Dec`, `december`; other text as it is. */
function monthNumber(text: string): string {
  const at = text.length < 3 ? -1 : MONTH_NAMES.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()))
  return (at < 0 ? text : String(at + 1)).padStart(2, '0')
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
