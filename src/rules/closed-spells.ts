/**
 * Spells in which a service is shut whatever its hours say, and what is left of its hours.
 *
 * A closure lies over the opening times and never replaces them: whoever changes the hours meanwhile changes what comes
 * back when it ends, and an end is one value that changes. Pure; in London wall-clock time.
 */
import {
  type DayNumber,
  dateOf,
  dayOf,
  type LocalDate,
  MINUTES_PER_DAY,
  parseLondonMinute,
  weekdayIndex,
} from './london-time.ts'
import { ALL_DAY, mergeSessions, type OpeningTimes, type Session } from './opening-times.ts'
import { sessionsWithout } from './shared-sessions.ts'

export type ClosedSpell = {
  /** London minute, `2026-08-05T14:37`: shut from this minute on. */
  readonly from: string
  /** The London minute of opening again, expected or, when `ended`, real. Null: nobody knows. */
  readonly until: string | null
  /** The last date that the spell changes in written hours: that of `until`, or as far as an end nobody knows is written. */
  readonly writtenTo: LocalDate
  /** The bank holidays and other statutory days from its first day to `writtenTo`: without an answer they are unknown. */
  readonly statutory: readonly LocalDate[]
  /** It is over: what was not known of these days is not known again. */
  readonly ended: boolean
}

/** A spell in minutes since 1 January 1970 on a London clock (`absoluteMinute`); `until` is infinite when nobody knows. */
export type ClosedMinutes = { readonly from: number; readonly until: number }

/** A spell in absolute London minutes; undefined when its texts are no minutes. */
export function closedMinutesOf({ from, until }: Pick<ClosedSpell, 'from' | 'until'>): ClosedMinutes | undefined {
  const starts = parseLondonMinute(from)
  const ends = until === null ? null : parseLondonMinute(until)
  if (!starts || ends === undefined) return undefined
  return {
    from: starts.day * MINUTES_PER_DAY + starts.minute,
    until: ends === null ? Number.POSITIVE_INFINITY : ends.day * MINUTES_PER_DAY + ends.minute,
  }
}

/**
 * The opening times with the spells taken out: the touched dates become specified dates. A session that a spell cuts in
 * two continues under the date on which its second part begins. A date whose hours are not known is closed while a spell
 * lies on it, and unknown again when the spell has ended. Never throws; a spell that cannot be read changes nothing.
 */
export function closeHours(times: OpeningTimes, spells: readonly ClosedSpell[]): OpeningTimes {
  const closed = spells.flatMap(closedOf)
  if (closed.length === 0) return times
  const specified: Record<LocalDate, readonly Session[]> = { ...times.specified }
  const statutory = new Set(spells.flatMap((spell) => spell.statutory))
  let carried: readonly Session[] = []
  for (const day of touchedDays(closed)) {
    const usual = usualSessions(times, day, statutory)
    const left = usual === null ? unknownDay(day, closed) : partsOf(usual, day, closed, carried)
    if (left.here !== usual) specified[dateOf(day)] = left.here ?? []
    carried = left.later
  }
  return { ...times, specified }
}

type Closed = ClosedMinutes & { readonly spell: ClosedSpell }

/** A spell as far as it is written; none when it cannot be read or ends before it begins. */
function closedOf(spell: ClosedSpell): readonly Closed[] {
  const minutes = closedMinutesOf(spell)
  if (!minutes || minutes.from >= minutes.until) return []
  return [{ from: minutes.from, until: Math.min(minutes.until, nextDay(dayOf(spell.writtenTo))), spell }]
}

/** Every day that a spell may change: the one before, whose last session may reach into it, and the one after, for a cut one. */
function touchedDays(closed: readonly Closed[]): readonly DayNumber[] {
  const days = closed.flatMap(({ from, spell }) => {
    const first = Math.floor(from / MINUTES_PER_DAY) - 1
    return Array.from({ length: Math.max(0, dayOf(spell.writtenTo) + 2 - first) }, (_, index) => first + index)
  })
  return [...new Set(days)].sort((a, b) => a - b)
}

/** The sessions that begin on a day when nothing is closed; null when they are not known. */
function usualSessions(
  { weekly, bankHoliday, openAllHours, specified }: OpeningTimes,
  day: DayNumber,
  statutory: ReadonlySet<LocalDate>,
): readonly Session[] | null {
  const date = dateOf(day)
  if (specified[date]) return specified[date]
  if (openAllHours) return ALL_DAY
  if (statutory.has(date)) return bankHoliday
  return weekly[weekdayIndex(day)] ?? null
}

/** What is left of a day: the sessions that begin on it (null: not known), and the parts that begin after its midnight. */
type Left = { readonly here: readonly Session[] | null; readonly later: readonly Session[] }

/** A day whose hours are not known is closed while a spell lies on it. */
function unknownDay(day: DayNumber, closed: readonly Closed[]): Left {
  const isShut = closed.some(({ from, until, spell }) => !spell.ended && from < nextDay(day) && until > startOf(day))
  return { here: isShut ? [] : null, later: [] }
}

/** A day's sessions and what is carried over from the day before, without the spells; `usual` itself where nothing changes. */
function partsOf(
  usual: readonly Session[],
  day: DayNumber,
  closed: readonly Closed[],
  carried: readonly Session[],
): Left {
  const shut = closed.map(({ from, until }) => ({ opens: from - startOf(day), closes: until - startOf(day) }))
  const left = sessionsWithout(usual, shut)
  const here = mergeSessions([...left.filter(({ opens }) => opens < MINUTES_PER_DAY), ...carried])
  const later = left
    .filter(({ opens }) => opens >= MINUTES_PER_DAY)
    .map(({ opens, closes }) => ({ opens: opens - MINUTES_PER_DAY, closes: closes - MINUTES_PER_DAY }))
  return { here: sameSessions(here, usual) ? usual : here, later }
}

const startOf = (day: DayNumber): number => day * MINUTES_PER_DAY
const nextDay = (day: DayNumber): number => startOf(day + 1)

const sameSessions = (a: readonly Session[], b: readonly Session[]): boolean =>
  a.length === b.length && a.every(({ opens, closes }, at) => opens === b[at]?.opens && closes === b[at]?.closes)
