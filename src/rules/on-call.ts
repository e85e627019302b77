/**
 * Who answers when a pharmacy cannot tell us itself that it is shut: the service desk in office hours, else whoever is
 * on call. Shifts are instants (milliseconds), so that a night in which the clocks change has 9 or 11 hours and no
 * minute that belongs to two people.
 */
import type { HolidayCalendar, StatutoryDay } from './bank-holidays.ts'
import {
  type DayNumber,
  dayOf,
  instantOf,
  type LondonTime,
  minuteExists,
  parseLondonMinute,
  toLondon,
} from './london-time.ts'
import { isWorkingDay } from './working-days.ts'

type Holidays = Pick<HolidayCalendar, 'isBankHoliday'>

/** 8am and 5pm. Source: the emergency change line of the Directory of Services, Monday to Friday, bank holidays excepted. */
export const DESK_OPENS = 8 * 60
export const DESK_CLOSES = 17 * 60

export type Line = 'service-desk' | 'on-call'

/** Which line answers at a London minute. */
export function lineAt({ day, minute }: LondonTime, holidays: Holidays): Line {
  const inHours = isWorkingDay(day, holidays) && minute >= DESK_OPENS && minute < DESK_CLOSES
  return inHours ? 'service-desk' : 'on-call'
}

/** When the other line takes over: the next opening or closing of the service desk after a London minute. */
export function lineChangesAfter(now: LondonTime, holidays: Holidays): LondonTime {
  if (lineAt(now, holidays) === 'service-desk') return { day: now.day, minute: DESK_CLOSES }
  let { day } = now
  if (now.minute >= DESK_OPENS) day += 1
  while (!isWorkingDay(day, holidays)) day += 1
  return { day, minute: DESK_OPENS }
}

/** The order in which people are rung. */
export const PLACES = ['first', 'second'] as const
export type Place = (typeof PLACES)[number]

/** A spell of being on call, half-open, in milliseconds. */
export type Shift = { readonly place: Place; readonly startsAt: number; readonly endsAt: number }
export type Spell = Pick<Shift, 'startsAt' | 'endsAt'>

/** The longest shift that a form takes: longer ones are slips of the pen. */
export const LONGEST_SHIFT_DAYS = 8

/**
 * The instants of a shift that is given in London minutes (`2026-12-25T17:00`). Undefined when a minute is malformed or
 * does not exist, or when the end is not after the start.
 */
export function shiftBetween(from: string, to: string): Spell | undefined {
  const [starts, ends] = [parseLondonMinute(from), parseLondonMinute(to)]
  if (!starts || !ends) return undefined
  const spell = { startsAt: instantOf(starts).getTime(), endsAt: instantOf(ends).getTime() }
  return spell.endsAt > spell.startsAt ? spell : undefined
}

/** The same clock times a week later. A minute that does not exist there is the first that does. */
export function aWeekOn({ startsAt, endsAt }: Spell): Spell {
  return { startsAt: weekAfter(startsAt), endsAt: weekAfter(endsAt) }
}

function weekAfter(instant: number): number {
  const { day, minute } = toLondon(new Date(instant))
  const later = { day: day + 7, minute }
  return instantOf(minuteExists(later) ? later : { ...later, minute: 120 }).getTime()
}

/** Who is on call at an instant: whoever began last, where shifts overlap. */
export function onCallAt<S extends Shift>(
  shifts: readonly S[],
  instant: number,
): Readonly<Record<Place, S | undefined>> {
  const at = (place: Place): S | undefined =>
    shifts
      .filter((shift) => shift.place === place && shift.startsAt <= instant && instant < shift.endsAt)
      .reduce<S | undefined>((last, shift) => (last && last.startsAt >= shift.startsAt ? last : shift), undefined)
  return { first: at('first'), second: at('second') }
}

/** How long the first on call may leave a call unanswered before the second is rung. */
export const ESCALATE_AFTER_MS = 10 * 60_000

/**
 * Who is to be rung at an instant for something that has waited since another: the first, and after 10 minutes without
 * an acknowledgement the second. Where one of them is missing the other is rung at once.
 */
export function whomToRing<S extends Shift>(
  shifts: readonly S[],
  { now, since, acknowledged }: { readonly now: number; readonly since: number; readonly acknowledged: boolean },
): S | undefined {
  const { first, second } = onCallAt(shifts, now)
  const escalated = !acknowledged && now - since >= ESCALATE_AFTER_MS
  return escalated ? (second ?? first) : (first ?? second)
}

/** Something wrong with a rota. `gap`: nobody is first; `no-second`: nobody to ring after them; `overlap`: two are first. */
export type RotaFault = Spell & { readonly what: 'gap' | 'no-second' | 'overlap' }

/**
 * What is wrong with the rota between two instants, in order: gaps while the desk is shut, and overlaps at any time.
 * A spell without a first is a gap and not also without a second.
 */
export function rotaFaults(
  shifts: readonly Shift[],
  { startsAt, endsAt }: Spell,
  holidays: Holidays,
): readonly RotaFault[] {
  const edges = new Set([startsAt, endsAt])
  for (const shift of shifts) for (const edge of [shift.startsAt, shift.endsAt]) edges.add(edge)
  for (const edge of lineChanges({ startsAt, endsAt }, holidays)) edges.add(edge)
  const sorted = [...edges].filter((edge) => edge >= startsAt && edge <= endsAt).sort((a, b) => a - b)
  const faults: RotaFault[] = []
  for (const [index, from] of sorted.slice(0, -1).entries()) {
    const what = faultAt(shifts, from, holidays)
    const to = sorted[index + 1] ?? from
    const last = faults.at(-1)
    if (!what) continue
    if (last?.what === what && last.endsAt === from) faults[faults.length - 1] = { ...last, endsAt: to }
    else faults.push({ what, startsAt: from, endsAt: to })
  }
  return faults
}

function faultAt(shifts: readonly Shift[], instant: number, holidays: Holidays): RotaFault['what'] | undefined {
  const there = shifts.filter((shift) => shift.startsAt <= instant && instant < shift.endsAt)
  const firsts = there.filter(({ place }) => place === 'first').length
  if (firsts > 1) return 'overlap'
  if (lineAt(toLondon(new Date(instant)), holidays) === 'service-desk') return undefined
  if (firsts === 0) return 'gap'
  return there.length === 1 ? 'no-second' : undefined
}

/** The instants between two others at which the line changes, in order. */
export function lineChanges({ startsAt, endsAt }: Spell, holidays: Holidays): readonly number[] {
  const found: number[] = []
  let next = lineChangesAfter(toLondon(new Date(startsAt)), holidays)
  for (let instant = instantOf(next).getTime(); instant < endsAt; instant = instantOf(next).getTime()) {
    found.push(instant)
    next = lineChangesAfter(next, holidays)
  }
  return found
}

/** The weekdays of a range, both ends included, on which the desk is shut because of a bank holiday. */
export const desksDaysOff = (from: DayNumber, to: DayNumber, holidays: HolidayCalendar): readonly StatutoryDay[] =>
  holidays.statutoryDays(from, to).filter(({ date }) => holidays.isBankHoliday(dayOf(date)))
