/**
 * What a pharmacy may say, and what its profile becomes. Pure: no I/O, no clock; `today` is the London date.
 *
 * Each decision takes the profile as it stands and returns the profile as it would be, or problems by form field.
 * Values arrive parsed (`pages/*.form.ts`); here stand the rules that need the rest of the profile or the date.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { phoneKey, websiteKey } from '#src/rules/contact-details.ts'
import type { Contract } from '#src/rules/core-hours.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { weeklyMinutes } from '#src/rules/shared-sessions.ts'
import { invitationProblems } from './decide-delivery.ts'
import { isRemoteOnly } from './kind-words.ts'
import type { DatedChange, HolidayAnswer, Profile } from './profile.ts'

/** How far ahead holidays are asked for. */
export const HOLIDAY_MONTHS_AHEAD = 18
/** The longest dated change; a longer one is a change of standard hours or a closure to agree with the ICB. */
export const LONGEST_CHANGE_DAYS = 93
export const LONGEST_NOTE = 140

/** Source: NHS terms of service: a distance selling pharmacy has a website for the public. */
export const NO_WEBSITE = 'Enter a website: people order from a distance selling pharmacy there'

export type ContactAnswers = Required<Profile['contact']>

/**
 * Sets the contact details. A value that was never given and is still blank stays "never given"; a number or address
 * that was only spelt differently stays as it was.
 */
export function decideSetContact(profile: Profile, answers: ContactAnswers): Result<Profile> {
  if (answers.phone === null) {
    return refused({ field: 'phone', code: 'missing', message: 'Enter a public phone number' })
  }
  if (answers.website === null && isRemoteOnly(profile.kind)) {
    return refused({ field: 'website', code: 'missing', message: NO_WEBSITE })
  }
  const contact = Object.fromEntries(
    (Object.keys(answers) as (keyof ContactAnswers)[])
      .filter((key) => answers[key] !== null || profile.contact[key] !== undefined)
      .map((key) => [key, isSpeltAnew(key, profile.contact[key], answers[key]) ? profile.contact[key] : answers[key]]),
  )
  return accepted({ ...profile, contact })
}

function isSpeltAnew(field: keyof ContactAnswers, before: string | null | undefined, after: string | null): boolean {
  if (!before || !after) return false
  const key =
    field === 'website' ? websiteKey : field.endsWith('hone') ? phoneKey : (text: string) => text.toLowerCase()
  return key(before) === key(after)
}

/** Sets the standard week. Every day must be answered: unknown days are what we came to end. */
export function decideSetWeekly(profile: Profile, weekly: WeeklyHours): Result<Profile> {
  const unanswered = weekly.flatMap((hours, day) => (hours === null ? [day] : []))
  if (weekly.length !== 7 || unanswered.length > 0) {
    return refused({ field: `day-${unanswered[0] ?? 0}`, code: 'missing', message: 'Tell us the hours of every day' })
  }
  return accepted({ ...profile, weekly })
}

/** Says which hours were agreed with the NHS. That they lie within the opening hours is advice, not a condition. */
export function decideSetContract(profile: Profile, contract: Contract): Result<Profile> {
  if (weeklyMinutes(contract.core) === 0) {
    return refused({ field: 'monday-open', code: 'missing', message: 'Enter your core hours' })
  }
  return accepted({ ...profile, contract })
}

/** The holidays a pharmacy is asked about: from today to 18 months ahead. */
export function holidaysToAnswer(today: LocalDate, holidays: HolidayCalendar) {
  return holidays.statutoryDays(dayOf(today), dayOf(monthsAfter(today, HOLIDAY_MONTHS_AHEAD)))
}

/** The same day of a later month, or that month's last day. */
export function monthsAfter(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dateOf(Date.UTC(year, month - 1 + months, Math.min(day, lastDay)) / 86_400_000)
}

/** Adds or replaces holiday answers, one by one; holidays that are not in `answers` stay as they are. */
export function decideAnswerHolidays(
  profile: Profile,
  answers: Readonly<Record<LocalDate, HolidayAnswer>>,
  { today, holidays }: { today: LocalDate; holidays: HolidayCalendar },
): Result<Profile> {
  const asked = new Set(holidaysToAnswer(today, holidays).map(({ date }) => date))
  const strange = (Object.keys(answers) as LocalDate[]).filter((date) => !asked.has(date))
  if (strange.length > 0) {
    return refused(
      ...strange.map((date) => ({
        field: `holiday-${date}`,
        code: 'not-a-holiday',
        message: `${date} is not a coming bank holiday. Use closures and changes for other dates`,
      })),
    )
  }
  return accepted({ ...profile, holidays: { ...profile.holidays, ...answers } })
}

/** Adds a dated change; from today on. It beats a holiday answer and earlier changes of the same dates. */
export function decideAddChange(
  profile: Profile,
  change: DatedChange,
  { today }: { today: LocalDate },
): Result<Profile> {
  const problems = [...problemsOf(change, today), ...noteProblems(profile, change)]
  return problems.length > 0 ? refused(...problems) : accepted({ ...profile, changes: [...profile.changes, change] })
}

/** Replaces a change that has not ended; the part that is over keeps its hours. */
export function decideEditChange(
  profile: Profile,
  change: DatedChange,
  { today }: { today: LocalDate },
): Result<Profile> {
  const old = profile.changes.find(({ id }) => id === change.id)
  if (!old || old.to < today) return refused(gone())
  const begun = old.from < today
  const dated = problemsOf(change, today).filter(({ code }) => !(begun && code === 'past'))
  const problems = [...dated, ...(change.note === old.note ? [] : noteProblems(profile, change))]
  if (problems.length > 0) return refused(...problems)
  return accepted({ ...profile, changes: replaceChange(profile.changes, old, change, today) })
}

/** Cancels a change that has not ended. What is over stays on record: only the days from today on are given back. */
export function decideCancelChange(profile: Profile, id: string, { today }: { today: LocalDate }): Result<Profile> {
  const old = profile.changes.find((change) => change.id === id)
  if (!old || old.to < today) return refused(gone())
  const changes = profile.changes.flatMap((change) => (change.id === id ? partBefore(change, today) : [change]))
  return accepted({ ...profile, changes })
}

const noteProblems = ({ kind }: Profile, { note }: DatedChange): readonly Problem[] =>
  isRemoteOnly(kind) ? invitationProblems('note', 'the public note', note) : []

const gone = (): Problem => ({
  field: 'change',
  code: 'gone',
  message: 'This change has ended or was cancelled. Go back to see what is planned now',
})

function replaceChange(changes: readonly DatedChange[], old: DatedChange, change: DatedChange, today: LocalDate) {
  const others = changes.filter(({ id }) => id !== old.id)
  const past =
    change.from >= today ? partBefore(old, today).map((part) => ({ ...part, id: `${old.id}-before-${today}` })) : []
  return [...others, ...past, change]
}

/** The days of a change before `today`, as a list of none or one. */
function partBefore(change: DatedChange, today: LocalDate): readonly DatedChange[] {
  return change.from < today ? [{ ...change, to: dateOf(dayOf(today) - 1) }] : []
}

function problemsOf(change: DatedChange, today: LocalDate): readonly Problem[] {
  const tests: readonly (readonly [boolean, Problem])[] = [
    [change.from < today, { field: 'from', code: 'past', message: 'The first day must be today or in the future' }],
    [
      change.to < change.from,
      { field: 'to', code: 'order', message: 'The last day must be the same as or after the first day' },
    ],
    [
      dayOf(change.to) - dayOf(change.from) >= LONGEST_CHANGE_DAYS,
      {
        field: 'to',
        code: 'too-long',
        message: 'A change can last up to 3 months. Change your standard opening times instead',
      },
    ],
    [change.reason.trim() === '', { field: 'reason', code: 'missing', message: 'Select a reason' }],
    [
      [...(change.note ?? '')].length > LONGEST_NOTE,
      { field: 'note', code: 'too-long', message: `The public note must be ${LONGEST_NOTE} characters or fewer` },
    ],
  ]
  return tests.filter(([wrong]) => wrong).map(([, problem]) => problem)
}
