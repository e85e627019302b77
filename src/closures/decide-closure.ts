/** What a profile becomes when the pharmacy closes, reopens or changes its mind. Pure: `now` is a London minute. */
import type { Closure, Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { absoluteMinute } from '#src/rules/capacity.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { type ClosedMinutes, closedMinutesOf } from '#src/rules/closed-spells.ts'
import {
  dateOf,
  dayOf,
  formatLondon,
  type LocalDate,
  type LondonTime,
  parseLondonMinute,
} from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** The longest closure that is told with its end; as long as the longest dated change. */
export const LONGEST_CLOSURE_DAYS = 93
/** How far ahead a closure may be planned. */
export const FURTHEST_CLOSURE_DAYS = 731
/** How many days an end that nobody knows is written into the opening times; the nightly job writes it on. */
export const WRITTEN_DAYS = 14
export const LONGEST_ADVICE = 140
/** An ended closure stays in the profile for so long; the table keeps it for ever. */
const KEPT_DAYS = 31

/** A closure as somebody tells it. */
export type ToldClosure = Pick<Closure, 'id' | 'from' | 'until' | 'services' | 'reason' | 'advice'>

export type ClosureContext = { readonly now: LondonTime; readonly holidays: HolidayCalendar }

/**
 * Adds a closure, or changes the one with the same id: told twice it is the same closure. Two closures of the same
 * thing may not overlap; one of some services may lie under one of the whole pharmacy.
 */
export function decideClose(profile: Profile, told: ToldClosure, context: ClosureContext): Result<Profile> {
  const problems = [
    ...timeProblems(told, context.now),
    ...wordProblems(told),
    ...overlapProblems(profile, told, context.now),
  ]
  if (problems.length > 0) return refused(...problems)
  return accepted(withClosure(profile, { ...told, ...writtenFacts(told, context), ended: false }, context.now))
}

/** Ends a closure at a minute; one that had not begun leaves no trace in the hours. */
export function decideEnd(profile: Profile, id: string, at: LondonTime, context: ClosureContext): Result<Profile> {
  const closure = closureIn(profile, id)
  if (!closure) return refused(gone())
  const until = formatLondon(at)
  if (until <= closure.from) return accepted(withoutClosure(profile, id))
  const ended = { ...closure, until, ...writtenFacts({ ...closure, until }, context), ended: true }
  return accepted(withClosure(profile, ended, context.now))
}

/**
 * Gives a closure another expected reopening; null: nobody knows any more. The same again is always right, whatever began
 * meanwhile: it only writes an end that nobody knows further on.
 */
export function decideExpect(
  profile: Profile,
  id: string,
  until: string | null,
  context: ClosureContext,
): Result<Profile> {
  const closure = closureIn(profile, id)
  if (!closure) return refused(gone())
  const told = { ...closure, until }
  const problems =
    until === closure.until ? [] : [...untilProblems(told, context.now), ...overlapProblems(profile, told, context.now)]
  if (problems.length > 0) return refused(...problems)
  return accepted(withClosure(profile, { ...told, ...writtenFacts(told, context) }, context.now))
}

/** The closure of this id, over or not. */
export const closureIn = ({ closures = [] }: Profile, id: string): Closure | undefined =>
  closures.find((closure) => closure.id === id)

const gone = (): Problem => ({
  field: 'form',
  code: 'gone',
  message: 'This closure was cancelled, or ended more than a month ago',
})

/** How far it is written into the hours, and the days of it that are unknown without an answer. */
function writtenFacts(
  { from, until }: Pick<Closure, 'from' | 'until'>,
  { now, holidays }: ClosureContext,
): Pick<Closure, 'writtenTo' | 'statutory'> {
  const first = from.slice(0, 10) as LocalDate
  const last =
    until === null ? Math.max(dayOf(first), now.day) + WRITTEN_DAYS - 1 : dayOf(until.slice(0, 10) as LocalDate)
  return {
    writtenTo: dateOf(last),
    statutory: holidays.statutoryDays(dayOf(first) - 1, last + 1).map(({ date }) => date),
  }
}

/** The profile with the closure in its place, without those that ended long ago. */
function withClosure(profile: Profile, closure: Closure, now: LondonTime): Profile {
  const before = profile.closures ?? []
  const kept = before.filter(({ ended, writtenTo }) => !ended || dayOf(writtenTo) >= now.day - KEPT_DAYS)
  const closures = kept.some(({ id }) => id === closure.id)
    ? kept.map((each) => (each.id === closure.id ? closure : each))
    : [...kept, closure]
  return { ...profile, closures }
}

function withoutClosure(profile: Profile, id: string): Profile {
  const { closures = [], ...rest } = profile
  const left = closures.filter((closure) => closure.id !== id)
  return left.length > 0 ? { ...rest, closures: left } : rest
}

function timeProblems(told: ToldClosure, now: LondonTime): readonly Problem[] {
  const starts = parseLondonMinute(told.from)
  if (!starts) return [{ field: 'from', code: 'invalid', message: 'Enter a real date and time for the start' }]
  if (starts.day < now.day) {
    return [
      {
        field: 'from',
        code: 'past',
        message: 'The closure must start today or later. For hours that are over, contact the service desk',
      },
    ]
  }
  if (starts.day - now.day > FURTHEST_CLOSURE_DAYS) {
    return [{ field: 'from', code: 'too-far', message: 'The closure must start within the next 2 years' }]
  }
  return untilProblems(told, now)
}

function untilProblems({ from, until }: Pick<Closure, 'from' | 'until'>, now: LondonTime): readonly Problem[] {
  if (until === null) return []
  const starts = parseLondonMinute(from)
  const ends = parseLondonMinute(until)
  if (!starts || !ends)
    return [{ field: 'until', code: 'invalid', message: 'Enter a real date and time for reopening' }]
  if (absoluteMinute(ends) <= absoluteMinute(starts)) {
    return [{ field: 'until', code: 'order', message: 'The time of reopening must be after the start of the closure' }]
  }
  if (absoluteMinute(ends) <= absoluteMinute(now)) {
    return [{ field: 'until', code: 'past', message: 'The time of reopening must be in the future' }]
  }
  if (ends.day - Math.max(starts.day, now.day) > LONGEST_CLOSURE_DAYS) {
    return [
      {
        field: 'until',
        code: 'too-long',
        message: 'A closure can last up to 3 months. Choose “I do not know” if it may be longer, and speak to your ICB',
      },
    ]
  }
  return []
}

function wordProblems({ reason, advice, services }: ToldClosure): readonly Problem[] {
  const tests: readonly (readonly [boolean, Problem])[] = [
    [
      !(CHANGE_REASONS as readonly string[]).includes(reason),
      { field: 'reason', code: 'missing', message: 'Select why the pharmacy is closed' },
    ],
    [
      [...(advice ?? '')].length > LONGEST_ADVICE,
      {
        field: 'advice',
        code: 'too-long',
        message: `The advice for patients must be ${LONGEST_ADVICE} characters or fewer`,
      },
    ],
    [
      services?.length === 0,
      { field: 'services', code: 'missing', message: 'Select at least 1 service that is closed' },
    ],
  ]
  return tests.filter(([wrong]) => wrong).map(([, problem]) => problem)
}

function overlapProblems(profile: Profile, told: ToldClosure, now: LondonTime): readonly Problem[] {
  const clash = (profile.closures ?? []).find(
    (closure) => closure.id !== told.id && !closure.ended && sameThing(closure, told) && overlaps(closure, told, now),
  )
  if (!clash) return []
  return [
    {
      field: 'from',
      code: 'overlap',
      message: 'There is already a closure at this time. Change or reopen that one instead',
    },
  ]
}

function sameThing(a: Pick<Closure, 'services'>, b: Pick<Closure, 'services'>): boolean {
  if (a.services === null || b.services === null) return a.services === b.services
  return a.services.some((uid) => b.services?.includes(uid))
}

/**
 * Whether two closures of the same thing share a time. One whose end nobody knows is in the way of what begins by now, and
 * not of one that is planned for later: who must close at once does not have to cancel next week first.
 */
function overlaps(a: Pick<Closure, 'from' | 'until'>, b: Pick<Closure, 'from' | 'until'>, now: LondonTime): boolean {
  const one = knownPart(a, now)
  const other = knownPart(b, now)
  return one !== undefined && other !== undefined && one.from < other.until && other.from < one.until
}

function knownPart(closure: Pick<Closure, 'from' | 'until'>, now: LondonTime): ClosedMinutes | undefined {
  const minutes = closedMinutesOf(closure)
  if (!minutes || closure.until !== null) return minutes
  return { ...minutes, until: Math.max(minutes.from, absoluteMinute(now)) + 1 }
}
