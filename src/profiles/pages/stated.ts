/** What a section of a profile says, value by value in words: for summaries, before and after, and conflicts. */
import type { Profile } from '#src/profiles/profile.ts'
import { sessionsOfAnswer } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import { dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import { holidayField } from './bank-holidays.form.ts'
import { hoursInSentence } from './change-words.ts'
import { CONTACT_FIELDS } from './contact-details.form.ts'
import { DAYS } from './opening-times.form.ts'

/** One value. `key` is the name or prefix of its form fields; `text` is null where nothing was ever said. */
export type Stated = { readonly key: string; readonly label: string; readonly text: string | null }

/** A value that differs. Null: nothing was said before, or nothing is said after. */
export type Difference = {
  readonly key: string
  readonly label: string
  readonly before: string | null
  readonly after: string | null
}

export const statedContact = ({ contact }: Profile): readonly Stated[] =>
  CONTACT_FIELDS.map(({ key, name, label }) => {
    const value = contact[key]
    return { key: name, label, text: value === undefined ? null : (value ?? 'None') }
  })

export const statedWeek = ({ weekly }: Profile): readonly Stated[] =>
  DAYS.map(({ prefix, name }, day) => ({ key: prefix, label: name, text: hoursText(weekly[day] ?? null) }))

/** Hours in words; null where they are not known. */
export const hoursText = (hours: DayHours): string | null => (hours === null ? null : formatSessions(hours))

/** The answers of the given days, in order. */
export const statedHolidays = (
  profile: Profile,
  days: ReturnType<HolidayCalendar['statutoryDays']>,
): readonly Stated[] =>
  days.map(({ date, title }) => ({
    key: holidayField(date),
    label: `${title}, ${formatDate(date)}`,
    text: answerText(profile, date),
  }))

/** `Closed`, `Usual hours, 9am to 5pm`, `10am to 4pm`, or null without an answer. */
export function answerText({ holidays, weekly }: Profile, date: LocalDate): string | null {
  const answer = holidays[date]
  if (!answer) return null
  const sessions = sessionsOfAnswer(answer, weekly[weekdayIndex(dayOf(date))] ?? null)
  if (answer.answer !== 'usual') return formatSessions(sessions)
  return `Usual hours, ${hoursInSentence(sessions)}`
}

/** The values that differ, in the order in which they are stated. */
export function differencesBetween(before: readonly Stated[], after: readonly Stated[]): readonly Difference[] {
  const was = new Map(before.map((value) => [value.key, value]))
  const is = new Map(after.map((value) => [value.key, value]))
  return [...new Map([...was, ...is]).values()]
    .map(({ key, label }) => ({
      key,
      label,
      before: was.get(key)?.text ?? null,
      after: is.get(key)?.text ?? null,
    }))
    .filter((difference) => difference.before !== difference.after)
}

/** A value on which two editors differ. */
export type Dispute = {
  readonly key: string
  readonly label: string
  readonly mine: string | null
  readonly theirs: string | null
  /** Whose value stands out as the newer one: both changed it, or only one did. */
  readonly changedBy: 'both' | 'me' | 'them'
}

/** The values on which what one editor wrote differs from what another saved meanwhile. */
export function disputesBetween(
  base: readonly Stated[],
  mine: readonly Stated[],
  theirs: readonly Stated[],
): readonly Dispute[] {
  const mineChanged = new Set(differencesBetween(base, mine).map(({ key }) => key))
  const theirsChanged = new Set(differencesBetween(base, theirs).map(({ key }) => key))
  return differencesBetween(mine, theirs).map(({ key, label, before, after }) => ({
    key,
    label,
    mine: before,
    theirs: after,
    changedBy: mineChanged.has(key) ? (theirsChanged.has(key) ? 'both' : 'me') : 'them',
  }))
}
