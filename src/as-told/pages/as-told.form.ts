/** What is asked on the page about what was told: its address, or its form, to a question or field problems. Pure. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { dateOf, formatClock, type LondonTime } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { formatMoment, type Moment, parseMoment } from '../asked-moment.ts'

/** Which service: by its uid, or all of a pharmacy's. */
export type Which = { readonly uid: number } | { readonly odsCode: string }
export type Asked = {
  readonly which: Which
  readonly at: Moment
  /** Null: the same moment. */
  readonly knownAt: Moment | null
}

/** The address of an answer; without `at` it is asked about now. */
export const addressOf = (uid: number, { at, knownAt }: Pick<Asked, 'at' | 'knownAt'>): string =>
  `/workspace/as-told?${new URLSearchParams({
    uid: String(uid),
    at: formatMoment(at),
    ...(knownAt ? { knownAt: formatMoment(knownAt) } : {}),
  })}`

/** Reads an address that names a service; undefined where it names none. `now` is the minute for what is left out. */
export function askedByAddress(query: unknown, now: Moment): Result<Asked> | undefined {
  const uid = valueIn(query, 'uid')
  if (uid === undefined) return undefined
  const which = parseWhich(uid)
  const given = valueIn(query, 'at')
  const at = given === undefined ? now : parseMoment(given)
  const knownText = valueIn(query, 'knownAt')
  const knownAt = knownText === undefined ? null : parseMoment(knownText)
  const problems = [
    ...(which && 'uid' in which
      ? []
      : [problem('service', 'invalid', 'Enter the number of a service, like 2000000001')]),
    ...momentProblems('at', 'The moment', at),
    ...(knownAt === null ? [] : momentProblems('known', 'What was known', knownAt)),
  ]
  if (problems.length > 0 || !which || !isMoment(at) || (knownAt !== null && !isMoment(knownAt))) {
    return refused(...problems)
  }
  return checked({ which, at, knownAt }, now)
}

/** Reads the form. Every field is judged, so that one sending shows every problem. */
export function askedByForm(query: unknown, now: Moment): { readonly fields: Fields; readonly asked: Result<Asked> } {
  const fields = fieldsOf(query)
  const typed = lineIn(fields, 'service').slice(0, LONGEST)
  const which = parseWhich(typed)
  const at = momentIn(fields, 'at', 'The date', true)
  const known = momentIn(fields, 'known', 'The date of what was known', false)
  const problems = [
    ...(which
      ? []
      : [
          typed === ''
            ? problem('service', 'missing', 'Enter a service number or an ODS code')
            : problem('service', 'invalid', 'Enter a service number, like 2000000001, or an ODS code, like FA002'),
        ]),
    ...(at.ok ? [] : at.problems),
    ...(known.ok ? [] : known.problems),
  ]
  if (problems.length > 0 || !which || !at.ok || !known.ok || at.value === null) {
    return { fields, asked: refused(...problems) }
  }
  return { fields, asked: checked({ which, at: at.value, knownAt: known.value }, now) }
}

/** What the form shows of a question. */
export function formOf(service: string, at: LondonTime, knownAt: LondonTime | null): Fields {
  const boxes = (prefix: string, { day, minute }: LondonTime): Fields => {
    const [year = '', month = '', date = ''] = dateOf(day).split('-')
    return {
      [`${prefix}-day`]: String(Number(date)),
      [`${prefix}-month`]: String(Number(month)),
      [`${prefix}-year`]: year,
      [`${prefix}-time`]: formatClock(minute),
    }
  }
  return { service, ...boxes('at', at), ...(knownAt ? boxes('known', knownAt) : {}) }
}

const LONGEST = 40

/** Nobody knew yet what will be; what will be may be asked for, by what is known now. */
function checked({ which, at, knownAt }: Asked, now: Moment): Result<Asked> {
  const isLater = (moment: Moment): boolean => moment.instant.getTime() > now.instant.getTime()
  if (knownAt && isLater(knownAt)) {
    return refused(problem('known-day', 'future', 'What was known must be now or in the past'))
  }
  const sameMoment = knownAt && formatMoment(knownAt) === formatMoment(at)
  return accepted({ which, at, knownAt: sameMoment ? null : (knownAt ?? (isLater(at) ? now : null)) })
}

function parseWhich(text: string): Which | undefined {
  if (/^\d{1,10}$/.test(text)) return { uid: Number(text) }
  return /^[a-z0-9]{5,12}$/i.test(text) ? { odsCode: pharmacyCodeOf(text) } : undefined
}

const isMoment = (moment: Moment | 'never' | undefined): moment is Moment => typeof moment === 'object'

function momentProblems(prefix: string, label: string, moment: Moment | 'never' | undefined): readonly Problem[] {
  if (isMoment(moment)) return []
  const field = `${prefix}-day`
  return moment === 'never'
    ? [problem(`${prefix}-time`, 'never', 'Clocks went forward over this time, so it never was. Enter another time')]
    : [problem(field, 'invalid', `${label} must be a real date and time`)]
}

/** A date in three boxes and a time beside it; null where all is empty and need not be there. */
function momentIn(fields: Fields, prefix: string, label: string, isNeeded: boolean): Result<Moment | null> {
  const date = parseDateFields(fields, prefix, label)
  const time = lineIn(fields, `${prefix}-time`)
  if (date === undefined && time === '' && !isNeeded) return accepted(null)
  const minute = parseClockTime(time)
  const problems = [...dateProblems(date, prefix), ...(minute === undefined ? [timeProblem(time, prefix)] : [])]
  if (problems.length > 0 || !date?.ok || minute === undefined) return refused(...problems)
  const moment = parseMoment(`${date.value}T${formatClock(minute)}`)
  return isMoment(moment) ? accepted(moment) : refused(...momentProblems(prefix, label, moment))
}

function dateProblems(date: Result<unknown> | undefined, prefix: string): readonly Problem[] {
  if (date === undefined) return [problem(`${prefix}-day`, 'missing', 'Enter a date')]
  return date.ok ? [] : date.problems
}

const timeProblem = (time: string, prefix: string): Problem =>
  time === ''
    ? problem(`${prefix}-time`, 'missing', 'Enter a time')
    : problem(`${prefix}-time`, 'invalid', 'Enter a time, like 2:05pm or 14:05')

/** One value of the address as it was sent; several of one name are none that anybody meant. */
function valueIn(query: unknown, name: string): string | undefined {
  const value = (query as Readonly<Record<string, unknown>> | undefined)?.[name]
  return value === undefined ? undefined : typeof value === 'string' ? value : ''
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
