/** What the pages of both sides show of one onboarding: where it stands, its entry, what can be done, what happened. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { Fields } from '#src/platform/http/form-fields.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { lateFrom, referralService, type Side, STATES, STEPS, stepsOpenTo } from '#src/rules/onboarding-steps.ts'
import type { Problem } from '#src/rules/problems.ts'
import { loadOnboardingEvents, type Onboarding } from '../onboarding-records.ts'
import { fingerprintOf } from '../prepared-entry.ts'
import { type Entry, type EntryFact, entryFacts, loadEntry } from '../preview-entry.ts'
import { choiceWords, happenedWords } from '../step-words.ts'
import { nextWords } from '../take-step.ts'
import { LONGEST_WORDS, standingTag } from './step.form.ts'

export type Choice = { readonly value: string; readonly text: string }
export type OneView = {
  readonly title: string
  readonly pharmacy: string
  readonly odsCode: string
  readonly action: string
  readonly version: number
  readonly tag: { readonly text: string; readonly colour: string }
  readonly isLate: boolean
  readonly waits: string
  readonly next: string
  readonly uid: number | null
  readonly entry: readonly EntryFact[] | null
  /** The entry that is read here, as a hash; empty: none. */
  readonly seen: string
  readonly steps: readonly Choice[]
  /** What has to be said with some of the choices; empty: with none. */
  readonly needsWords: string
  readonly longestWords: number
  readonly events: readonly {
    readonly what: string
    readonly when: string
    readonly who: string
    readonly words: string | null
  }[]
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

export type Shown = Pick<OneView, 'action' | 'notice' | 'fields' | 'problems'> & {
  readonly side: Side
  readonly now: Date
  readonly holidays: HolidayCalendar
}

/** The view of one, and its entry for whoever needs more of it. */
export async function viewOne(
  db: Queryable,
  row: Onboarding,
  { side, now, holidays, ...shown }: Shown,
): Promise<{ readonly view: OneView; readonly entry: Entry | undefined }> {
  const events = await loadOnboardingEvents(db, row.id)
  const nameOf = await loadNames(
    db,
    events.map(({ actor }) => actor),
  )
  const entry = row.uid === null ? undefined : await loadEntry(db, row.odsCode, row.uid, now.toISOString())
  const standing = { state: row.state, isPaused: row.pausedAt !== null }
  const steps = stepsOpenTo(standing, side)
  const late = standing.isPaused ? null : lateFrom(row.state, new Date(row.stateSince), holidays)
  const view: OneView = {
    ...shown,
    title: referralService(row.serviceCode)?.label ?? row.serviceCode,
    pharmacy: row.pharmacy,
    odsCode: row.odsCode,
    version: row.version,
    tag: standingTag(row),
    isLate: late !== null && late <= now,
    waits: waitsWords(row, side),
    next: nextWords(standing, side),
    uid: row.uid,
    entry: entry ? entryFacts(entry) : null,
    seen: entry ? fingerprintOf(entry.stored) : '',
    steps: steps.map((step) => ({ value: step, text: choiceWords(step, side) })),
    needsWords: oneOf([...new Set(steps.flatMap((step) => STEPS[step].words ?? []))]),
    longestWords: LONGEST_WORDS,
    events: events.map((event) => ({
      what: happenedWords(event),
      when: formatMomentIn(event.happenedAt),
      who: nameOf(event.actor),
      words: event.words,
    })),
  }
  return { view, entry }
}

/** `what is wrong, why it waits or why it is withdrawn`. */
const oneOf = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' or $1')

/** Who must do something, as seen from a side. */
export function waitsWords({ state, pausedAt }: Pick<Onboarding, 'state' | 'pausedAt'>, side: Side): string {
  const { waitsFor } = STATES[state]
  if (waitsFor === null) return 'This is over.'
  if (pausedAt !== null) return 'Paused: nobody has to do anything.'
  if (waitsFor === side) return 'Waiting for you.'
  return waitsFor === 'team' ? 'Waiting for the directory team.' : 'Waiting for the pharmacy.'
}
