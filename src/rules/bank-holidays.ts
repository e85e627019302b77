/**
 * Bank holidays of England and Wales, and the other days on which a pharmacy may close without notice.
 *
 * A year for which GOV.UK published dates is taken from them alone, because a holiday can be moved or added by
 * proclamation; every other year is computed from the rule.
 */

import { formatDate } from './clock-time.ts'
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
const MONDAY = 0
const SATURDAY = 5
const CHRISTMAS = 'Christmas Day'

/** The holidays of the rule that keep a fixed date, and by which they are told from their substitute day. */
const FIXED = [
  { title: 'New Year’s Day', words: /new year/i, monthAndDay: '01-01' },
  { title: CHRISTMAS, words: /christmas/i, monthAndDay: '12-25' },
  { title: 'Boxing Day', words: /boxing/i, monthAndDay: '12-26' },
] as const

const dayIn = (year: number, monthAndDay: string): DayNumber => dayOf(`${year}-${monthAndDay}` as LocalDate)
const isWeekend = (day: DayNumber): boolean => weekdayIndex(day) >= SATURDAY
const mondayFrom = (day: DayNumber): DayNumber => day + ((7 - weekdayIndex(day)) % 7)
const mondayUpTo = (day: DayNumber): DayNumber => day - ((weekdayIndex(day) - MONDAY + 7) % 7)

/** Easter Sunday of a Gregorian year. Source: the tables of the Calendar (New Style) Act 1750, as J. M. Oudin's steps. */
export function easterSunday(year: number): DayNumber {
  const century = Math.floor(year / 100)
  const golden = year % 19
  const leapCorrection = Math.floor((century - 17) / 25)
  let epact = (century - Math.floor(century / 4) - Math.floor((century - leapCorrection) / 3) + 19 * golden + 15) % 30
  epact -= epact === 29 || (epact === 28 && golden > 10) ? 1 : 0
  const fullMoon = dayIn(year, '03-21') + epact
  return fullMoon + 7 - ((weekdayIndex(fullMoon) + 1) % 7)
}

/** Christmas and Boxing Day as kept: where either falls on a weekend the next free weekday is the bank holiday. */
function christmasHolidays(year: number): readonly (readonly [DayNumber, string])[] {
  const christmas = dayIn(year, '12-25')
  switch (weekdayIndex(christmas)) {
    case 4:
      return [
        [christmas, CHRISTMAS],
        [christmas + 3, 'Boxing Day'],
      ]
    case 5:
      return [
        [christmas + 2, CHRISTMAS],
        [christmas + 3, 'Boxing Day'],
      ]
    case 6:
      return [
        [christmas + 1, 'Boxing Day'],
        [christmas + 2, CHRISTMAS],
      ]
    default:
      return [
        [christmas, CHRISTMAS],
        [christmas + 1, 'Boxing Day'],
      ]
  }
}

/**
 * The bank holidays of a year by the rule of today, in order, titled as GOV.UK titles them.
 *
 * Holidays moved or added for one year (jubilees, a coronation, a state funeral) are known only from published rows.
 *
 * Source: Banking and Financial Dealings Act 1971, schedule 1, and the yearly proclamations.
 */
export function computedBankHolidays(year: number): readonly PublishedHoliday[] {
  const newYear = dayIn(year, '01-01')
  const easter = easterSunday(year)
  const days: (readonly [DayNumber, string])[] = [
    [isWeekend(newYear) ? mondayFrom(newYear) : newYear, 'New Year’s Day'],
    [easter - 2, 'Good Friday'],
    [easter + 1, 'Easter Monday'],
    [mondayFrom(dayIn(year, '05-01')), 'Early May bank holiday'],
    [mondayUpTo(dayIn(year, '05-31')), 'Spring bank holiday'],
    [mondayUpTo(dayIn(year, '08-31')), 'Summer bank holiday'],
    ...christmasHolidays(year),
  ]
  return days.sort(([a], [b]) => a - b).map(([day, title]) => ({ date: dateOf(day), title }))
}

/** `26 December 2026 is a Saturday; the bank holiday is Monday 28 December`, or null for a holiday on its own day. */
function substituteNote(title: string, day: DayNumber): string | null {
  const year = Number(dateOf(day).slice(0, 4))
  const fixed = FIXED.find(({ words }) => words.test(title))
  const own = fixed && dayIn(year, fixed.monthAndDay)
  return own === undefined || own === day || !isWeekend(own) ? null : noteFor(own, day)
}

function noteFor(own: DayNumber, keptOn: DayNumber): string {
  const [weekday, ...date] = formatDate(dateOf(own)).split(' ')
  const kept = formatDate(dateOf(keptOn)).split(' ').slice(0, 3).join(' ')
  return `${date.join(' ')} is a ${weekday}; the bank holiday is ${kept}`
}

/** Builds the calendar. Years without published rows are computed. Never throws. */
export function holidayCalendar(published: readonly PublishedHoliday[]): HolidayCalendar {
  const base = dayIn(FIRST_YEAR, '01-01')
  const flags = new Uint8Array(dayIn(LAST_YEAR, '12-31') - base + 1)
  const days = new Map<DayNumber, { title: string; note: string | null }>()
  const mark = (day: DayNumber, flag: number, title: string, note: string | null) => {
    flags[day - base] = flag
    days.set(day, { title, note })
  }
  const byYear = Map.groupBy(published, ({ date }) => Number(date.slice(0, 4)))
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    const holidays = byYear.get(year) ?? computedBankHolidays(year)
    const christmas = dayIn(year, '12-25')
    const kept = holidays.find(({ title, date }) => /christmas/i.test(title) && dayOf(date) !== christmas)
    mark(easterSunday(year), STATUTORY, 'Easter Sunday', null)
    mark(christmas, STATUTORY, CHRISTMAS, kept ? noteFor(christmas, dayOf(kept.date)) : null)
    for (const { date, title } of holidays) {
      mark(dayOf(date), BANK_HOLIDAY | STATUTORY, title, substituteNote(title, dayOf(date)))
    }
  }
  return {
    isBankHoliday: (day) => ((flags[day - base] ?? 0) & BANK_HOLIDAY) !== 0,
    isStatutory: (day) => (flags[day - base] ?? 0) !== 0,
    titleOf: (day) => days.get(day)?.title,
    statutoryDays(from, to) {
      const found: StatutoryDay[] = []
      for (let day = Math.max(from, base); day <= Math.min(to, base + flags.length - 1); day++) {
        const holiday = days.get(day)
        if (holiday) found.push({ date: dateOf(day), ...holiday })
      }
      return found
    },
  }
}
