/** When and how one service is given, as a form: body to command, or field problems. No I/O. */
import type { ServiceAnswer } from '#src/profiles/profile.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { dateFields, parseDateFields } from './date-fields.ts'
import { type Fields, isUnreadable, lineIn, tickIn } from './fields.ts'
import { DAYS, parseOpeningTimesForm, weeklyFields } from './opening-times.form.ts'

/** When and how a service is given; that it is offered goes without saying. */
export type ServiceDetails = Pick<ServiceAnswer, 'hours' | 'byAppointment' | 'bookingLink' | 'from' | 'to'>

/** A service that is given whenever the pharmacy is open, without an appointment, for as long as nothing else is said. */
export const PLAIN_DETAILS: ServiceDetails = {
  hours: null,
  byAppointment: false,
  bookingLink: null,
  from: null,
  to: null,
}

/**
 * A service as its form shows it. The week begins as the pharmacy's own, so that a service that only ends earlier is a
 * change of a few boxes.
 */
export const detailFields = (details: ServiceDetails, pharmacyWeek: WeeklyHours): Fields => ({
  'hours-are': details.hours ? 'own' : 'same',
  ...weeklyFields(weekShown(details, pharmacyWeek)),
  appointment: details.byAppointment ? 'yes' : '',
  'booking-link': details.bookingLink ?? '',
  ...(details.from ? dateFields('from', details.from) : {}),
  ...(details.to ? dateFields('to', details.to) : {}),
})

/** The week in the boxes when the form is opened. */
export const weekShown = (details: ServiceDetails | undefined, pharmacyWeek: WeeklyHours): WeeklyHours =>
  details?.hours ?? pharmacyWeek

/** Reads the form. `shown` is the week with which it was opened. Questions that the service does not have are not read. */
export function parseServiceDetails(
  fields: Fields,
  kind: OfferedServiceKind,
  shown: WeeklyHours,
): Result<ServiceDetails> {
  const hours = kind.ownHours ? readHours(fields, shown) : accepted(null)
  const link = kind.bookingLink ? readLink(fields) : accepted(null)
  const appointment = tickIn(fields, 'appointment')
  const from = readDate(fields, 'from', 'First day')
  const to = readDate(fields, 'to', 'Last day')
  const problems = [
    ...problemsIn(hours),
    ...(appointment === undefined
      ? [problem('appointment', 'invalid', 'Select if people need an appointment, or leave it empty')]
      : []),
    ...problemsIn(link),
    ...problemsIn(from),
    ...problemsIn(to),
  ]
  if (problems.length > 0 || !hours.ok || !link.ok || !from.ok || !to.ok) return refused(...problems)
  return accepted({
    hours: hours.value,
    byAppointment: appointment === true,
    bookingLink: link.value,
    from: from.value,
    to: to.value,
  })
}

function readHours(fields: Fields, shown: WeeklyHours): Result<WeeklyHours | null> {
  const choice = lineIn(fields, 'hours-are')
  if (choice === 'same') return accepted(null)
  if (choice !== 'own') return refused(problem('hours-are', 'missing', 'Select when you give this service'))
  // Whether a week may be empty depends on the rest of the answer: the decision says so.
  return parseOpeningTimesForm({ ...fields, 'confirm-closed': 'yes' }, shown)
}

/** A link without a scheme is meant to be a safe one; what a link may be is the decision's to say. */
function readLink(fields: Fields): Result<string | null> {
  const text = lineIn(fields, 'booking-link')
  if (text === '') return accepted(null)
  if (isUnreadable(text)) {
    return refused(problem('booking-link', 'invalid', 'Booking link must use letters, numbers and punctuation only'))
  }
  return accepted(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`)
}

function readDate(fields: Fields, prefix: string, label: string): Result<LocalDate | null> {
  return parseDateFields(fields, prefix, label) ?? accepted(null)
}

/** The problems of a decision at the fields of this form. */
export const inDetailFields = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map((found) => ({ ...found, field: detailFieldOf(found) }))

function detailFieldOf({ field, code }: Problem): string {
  const [part = ''] = field.split('-')
  if (part !== 'hours') return { link: 'booking-link', from: 'from-day', to: 'to-day' }[part] ?? 'form'
  const day = DAYS[Number(field.slice(-1))]
  return day && code !== 'no-own-hours' ? `${day.prefix}-${code === 'never' ? 'open' : '1-from'}` : 'hours-are'
}

const problemsIn = (read: Result<unknown>): readonly Problem[] => (read.ok ? [] : read.problems)

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
