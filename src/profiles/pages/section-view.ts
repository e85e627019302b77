/** What every section's page shows around its values: where they come from, when they were checked, what one may do. */
import type { Queryable } from '#src/platform/db/db.ts'
import { type HoldNotice, loadHoldNotices } from '#src/profiles/hold-notices.ts'
import { type KindWords, kindWords } from '#src/profiles/kind-words.ts'
import type { ProfileSection, Sections } from '#src/profiles/profile.ts'
import { sectionAddress, sectionPage, sectionTitle } from '#src/profiles/section-pages.ts'
import { isCheckedThisQuarter, QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { Visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { savedBanner } from './saved-banner.ts'
import { formatDayOf, formatMoment, loadNames } from './time-words.ts'

/** When a section was checked and changed, in words. */
export type StandingWords = {
  /** `3 October 2026 by Asha Patel`; null when nobody checked it. */
  readonly checked: string | null
  /** `3 October 2026 by Asha Patel`, or where the words came from. */
  readonly changed: string
  readonly tag: { readonly text: string; readonly colour: 'green' | 'yellow' | 'grey' }
}

export type SectionView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  /** Of this page. */
  readonly address: string
  readonly version: number
  /** Whose guidance the page shows. */
  readonly topic: ProfileSection
  readonly words: KindWords
  readonly standing: StandingWords
  readonly mayEdit: boolean
  readonly mayConfirm: boolean
  readonly problems: readonly Problem[]
  readonly notice: string | null
  /** Fields of it that are held, and values that wait for a decision. */
  readonly holds: readonly HoldNotice[]
  /** What was just saved. */
  readonly banner: string | null
}

/** The view model of a section's page. `query` carries what a refused confirmation came back with. */
export async function sectionView(
  db: Queryable,
  seen: Visit,
  section: ProfileSection,
  query: unknown,
): Promise<SectionView> {
  const { stored, odsCode, today, may } = seen
  const { changedBy, changedAt, checkedBy } = stored.sections[section]
  const nameOf = await loadNames(db, [changedBy, checkedBy])
  const page = sectionPage(section)
  const stale = (query as { confirm?: unknown }).confirm === 'stale'
  return {
    title: sectionTitle(section, stored.profile.kind),
    odsCode,
    pharmacy: stored.profile.name,
    address: sectionAddress(odsCode, section),
    version: stored.version,
    topic: section,
    words: kindWords(stored.profile.kind),
    standing: standingWords(stored.sections, section, today, nameOf),
    mayEdit: may(page.permission),
    mayConfirm: may('confirm-section'),
    problems: [],
    notice: stale
      ? `${nameOf(changedBy)} changed this at ${formatMoment(changedAt, today)}, while you were reading it. Read it again before you confirm it.`
      : null,
    holds:
      seen.may('answer-query') || seen.may('query-pharmacy')
        ? await loadHoldNotices(db, stored, section, seen.now)
        : [],
    banner: await savedBanner(db, seen, query),
  }
}

/** A section's dates in words, and its tag. */
export function standingWords(
  sections: Sections,
  section: ProfileSection,
  today: LocalDate,
  nameOf: (actor: string) => string,
): StandingWords {
  const { source, changedAt, changedBy, checkedAt, checkedBy } = sections[section]
  const fromList = source === 'list'
  return {
    checked: checkedAt ? `${formatDayOf(checkedAt)} by ${nameOf(checkedBy ?? '')}` : null,
    changed: fromList
      ? `From the NHS list${checkedAt ? '' : ', not yet checked'}`
      : `${formatDayOf(changedAt)} by ${nameOf(changedBy)}`,
    tag: tagOf(sections, section, today),
  }
}

function tagOf(sections: Sections, section: ProfileSection, today: LocalDate): StandingWords['tag'] {
  if (isCheckedThisQuarter(sections, section, today)) return { text: 'Checked', colour: 'green' }
  if (!QUARTERLY_SECTIONS.includes(section)) return { text: 'Check when it changes', colour: 'grey' }
  return { text: `Check by ${deadlineInWords(today)}`, colour: 'yellow' }
}

/** `31 December`: the last day of the quarter, never so far away that its year must be told. */
export const deadlineInWords = (today: LocalDate): string =>
  formatDateShort(quarterOf(today).ends).replace(/ \d{4}$/, '')
