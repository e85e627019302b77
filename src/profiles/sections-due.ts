/** What a pharmacy still has to check this quarter. Pure. */
import type { HolidayCalendar, StatutoryDay } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, dayOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { Profile, ProfileSection, Sections } from './profile.ts'

/**
 * The sections that must be checked once a quarter: all but closures and changes, which are checked when they are made.
 * Source: NHS terms of service, at least one verification in each financial quarter.
 */
export const QUARTERLY_SECTIONS: readonly ProfileSection[] = ['contact', 'hours', 'holidays', 'services', 'facilities']

/** Whether a section was checked in the quarter of `today`. */
export function isCheckedThisQuarter(sections: Sections, section: ProfileSection, today: LocalDate): boolean {
  const { checkedAt } = sections[section]
  if (checkedAt === null) return false
  return dateOf(toLondon(new Date(checkedAt)).day) >= quarterOf(today).starts
}

/** Whether anything at all was said of services, or of facilities. */
export const hasAnswers = (answers: Profile['services'] | Profile['facilities']): boolean =>
  Object.keys(answers ?? {}).length > 0

/** The quarterly sections that nobody checked in the quarter of `today`. */
export const sectionsDue = (sections: Sections, today: LocalDate): readonly ProfileSection[] =>
  QUARTERLY_SECTIONS.filter((section) => !isCheckedThisQuarter(sections, section, today))

/** The holidays from `today` to the end of its quarter that nobody has answered. */
export function holidaysDue(
  profile: Profile,
  { today, holidays }: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): readonly StatutoryDay[] {
  const until = dayOf(quarterOf(today).ends)
  return holidays.statutoryDays(dayOf(today), until).filter(({ date }) => profile.holidays[date] === undefined)
}
