/** A pharmacy's standing in a quarter as people read it: on its own pages, and on those of whoever commissions it. */
import { formatDateShort } from '#src/rules/clock-time.ts'
import { formatMomentIn } from './pages/time-words.ts'
import type { ProfileKind } from './profile.ts'
import { sectionTitle } from './section-pages.ts'
import type { QuarterStanding, SectionStandingIn } from './standing.ts'

export type StandingLine = {
  readonly title: string
  readonly tag: { readonly text: string; readonly colour: 'green' | 'yellow' | 'red' }
  /** `3 October 2026 at 2:14pm by Asha Patel`; null when nobody checked it. */
  readonly checked: string | null
  /** What must be done first; null for nothing. */
  readonly blocked: string | null
}

export type StandingTable = {
  /** `October to December 2026`. */
  readonly quarter: string
  readonly summary: string
  readonly isDone: boolean
  readonly lines: readonly StandingLine[]
}

/** The table of one quarter. `nameOf` names who checked (`loadNames`). */
export function standingTable(
  standing: QuarterStanding,
  kind: ProfileKind,
  nameOf: (actor: string) => string,
): StandingTable {
  return {
    quarter: standing.quarter.name,
    summary: summaryOf(standing),
    isDone: standing.isDone,
    lines: standing.sections.map((section) => ({
      title: sectionTitle(section.section, kind),
      tag: tagOf(section.state),
      checked: section.checkedAt ? `${formatMomentIn(section.checkedAt)} by ${nameOf(section.checkedBy ?? '')}` : null,
      blocked: blockedBy(section),
    })),
  }
}

function summaryOf({ checked, of, isDone, quarter, sections }: QuarterStanding): string {
  const isOver = sections.some(({ state }) => state === 'missed')
  if (isDone) return `All ${of} sections are checked`
  const ends = formatDateShort(quarter.ends)
  return isOver
    ? `${checked} of ${of} sections checked by ${ends}`
    : `${checked} of ${of} sections checked. Finish by ${ends}`
}

function tagOf(state: SectionStandingIn['state']): StandingLine['tag'] {
  switch (state) {
    case 'checked':
      return { text: 'Checked', colour: 'green' }
    case 'due':
      return { text: 'To check', colour: 'yellow' }
    case 'missed':
      return { text: 'Not checked', colour: 'red' }
  }
}

function blockedBy({ state, unanswered }: SectionStandingIn): string | null {
  if (unanswered.length === 0) return null
  const days = unanswered.map(({ title, date }) => `${title}, ${formatDateShort(date)}`).join('; ')
  return state === 'checked' ? `New since the check: ${days}` : `Answer first: ${days}`
}
