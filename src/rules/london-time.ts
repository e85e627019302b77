/**
 * London wall-clock time: the only place where a UTC instant becomes a local date and minute.
 *
 * A local date is text (`2026-12-25`) at the edges and a day number inside, because the index compares millions of them.
 */
export type LocalDate = `${number}-${number}-${number}`

/** Days since 1 January 1970, a Thursday, on the London calendar. */
export type DayNumber = number

/** A minute on a London clock: `minute` counts from midnight of `day`, 540 is 09:00. */
export type LondonTime = { readonly day: DayNumber; readonly minute: number }

export const MINUTES_PER_DAY = 1440
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]

const MS_PER_DAY = 86_400_000
const MS_PER_HOUR = 3_600_000

/** The day number of a date. The date is not checked: use `parseLocalDate` on input. */
export const dayOf = (date: LocalDate): DayNumber =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / MS_PER_DAY

export const dateOf = (day: DayNumber): LocalDate => new Date(day * MS_PER_DAY).toISOString().slice(0, 10) as LocalDate

/** 0 for Monday to 6 for Sunday. */
export const weekdayIndex = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7

export const weekdayOf = (day: DayNumber): Weekday => WEEKDAYS[weekdayIndex(day) as 0]

/** Reads `YYYY-MM-DD`, refusing dates that do not exist such as 2026-02-29. Years 1900 to 2199. */
export function parseLocalDate(text: string): LocalDate | undefined {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return undefined
  const time = new Date(`${text}T00:00Z`)
  // 30 February is read as 2 March, and a thirteenth month as no date at all.
  return time.getUTCDate() === Number(text.slice(8)) ? (text as LocalDate) : undefined
}

/** The last Sunday of March (month 2) or October (month 9), when London's clocks change at 01:00 UTC. */
export function clockChangeDay(year: number, month: 2 | 9): DayNumber {
  const last = Date.UTC(year, month, 31) / MS_PER_DAY
  return last - ((weekdayIndex(last) + 1) % 7)
}

/** Whether British Summer Time is in force at `instant` (milliseconds). Source: Summer Time Order 2002. */
function isSummerTime(instant: number): boolean {
  const year = new Date(instant).getUTCFullYear()
  const starts = clockChangeDay(year, 2) * MS_PER_DAY + MS_PER_HOUR
  return instant >= starts && instant < clockChangeDay(year, 9) * MS_PER_DAY + MS_PER_HOUR
}

/** Converts an instant, taking British Summer Time into account. Right from 1996 on. */
export function toLondon(instant: Date): LondonTime {
  const local = instant.getTime() + (isSummerTime(instant.getTime()) ? MS_PER_HOUR : 0)
  const day = Math.floor(local / MS_PER_DAY)
  return { day, minute: Math.floor((local - day * MS_PER_DAY) / 60_000) }
}

/** The London date of an instant: a `Date`, or UTC ISO text. */
export const londonDateOf = (instant: Date | string): LocalDate => dateOf(toLondon(new Date(instant)).day)

/** Whether a London clock ever shows this minute: 01:00 to 01:59 does not exist on the last Sunday of March. */
export function minuteExists({ day, minute }: LondonTime): boolean {
  if (minute < 60 || minute >= 120) return true
  return day !== clockChangeDay(new Date(day * MS_PER_DAY).getUTCFullYear(), 2)
}

/** The instant of a London minute; of a minute that occurs twice, the first. Ask `minuteExists` before. */
export function instantOf({ day, minute }: LondonTime): Date {
  const asUtc = day * MS_PER_DAY + minute * 60_000
  return new Date(isSummerTime(asUtc - MS_PER_HOUR) ? asUtc - MS_PER_HOUR : asUtc)
}

/** `2026-12-11T10:34`, the form of every London minute in our APIs. `minute` may pass midnight. */
export function formatLondon({ day, minute }: LondonTime): string {
  const date = dateOf(day + Math.floor(minute / MINUTES_PER_DAY))
  return `${date}T${formatClock(minute % MINUTES_PER_DAY)}`
}

/** `09:05` for 545; 1440 is `24:00`. */
export const formatClock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** Reads `YYYY-MM-DDTHH:MM`, no zone, no seconds. Undefined when malformed or when no London clock shows that minute. */
export function parseLondonMinute(text: string): LondonTime | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  const date = match && parseLocalDate(match[1] ?? '')
  if (!match || !date) return undefined
  const time = { day: dayOf(date), minute: Number(match[2]) * 60 + Number(match[3]) }
  return minuteExists(time) ? time : undefined
}
