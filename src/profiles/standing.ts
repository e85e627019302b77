/**
 * How a pharmacy stands in a quarter, section by section. Pure. The pharmacy's own pages, the reminders and whatever a
 * commissioner reads ask here, so that everybody sees the same.
 */
import type { HolidayCalendar, StatutoryDay } from '#src/rules/bank-holidays.ts'
import { type FinancialQuarter, quarterBefore, quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { ProfileSection, StoredProfile } from './profile.ts'
import { holidaysDue, isCheckedThisQuarter, QUARTERLY_SECTIONS } from './sections-due.ts'

/** One section in one quarter. `due`: the quarter still runs; `missed`: it ended without a check. */
export type SectionStandingIn = {
  readonly section: ProfileSection
  readonly state: 'checked' | 'due' | 'missed'
  /** The last check in that quarter: UTC ISO text, and `person:EMAIL`. Null unless checked. */
  readonly checkedAt: string | null
  readonly checkedBy: string | null
  /** Holidays that must be answered before this section can be checked. */
  readonly unanswered: readonly StatutoryDay[]
}

export type QuarterStanding = {
  readonly quarter: FinancialQuarter
  readonly sections: readonly SectionStandingIn[]
  readonly checked: number
  readonly of: number
  readonly isDone: boolean
}

/** A section that somebody checked: one row of the attestations. */
export type Check = { readonly section: string; readonly attestedAt: string; readonly person: string }

/**
 * How a pharmacy stands in the quarter of `today`, a London date.
 *
 * Source: NHS pharmacy terms of service: the profile is verified at least once in each financial quarter.
 */
export function standingOf(
  { profile, sections }: Pick<StoredProfile, 'profile' | 'sections'>,
  { today, holidays }: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): QuarterStanding {
  const standings = QUARTERLY_SECTIONS.map((section): SectionStandingIn => {
    const isChecked = isCheckedThisQuarter(sections, section, today)
    const { checkedAt, checkedBy } = sections[section]
    return {
      section,
      state: isChecked ? 'checked' : 'due',
      checkedAt: isChecked ? checkedAt : null,
      checkedBy: isChecked ? checkedBy : null,
      unanswered: section === 'holidays' ? holidaysDue(profile, { today, holidays }) : [],
    }
  })
  return counted(quarterOf(today), standings)
}

/** How a pharmacy stood at the end of a quarter that is over. `checks` are those of that quarter, in any order. */
export function pastStandingOf(quarter: FinancialQuarter, checks: readonly Check[]): QuarterStanding {
  const standings = QUARTERLY_SECTIONS.map((section): SectionStandingIn => {
    const last = checks
      .filter((check) => check.section === section)
      .toSorted((a, b) => (a.attestedAt < b.attestedAt ? 1 : -1))[0]
    return {
      section,
      state: last ? 'checked' : 'missed',
      checkedAt: last?.attestedAt ?? null,
      checkedBy: last?.person ?? null,
      unanswered: [],
    }
  })
  return counted(quarter, standings)
}

const PAST_QUARTERS = 4

/**
 * The four quarters before that of `today`, the latest first; none that ended before the profile was there. `since` is
 * the instant of the profile's first version.
 */
export function pastQuarters(today: LocalDate, since: string): readonly FinancialQuarter[] {
  const from = dateOf(toLondon(new Date(since)).day)
  const quarters: FinancialQuarter[] = []
  for (
    let quarter = quarterBefore(quarterOf(today));
    quarters.length < PAST_QUARTERS;
    quarter = quarterBefore(quarter)
  ) {
    if (quarter.ends < from) break
    quarters.push(quarter)
  }
  return quarters
}

function counted(quarter: FinancialQuarter, sections: readonly SectionStandingIn[]): QuarterStanding {
  const checked = sections.filter(({ state }) => state === 'checked').length
  return { quarter, sections, checked, of: sections.length, isDone: checked === sections.length }
}
