/** Which moment is meant: a London minute, and the instant of it, where clocks may leave one out or show one twice. Pure. */
import { formatDateShort, formatTime } from '#src/rules/clock-time.ts'
import {
  clockChangeDay,
  dateOf,
  dayOf,
  formatLondon,
  instantOf,
  type LondonTime,
  parseLocalDate,
  parseLondonMinute,
} from '#src/rules/london-time.ts'

export type Moment = {
  readonly minute: LondonTime
  /** The beginning of that minute. */
  readonly instant: Date
  /** Clocks went back: this minute was shown twice. `second`: the later one is meant. */
  readonly twice: boolean
  readonly second: boolean
}

const HOUR_MS = 3_600_000
const SECOND = '-second'

/**
 * Reads `2026-05-03T14:05`; of a minute that occurs twice the first, or with `-second` at its end the second. `never`: clocks
 * went forward over it. Undefined for anything else.
 */
export function parseMoment(text: string): Moment | 'never' | undefined {
  const second = text.endsWith(SECOND)
  const bare = second ? text.slice(0, -SECOND.length) : text
  const minute = parseLondonMinute(bare)
  if (!minute) return isSkipped(bare) && !second ? 'never' : undefined
  const twice = isTwice(minute)
  if (second && !twice) return undefined
  return { minute, instant: new Date(instantOf(minute).getTime() + (second ? HOUR_MS : 0)), twice, second }
}

/** As `parseMoment` reads it. */
export const formatMoment = ({ minute, second }: Pick<Moment, 'minute' | 'second'>): string =>
  `${formatLondon(minute)}${second ? SECOND : ''}`

/** `2:05pm on 3 May 2026`; of a minute that clocks showed twice, which one. */
export function momentWords({ minute: { day, minute }, twice, second }: Omit<Moment, 'instant'>): string {
  const which = twice ? (second ? ' (the second time, after clocks went back)' : ' (the first time)') : ''
  return `${formatTime(minute)}${which} on ${formatDateShort(dateOf(day))}`
}

/** From 1am to 2am on the last Sunday of October. Source: Summer Time Order 2002. */
const isTwice = ({ day, minute }: LondonTime): boolean =>
  minute >= 60 && minute < 120 && clockChangeDay(Number(dateOf(day).slice(0, 4)), 9) === day

function isSkipped(text: string): boolean {
  const [, written = ''] = /^(\d{4}-\d\d-\d\d)T01:[0-5]\d$/.exec(text) ?? []
  const date = parseLocalDate(written)
  return date !== undefined && clockChangeDay(Number(date.slice(0, 4)), 2) === dayOf(date)
}
