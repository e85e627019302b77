/**
 * Bank holidays of England and Wales, and the other days on which a pharmacy may close without notice.
 *
 * A year for which GOV.UK published dates is taken from them alone, because a holiday can be moved or added by
 * proclamation; every other year is computed from the rule.
 */

import { dayName, formatDate, formatDateShort } from './clock-time.ts'
import { type DayNumber, dateOf, dayOf, type LocalDate, weekdayIndex } from './london-time.ts'

export type PublishedHoliday = { readonly date: LocalDate; readonly title: string }

/**
 * A day that every pharmacy answers for itself. `note` explains a holiday that is kept on another day than its own,
 * otherwise null.
 */
export type StatutoryDay = { readonly date: LocalDate; readonly title: string; readonly note: string | null }

/** The holidays of 1900 to 2199, asked by day number. Made once, shared by everything that needs it. */
export type HolidayCalendar = {
  isBankHoliday(day: DayNumber): boolean
  /** Bank holidays, Christmas Day itself and Easter Sunday. Source: NHS (Pharmaceutical Services) Regulations 2013. */
  isStatutory(day: DayNumber): boolean
  titleOf(day: DayNumber): string | undefined
  /** The statutory days of a range, both ends included, in order. */
  statutoryDays(from: DayNumber, to: DayNumber): readonly StatutoryDay[]
}

const FIRST_YEAR = 1900
const LAST_YEAR = 2199
const BANK_HOLIDAY = 1
const STATUTORY = 2
const SATURDAY = 5
const NEW_YEAR = 'New Year’s Day'
const CHRISTMAS = 'Christmas Day'
const BOXING_DAY = 'Boxing Day'

type Holiday = readonly [day: DayNumber, title: string]

const JANUARY = 0
const MARCH = 2
const MAY = 4
const AUGUST = 7
const DECEMBER = 11
/** `month` counts from 0. */
const dayIn = (year: number, month: number, date: number): DayNumber => Date.UTC(year, month, date) / 86_400_000
const yearOf = (day: DayNumber): number => new Date(day * 86_400_000).getUTCFullYear()

const isWeekend = (day: DayNumber): boolean => weekdayIndex(day) >= SATURDAY
const mondayFrom = (day: DayNumber): DayNumber => day + ((7 - weekdayIndex(day)) % 7)
const mondayUpTo = (day: DayNumber): DayNumber => day - weekdayIndex(day)

/**
 * Easter Sunday of a Gregorian year: the Sunday after the first church full moon on or after 21 March.
 *
 * Source: Calendar (New Style) Act 1750; the arithmetic is Oudin's.
 */
export function easterSunday(year: number): DayNumber {
  const century = Math.floor(year / 100)
  const golden = year % 19
  const moonCorrection = Math.floor((century - Math.floor((century - 17) / 25)) / 3)
  let epact = (century - Math.floor(century / 4) - moonCorrection + 19 * golden + 15) % 30
  epact -= epact === 29 || (epact === 28 && golden > 10) ? 1 : 0
  const fullMoon = dayIn(year, MARCH, 21) + epact
  return fullMoon + 7 - ((weekdayIndex(fullMoon) + 1) % 7)
}

/** Christmas and Boxing Day as kept: where either falls on a weekend the next free weekday is the bank holiday. */
function christmasHolidays(year: number): readonly Holiday[] {
  const christmas = dayIn(year, DECEMBER, 25)
  const [christmasKept, boxingKept] = KEPT_AFTER[weekdayIndex(christmas)] ?? [0, 1]
  return [
    [christmas + christmasKept, CHRISTMAS],
    [christmas + boxingKept, BOXING_DAY],
  ]
}

/** Days after 25 December on which Christmas and Boxing Day are kept, by the weekday of the 25th (4 is a Friday). */
const KEPT_AFTER: Readonly<Record<number, readonly [number, number]>> = { 4: [0, 3], 5: [2, 3], 6: [2, 1] }

function holidaysByRule(year: number): readonly Holiday[] {
  const newYear = dayIn(year, JANUARY, 1)
  const easter = easterSunday(year)
  return [
    [isWeekend(newYear) ? mondayFrom(newYear) : newYear, NEW_YEAR],
    [easter - 2, 'Good Friday'],
    [easter + 1, 'Easter Monday'],
    [mondayFrom(dayIn(year, MAY, 1)), 'Early May bank holiday'],
    [mondayUpTo(dayIn(year, MAY, 31)), 'Spring bank holiday'],
    [mondayUpTo(dayIn(year, AUGUST, 31)), 'Summer bank holiday'],
    ...christmasHolidays(year),
  ]
}

/**
 * The bank holidays of a year by the rule of today, in order, titled as GOV.UK titles them.
 *
 * Holidays moved or added for one year (jubilees, a coronation, a state funeral) are known only from published rows.
 *
 * Source: Banking and Financial Dealings Act 1971, schedule 1, and the yearly proclamations.
 */
export function computedBankHolidays(year: number): readonly PublishedHoliday[] {
  return holidaysByRule(year)
    .toSorted(([a], [b]) => a - b)
    .map(([day, title]) => ({ date: dateOf(day), title }))
}

/** The date that a title names, where it names one: a holiday may be kept on another. */
function ownDay(title: string, day: DayNumber): DayNumber {
  if (/new year/i.test(title)) return dayIn(yearOf(day), JANUARY, 1)
  if (/christmas/i.test(title)) return dayIn(yearOf(day), DECEMBER, 25)
  return /boxing/i.test(title) ? dayIn(yearOf(day), DECEMBER, 26) : day
}

/** `26 December 2026 is a Saturday; the bank holiday is Monday 28 December`. */
function substituteNote(own: DayNumber, keptOn: DayNumber): string {
  const kept = formatDate(dateOf(keptOn)).split(' ').slice(0, 3).join(' ')
  return `${formatDateShort(dateOf(own))} is a ${dayName(weekdayIndex(own))}; the bank holiday is ${kept}`
}

/**
 * Builds the calendar of 1900 to 2199. A year with published rows consists of those; other years are computed. Days
 * outside these years are ordinary days. Never throws.
 */
export function holidayCalendar(published: readonly PublishedHoliday[]): HolidayCalendar {
  const base = dayIn(FIRST_YEAR, JANUARY, 1)
  const flags = new Uint8Array(dayIn(LAST_YEAR + 1, JANUARY, 1) - base)
  const titles = new Map<DayNumber, string>()
  const mark = (day: DayNumber, flag: number, title: string) => {
    flags[day - base] = flag
    titles.set(day, title)
  }
  const byYear = Map.groupBy(published, ({ date }) => Number(date.slice(0, 4)))
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    mark(easterSunday(year), STATUTORY, 'Easter Sunday')
    mark(dayIn(year, DECEMBER, 25), STATUTORY, CHRISTMAS)
    const rows = byYear.get(year)?.map(({ date, title }): Holiday => [dayOf(date), title])
    for (const [day, title] of rows ?? holidaysByRule(year)) mark(day, BANK_HOLIDAY | STATUTORY, title)
  }

  const noteOf = (day: DayNumber, title: string): string | null => {
    const own = ownDay(title, day)
    if (own !== day) return isWeekend(own) ? substituteNote(own, day) : null
    if (flags[day - base] !== STATUTORY || title !== CHRISTMAS) return null
    const kept = [1, 2, 3].find((later) => ownDay(titles.get(day + later) ?? '', day + later) === day)
    return kept === undefined ? null : substituteNote(day, day + kept)
  }

  return {
    isBankHoliday: (day) => ((flags[day - base] ?? 0) & BANK_HOLIDAY) !== 0,
    isStatutory: (day) => (flags[day - base] ?? 0) !== 0,
    titleOf: (day) => titles.get(day),
    statutoryDays(from, to) {
      const found: StatutoryDay[] = []
      for (let day = Math.max(from, base); day <= Math.min(to, base + flags.length - 1); day++) {
        const title = titles.get(day)
        if (title !== undefined) found.push({ date: dateOf(day), title, note: noteOf(day, title) })
      }
      return found
    },
  }
}
