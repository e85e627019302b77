import assert from 'node:assert/strict'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'

/** `09:00-13:00,22:00-02:00` as sessions, as they stand: unsorted, unmerged, an end before its start on the next day. */
export function sessions(text: string): readonly Session[] {
  if (text === '') return []
  return text.split(',').map((part) => {
    const [opens = 0, closes = 0] = part.split('-').map(minuteOf)
    return { opens, closes: closes <= opens ? closes + 1440 : closes }
  })
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** Opening times closed all week, with bank holidays answered date by date, except for what is given. */
export const openingTimes = (given: Partial<OpeningTimes>): OpeningTimes => ({
  weekly: week({}),
  bankHoliday: null,
  openAllHours: false,
  specified: {},
  ...given,
})

/** Seven days, Monday first, closed except for those given by number (0 is Monday); null is a day that is not known. */
export const week = (days: Readonly<Record<number, string | null>>): OpeningTimes['weekly'] =>
  [0, 1, 2, 3, 4, 5, 6].map((day) => {
    const text = days[day]
    return text === null ? null : sessions(text ?? '')
  })

/** The same hours on each of the seven days. */
export const everyDay = (text: string): OpeningTimes['weekly'] => Array.from({ length: 7 }, () => sessions(text))

/** Reads `2026-12-25T10:00`; throws on a minute that no London clock shows. */
export function london(text: string): LondonTime {
  const time = parseLondonMinute(text)
  assert.ok(time, `${text} is not a minute of a London clock`)
  return time
}
