/**
 * Opening times laid out for searching, and the questions that searches ask of them: open now, until when, at any time
 * between two minutes. `opening-times.ts` says what opening times are.
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import {
  type DayNumber,
  dateOf,
  dayOf,
  type LocalDate,
  type LondonTime,
  MINUTES_PER_DAY,
  minuteExists,
  weekdayIndex,
} from './london-time.ts'
import {
  ALL_DAY,
  type Because,
  type DayHours,
  type KnownBecause,
  mergeSessions,
  type OpeningTimes,
  type Session,
  type WeeklyHours,
} from './opening-times.ts'

/**
 * The answer for one minute. `until` is the end of the unbroken spell, null when none is in sight; `opensAt` is the next
 * known opening, null when there is none within about a year.
 */
export type OpenState =
  | { readonly open: true; readonly until: LondonTime | null; readonly because: KnownBecause }
  | { readonly open: false; readonly opensAt: LondonTime | null; readonly because: KnownBecause }
  | { readonly open: null; readonly opensAt: LondonTime | null; readonly because: 'unknown' }

/** How far ahead a next opening or change is looked for: every yearly holiday has then been seen once. */
const HORIZON_DAYS = 400

/**
 * Opening times laid out for searching: made once when a service is loaded, asked millions of times. Flat lists of small
 * integers, because 60,000 of these live in memory and typed arrays of this length cost more than they hold.
 *
 * A slot is one list of sessions: 0 to 6 the weekdays, 7 the bank holidays, 8 all hours, from 9 the specified dates in
 * the order of `dates`. Slot `s` owns `sessions` from `starts[s]` up to `starts[s + 1]`, in order and apart.
 */
export type CompiledHours = {
  readonly holidays: HolidayCalendar
  readonly openAllHours: boolean
  /** Statutory days are answered by their own dates, so that one without is unknown. */
  readonly holidaysAnswered: boolean
  /** Bit n is set when weekday n is not known. */
  readonly unknownWeekdays: number
  /** Whether any session passes midnight, so that yesterday matters. */
  readonly overnight: boolean
  /** The specified dates as day numbers, sorted. */
  readonly dates: readonly number[]
  readonly starts: readonly number[]
  /** One number for a session: `opens` in the upper bits, `closes` in the lower twelve. */
  readonly sessions: readonly number[]
}

const UNKNOWN_SLOT = -1
const HOLIDAY_SLOT = 7
const ALL_HOURS_SLOT = 8
const FIRST_DATE_SLOT = 9
const CLOSES_BITS = 12
const CLOSES_MASK = (1 << CLOSES_BITS) - 1
const NO_DATES: readonly number[] = []

/** Lays out opening times. Sessions need not be in order, and may touch or overlap: they are merged. Never throws. */
export function compileOpeningTimes(times: OpeningTimes, holidays: HolidayCalendar): CompiledHours {
  const starts = [0]
  const sessions: number[] = []
  let overnight = false
  const addSlot = (list: readonly Session[]): void => {
    for (const { opens, closes } of isInOrder(list) ? list : mergeSessions(list)) {
      sessions.push((opens << CLOSES_BITS) | closes)
      overnight ||= closes > MINUTES_PER_DAY
    }
    starts.push(sessions.length)
  }
  let unknownWeekdays = 0
  for (let weekday = 0; weekday < 7; weekday++) {
    const hours = times.weekly[weekday] ?? null
    if (hours === null) unknownWeekdays |= 1 << weekday
    addSlot(hours ?? [])
  }
  addSlot(times.bankHoliday ?? [])
  addSlot(ALL_DAY)
  const dates = (Object.keys(times.specified) as LocalDate[]).sort()
  for (const date of dates) addSlot(times.specified[date] ?? [])
  return {
    holidays,
    openAllHours: times.openAllHours,
    holidaysAnswered: times.bankHoliday === null,
    unknownWeekdays,
    overnight,
    dates: dates.length > 0 ? dates.map(dayOf) : NO_DATES,
    starts: starts.slice(),
    sessions: sessions.slice(),
  }
}

function isInOrder(sessions: readonly Session[]): boolean {
  let free = -1
  for (const { opens, closes } of sessions) {
    if (opens <= free) return false
    free = closes
  }
  return true
}

/** `sessionsOn` for the compiled form: the sessions that begin on a day, and which layer gives them. */
export function compiledSessionsOn(
  hours: CompiledHours,
  day: DayNumber,
): { readonly sessions: DayHours; readonly because: Because } {
  const slot = slotOn(hours, day)
  return slot === UNKNOWN_SLOT
    ? { sessions: null, because: 'unknown' }
    : { sessions: sessionsIn(hours, slot), because: layerOf(slot) }
}

/** The usual week as it was compiled, Monday first; days that are not known are null. */
export const compiledWeek = (hours: CompiledHours): WeeklyHours =>
  [0, 1, 2, 3, 4, 5, 6].map((weekday) => ((hours.unknownWeekdays >> weekday) & 1 ? null : sessionsIn(hours, weekday)))

/** The opening times as they were compiled, for formats that write them out; touching sessions have become one. */
export function openingTimesOf(hours: CompiledHours): OpeningTimes {
  const specified = hours.dates.map((day, index) => [dateOf(day), sessionsIn(hours, FIRST_DATE_SLOT + index)] as const)
  return {
    weekly: compiledWeek(hours),
    bankHoliday: hours.holidaysAnswered ? null : sessionsIn(hours, HOLIDAY_SLOT),
    openAllHours: hours.openAllHours,
    specified: Object.fromEntries(specified),
  }
}

const sessionsIn = ({ starts, sessions }: CompiledHours, slot: number): readonly Session[] =>
  sessions
    .slice(starts[slot], starts[slot + 1])
    .map((session) => ({ opens: session >> CLOSES_BITS, closes: session & CLOSES_MASK }))

/** Whether the service is open: false when known to be closed, null when that day is not known. */
export function isOpenAt(hours: CompiledHours, { day, minute }: LondonTime): boolean | null {
  const slot = slotOn(hours, day)
  if (coveredUntil(hours, slot, minute) > 0) return true
  if (hours.overnight && coveredUntil(hours, slotOn(hours, day - 1), minute + MINUTES_PER_DAY) > 0) return true
  return slot === UNKNOWN_SLOT ? null : false
}
/**
 * Whether a session that begins on a day has a minute between two minutes of that day, its closing minute counted as
 * open, except that a session up to midnight ends at 23:59. `first` may be negative and `last` may pass midnight.
 */
export function hasSessionBetween(hours: CompiledHours, day: DayNumber, first: number, last: number): boolean {
  const slot = slotOn(hours, day)
  if (slot === UNKNOWN_SLOT) return false
  const { starts, sessions } = hours
  const end = starts[slot + 1] as number
  for (let index = starts[slot] as number; index < end; index++) {
    const session = sessions[index] as number
    if (session >> CLOSES_BITS > last) return false
    const closes = session & CLOSES_MASK
    if ((closes === MINUTES_PER_DAY ? closes - 1 : closes) >= first) return true
  }
  return false
}

/**
 * Whether the service is open, until when or from when, and why.
 *
 * A session that began yesterday and passes midnight counts whatever today says, so Christmas Eve's late session is not
 * cut short by Christmas Day; `because` then names yesterday's layer.
 */
export function openStateAt(hours: CompiledHours, at: LondonTime): OpenState {
  const slot = slotOn(hours, at.day)
  if (coveredUntil(hours, slot, at.minute) > 0) {
    return { open: true, until: endOfSpell(hours, at), because: layerOf(slot) }
  }
  const yesterday = hours.overnight ? slotOn(hours, at.day - 1) : UNKNOWN_SLOT
  if (coveredUntil(hours, yesterday, at.minute + MINUTES_PER_DAY) > 0) {
    return { open: true, until: endOfSpell(hours, at), because: layerOf(yesterday) }
  }
  const opensAt = nextOpening(hours, at)
  return slot === UNKNOWN_SLOT
    ? { open: null, opensAt, because: 'unknown' }
    : { open: false, opensAt, because: layerOf(slot) }
}

/**
 * The next minute at which the answer of `isOpenAt` differs from the one at `at`, null when there is none in sight.
 * Never a minute that London clocks skip in spring.
 */
export function nextChange(hours: CompiledHours, at: LondonTime): LondonTime | null {
  const state = isOpenAt(hours, at)
  if (state) return endOfSpell(hours, at)
  const today = state === null ? null : openingOn(hours, slotOn(hours, at.day), at.day, at.minute)
  if (today) return today
  const last = lastDayToLookAt(hours, at.day)
  for (let day = at.day + 1; day <= last; day++) {
    const slot = slotOn(hours, day)
    if ((slot === UNKNOWN_SLOT) !== (state === null)) return { day, minute: 0 }
    const opening = openingOn(hours, slot, day, -1)
    if (opening) return opening
  }
  return null
}

const layerOf = (slot: number): KnownBecause => {
  if (slot >= FIRST_DATE_SLOT) return 'specified'
  if (slot === ALL_HOURS_SLOT) return 'openAllHours'
  return slot === HOLIDAY_SLOT ? 'bankHoliday' : 'weekly'
}

/** The slot that speaks for a day: `sessionsOn`, on the compiled form. */
function slotOn(hours: CompiledHours, day: DayNumber): number {
  const date = dateIndexFrom(hours.dates, day)
  if (hours.dates[date] === day) return FIRST_DATE_SLOT + date
  if (hours.openAllHours) return ALL_HOURS_SLOT
  if (hours.holidaysAnswered) {
    if (hours.holidays.isStatutory(day)) return UNKNOWN_SLOT
  } else if (hours.holidays.isBankHoliday(day)) return HOLIDAY_SLOT
  const weekday = weekdayIndex(day)
  return (hours.unknownWeekdays >> weekday) & 1 ? UNKNOWN_SLOT : weekday
}

/** The position of the first date that is not before `day`; the length when all are. */
function dateIndexFrom(dates: readonly number[], day: DayNumber): number {
  let low = 0
  let high = dates.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((dates[middle] as number) < day) low = middle + 1
    else high = middle
  }
  return low
}

/** When the session of a slot that covers `minute` closes; 0 when none does. */
function coveredUntil({ starts, sessions }: CompiledHours, slot: number, minute: number): number {
  if (slot === UNKNOWN_SLOT) return 0
  const end = starts[slot + 1] as number
  for (let index = starts[slot] as number; index < end; index++) {
    const session = sessions[index] as number
    if (minute < session >> CLOSES_BITS) return 0
    if (minute < (session & CLOSES_MASK)) return session & CLOSES_MASK
  }
  return 0
}

const lastDayToLookAt = ({ dates }: CompiledHours, day: DayNumber): DayNumber =>
  Math.max(day, dates.at(-1) ?? day) + HORIZON_DAYS

/** The end of the unbroken spell that covers `at`, across touching sessions and midnights. Null: no end in sight. */
function endOfSpell(hours: CompiledHours, at: LondonTime): LondonTime | null {
  const last = lastDayToLookAt(hours, at.day)
  let here = at
  while (here.day <= last) {
    const end = coverFrom(hours, here.day, here.minute)
    if (end > here.minute) here = moveTo(hours, here.day, end)
    else if (minuteExists(here)) return here
    else here = { day: here.day, minute: AFTER_SKIPPED_HOUR }
  }
  return null
}

/** Minute `end` of `day`, which may pass midnight; straight to the next specified date where only those can end a spell. */
function moveTo({ openAllHours, dates }: CompiledHours, day: DayNumber, end: number): LondonTime {
  if (end < MINUTES_PER_DAY) return { day, minute: end }
  const minute = end - MINUTES_PER_DAY
  if (minute > 0 || !openAllHours) return { day: day + 1, minute }
  return { day: dates[dateIndexFrom(dates, day + 1)] ?? Number.POSITIVE_INFINITY, minute }
}

/** The first minute after those that London clocks skip on the last Sunday of March. */
const AFTER_SKIPPED_HOUR = 120

/** Until which minute of `day` its own sessions or yesterday's cover `minute`; `minute` or less when they do not. */
function coverFrom(hours: CompiledHours, day: DayNumber, minute: number): number {
  const own = coveredUntil(hours, slotOn(hours, day), minute)
  if (!hours.overnight) return own
  const tail = coveredUntil(hours, slotOn(hours, day - 1), minute + MINUTES_PER_DAY) - MINUTES_PER_DAY
  return Math.max(own, tail)
}

/** The first known opening after `at`, at which the service is not open. */
function nextOpening(hours: CompiledHours, at: LondonTime): LondonTime | null {
  const last = lastDayToLookAt(hours, at.day)
  for (let day = at.day; day <= last; day = nextDayToLookAt(hours, day)) {
    const opening = openingOn(hours, slotOn(hours, day), day, day === at.day ? at.minute : -1)
    if (opening) return opening
  }
  return null
}

/** The day after, or the next specified date where nothing else has sessions. */
function nextDayToLookAt({ openAllHours, starts, dates }: CompiledHours, day: DayNumber): DayNumber {
  if (openAllHours || starts[ALL_HOURS_SLOT] !== 0) return day + 1
  return dates[dateIndexFrom(dates, day + 1)] ?? Number.POSITIVE_INFINITY
}

/** The first opening of a slot after `minute` of a day; an opening in the hour that clocks skip is at 02:00. */
function openingOn(hours: CompiledHours, slot: number, day: DayNumber, minute: number): LondonTime | null {
  if (slot === UNKNOWN_SLOT) return null
  const end = hours.starts[slot + 1] as number
  for (let index = hours.starts[slot] as number; index < end; index++) {
    const session = hours.sessions[index] as number
    const opens = session >> CLOSES_BITS
    if (opens <= minute) continue
    if (minuteExists({ day, minute: opens })) return { day, minute: opens }
    if ((session & CLOSES_MASK) > AFTER_SKIPPED_HOUR) return { day, minute: AFTER_SKIPPED_HOUR }
  }
  return null
}
