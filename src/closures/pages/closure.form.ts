/** The forms that close a pharmacy, now or later, or say when it reopens: body to what was told, or field problems. No I/O. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn, tickIn } from '#src/platform/http/form-fields.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import {
  dateOf,
  dayOf,
  formatLondon,
  instantOf,
  type LocalDate,
  type LondonTime,
  MINUTES_PER_DAY,
  minuteExists,
  toLondon,
} from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { FilledIn } from '../close-pharmacy.ts'
import { LONGEST_ADVICE, type ToldClosure } from '../decide-closure.ts'

/** Why a pharmacy shuts without warning, in the order of the form. */
export const SUDDEN_REASONS = CHANGE_REASONS.filter(
  (reason) =>
    !['Building work', 'Staff training', 'Local event or holiday', 'Longer hours than usual'].includes(reason),
)
/** Why a closure is planned. */
export const PLANNED_REASONS = CHANGE_REASONS.filter((reason) => reason !== 'Longer hours than usual')

/** What patients are told unless somebody says it better. */
export const ADVICE = 'Please use another pharmacy. If you need medicine urgently, call 111 or go to 111.nhs.uk.'
const ADVICE_REMOTE =
  'We cannot send orders at the moment. If you need medicine urgently, call 111 or go to 111.nhs.uk.'

/** The advice that the form begins with. */
export const adviceFor = (isRemote: boolean): string => (isRemote ? ADVICE_REMOTE : ADVICE)

const LONGEST_NAME = 100

export type ClosureFormContext = {
  /** When the request reached us. */
  readonly askedAt: Date
  /** Uids of the services that may be named. */
  readonly services: readonly number[]
}

/** What a form tells; everything but the id of the closure. */
export type FormAnswers = Omit<ToldClosure, 'id'> & FilledIn

/** Reads the form of closing now. Every field is judged, so that one sending shows every problem. */
export function parseCloseNow(fields: Fields, context: ClosureFormContext): Result<FormAnswers> {
  const from = readStarted(fields, context.askedAt)
  return answersOf(fields, context, { from, until: readUntil(fields, context.askedAt, readOf(from)), last: from })
}

/** Reads the form of a planned closure. */
export function parsePlannedClosure(fields: Fields, context: ClosureFormContext): Result<FormAnswers> {
  const from = readStart(fields, context.askedAt)
  const until = readUntil(fields, context.askedAt, readOf(from))
  return answersOf(fields, context, { first: from, from, until })
}

/** Reads when a pharmacy is expected to reopen; null: nobody knows. `from`: when the closure starts, where it is known. */
export function readUntil(fields: Fields, askedAt: Date, from: string | undefined): Result<string | null> {
  const when = lineIn(fields, 'until-when')
  if (when === 'unknown') return accepted(null)
  if (when !== 'today' && when !== 'other') {
    return refused(problem('until-when', 'missing', 'Select when you expect to reopen'))
  }
  const today = toLondon(askedAt).day
  const date = when === 'today' ? accepted(dateOf(today)) : readReopeningDate(fields)
  const at = when === 'today' ? 'until-time' : 'until-other-time'
  const minute = readTime(fields, at, 'Enter the time you expect to reopen')
  if (!date.ok || !minute.ok) return bothRefused(date, minute)
  const time = minuteOf(date.value, minute.value)
  const unreal = unrealProblem(time, at)
  if (unreal) return refused(unreal)
  const until = formatLondon(time)
  if (from !== undefined && until <= from) return refused(beforeStart(at, when === 'today'))
  return instantOf(time) > askedAt ? accepted(until) : refused(notAhead(time, at, askedAt))
}

/** Started now, or earlier today. */
function readStarted(fields: Fields, askedAt: Date): Result<string> {
  const now = toLondon(askedAt)
  const when = lineIn(fields, 'from-when')
  if (when === 'now') return accepted(formatLondon(now))
  if (when !== 'earlier') return refused(problem('from-when', 'missing', 'Select when the pharmacy closed'))
  const minute = readTime(fields, 'from-time', 'Enter the time the pharmacy closed')
  if (!minute.ok) return minute
  const time = { day: now.day, minute: minute.value }
  const unreal = unrealProblem(time, 'from-time')
  if (unreal) return refused(unreal)
  if (time.minute <= now.minute) return accepted(formatLondon(time))
  return refused(
    problem(
      'from-time',
      'future',
      'The time the pharmacy closed must be earlier today. To close later, plan a closure',
    ),
  )
}

function readStart(fields: Fields, askedAt: Date): Result<string> {
  const date =
    parseDateFields(fields, 'from', 'The first day of the closure') ??
    refused(problem('from-day', 'missing', 'Enter the day the closure starts'))
  const minute = readTime(fields, 'from-time', 'Enter the time the closure starts')
  if (!date.ok || !minute.ok) return bothRefused(date, minute)
  if (date.value < dateOf(toLondon(askedAt).day)) {
    return refused(problem('from-day', 'past', 'The closure must start today or later'))
  }
  const time = minuteOf(date.value, minute.value)
  const unreal = unrealProblem(time, 'from-time')
  return unreal ? refused(unreal) : accepted(formatLondon(time))
}

const readReopeningDate = (fields: Fields): Result<LocalDate> =>
  parseDateFields(fields, 'until', 'The day you expect to reopen') ??
  refused(problem('until-day', 'missing', 'Enter the day you expect to reopen'))

function readTime(fields: Fields, name: string, missing: string): Result<number> {
  const text = lineIn(fields, name)
  if (text === '') return refused(problem(name, 'missing', missing))
  const minute = parseClockTime(text)
  return minute === undefined
    ? refused(
        problem(name, 'invalid', `${missing.replace('Enter the time', 'The time')} must be like 9am, 5:30pm or midday`),
      )
    : accepted(minute)
}

const minuteOf = (date: LocalDate, minute: number): LondonTime => ({
  day: dayOf(date) + Math.floor(minute / MINUTES_PER_DAY),
  minute: minute % MINUTES_PER_DAY,
})

const unrealProblem = (time: LondonTime, field: string): Problem | undefined =>
  minuteExists(time)
    ? undefined
    : problem(field, 'unreal', 'The clocks go forward at 1am that night. Enter a time before 1am, or from 2am')

const beforeStart = (field: string, isToday: boolean): Problem =>
  problem(
    field,
    'order',
    `The time of reopening must be after the start of the closure${isToday ? '. If you mean after midnight, select ‘Another day’' : ''}`,
  )

/** In the hour that occurs twice a time can lie ahead on the clock and still be over. */
function notAhead(time: LondonTime, field: string, askedAt: Date): Problem {
  const now = formatLondon(toLondon(askedAt))
  return formatLondon(time) > now
    ? problem(field, 'past', 'The clocks went back at 2am. Enter a time from 2am')
    : problem(field, 'past', 'The time of reopening must be in the future')
}

type Times = {
  /** Whose problems are told first, and last. */
  readonly first?: Result<string>
  readonly last?: Result<string>
  readonly from: Result<string>
  readonly until: Result<string | null>
}

/** Everything that both forms ask; problems in the order of the page. */
function answersOf(
  fields: Fields,
  { services: known }: ClosureFormContext,
  { first, from, until, last }: Times,
): Result<FormAnswers> {
  const reason = readReason(fields)
  const services = readServices(fields, known)
  const advice = readAdvice(fields)
  const filledInBy = readName(fields)
  const phone = readPhone(fields)
  const problems = [first, first && until, reason, first ? undefined : until, last, services, advice, filledInBy, phone]
    .filter((part) => part !== undefined)
    .flatMap((part) => (part.ok ? [] : part.problems))
  if (!from.ok || !until.ok || !reason.ok || !services.ok || !advice.ok || !filledInBy.ok || !phone.ok) {
    return refused(...problems)
  }
  return accepted({
    from: from.value,
    until: until.value,
    reason: reason.value,
    services: services.value,
    advice: advice.value,
    filledInBy: filledInBy.value,
    phone: phone.value,
  })
}

function readReason(fields: Fields): Result<string> {
  const reason = proseIn(fields, 'reason')
  return (PLANNED_REASONS as readonly string[]).includes(reason)
    ? accepted(reason)
    : refused(problem('reason', 'missing', 'Select why the pharmacy is closed'))
}

function readServices(fields: Fields, known: readonly number[]): Result<readonly number[] | null> {
  const what = lineIn(fields, 'what')
  if (what === 'whole' || (what === '' && known.length === 0)) return accepted(null)
  if (what !== 'some') return refused(problem('what', 'missing', 'Select what is closed'))
  const chosen = known.filter((uid) => tickIn(fields, `service-${uid}`))
  if (chosen.length > 0) return accepted(chosen)
  return refused(problem(`service-${known[0] ?? ''}`, 'missing', 'Select at least 1 service that is closed'))
}

function readAdvice(fields: Fields): Result<string | null> {
  const advice = proseIn(fields, 'advice')
  if (isUnreadable(advice)) {
    return refused(
      problem('advice', 'invalid', 'The advice for patients must use letters, numbers and punctuation only'),
    )
  }
  if ([...advice].length > LONGEST_ADVICE) {
    return refused(
      problem('advice', 'too-long', `The advice for patients must be ${LONGEST_ADVICE} characters or fewer`),
    )
  }
  return accepted(advice === '' ? null : advice)
}

function readName(fields: Fields): Result<string | null> {
  const name = proseIn(fields, 'name')
  if (isUnreadable(name)) return refused(problem('name', 'invalid', 'Your name must use letters and punctuation only'))
  if ([...name].length > LONGEST_NAME) {
    return refused(problem('name', 'too-long', `Your name must be ${LONGEST_NAME} characters or fewer`))
  }
  return accepted(name === '' ? null : name)
}

function readPhone(fields: Fields): Result<string | null> {
  const text = lineIn(fields, 'phone')
  if (text === '') return accepted(null)
  const phone = parsePhone(text)
  return phone.ok
    ? phone
    : refused(problem('phone', 'invalid', 'Enter a phone number in the right format, like 0161 496 0000'))
}

/** Problems of a decision, at the boxes of a form; `plan`: of the one with a date for the start. */
export function atFields(problems: readonly Problem[], fields: Fields, plan: boolean): readonly Problem[] {
  const until = { unknown: 'until-when', today: 'until-time', other: 'until-day' }[lineIn(fields, 'until-when')]
  const places: Readonly<Record<string, string | undefined>> = {
    from: plan ? 'from-day' : 'from-when',
    until: until ?? 'until-when',
    services: 'what',
  }
  return problems.map((each) => ({ ...each, field: places[each.field] ?? each.field }))
}

const readOf = (read: Result<string>): string | undefined => (read.ok ? read.value : undefined)

const bothRefused = (...parts: readonly Result<unknown>[]): Result<never> =>
  refused(...parts.flatMap((part) => (part.ok ? [] : part.problems)))

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
