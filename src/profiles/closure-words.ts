/** Closures in words, as pages, receipts and history say them. */
import { dayName, formatDate, formatTime } from '#src/rules/clock-time.ts'
import { closedMinutesOf } from '#src/rules/closed-spells.ts'
import {
  dateOf,
  type LocalDate,
  type LondonTime,
  MINUTES_PER_DAY,
  parseLondonMinute,
  weekdayIndex,
} from '#src/rules/london-time.ts'
import type { Closure } from './profile.ts'

/** `5pm on Wednesday 5 August 2026`; `5pm` on the date `today`. The text itself when it is no London minute. */
export function minuteInWords(text: string, today?: LocalDate): string {
  const time = parseLondonMinute(text)
  if (!time) return text
  const date = dateOf(time.day)
  return date === today ? formatTime(time.minute) : `${formatTime(time.minute)} on ${formatDate(date)}`
}

/** `Closed from 2:37pm on Wednesday 5 August 2026`; the services alone when it is not the whole pharmacy. */
export function closureLabel({ from, services }: Pick<Closure, 'from' | 'services'>): string {
  const what =
    services === null ? 'Closed' : services.length === 1 ? '1 service closed' : `${services.length} services closed`
  return `${what} from ${minuteInWords(from)}`
}

/** `5pm today`, `9am tomorrow`, `9am on Monday` within the week, `9am on Monday 28 December 2026`. The text itself when it is no London minute. */
export function momentInWords(text: string, now: LondonTime): string {
  const time = parseLondonMinute(text)
  if (!time) return text
  const clock = formatTime(time.minute)
  const ahead = time.day - now.day
  if (ahead === 0) return `${clock} today`
  if (ahead === 1) return `${clock} tomorrow`
  if (ahead > 1 && ahead < 7) return `${clock} on ${dayName(weekdayIndex(time.day))}`
  return `${clock} on ${formatDate(dateOf(time.day))}`
}

/** Whether a closure is to come, in force or over, as its profile tells it. */
export function spanStateAt(
  closure: Pick<Closure, 'from' | 'until' | 'ended'>,
  { day, minute }: LondonTime,
): 'planned' | 'closed' | 'over' {
  const span = closedMinutesOf(closure)
  const at = day * MINUTES_PER_DAY + minute
  if (closure.ended || !span || at >= span.until) return 'over'
  return at < span.from ? 'planned' : 'closed'
}

type Told = Pick<Closure, 'from' | 'until' | 'ended' | 'services'>

/** The closures in force at a London minute, those of the whole pharmacy first. */
export const closuresAt = <Each extends Told>(closures: readonly Each[] | undefined, at: LondonTime): readonly Each[] =>
  (closures ?? [])
    .filter((closure) => spanStateAt(closure, at) === 'closed')
    .toSorted((a, b) => Number(a.services !== null) - Number(b.services !== null))

/** The closure of the whole pharmacy that is in force at a London minute; where there are several, the one that lasts longest. */
export const wholeClosureAt = <Each extends Told>(
  closures: readonly Each[] | undefined,
  at: LondonTime,
): Each | undefined => serviceClosureAt(closures, at, undefined)

/** The same for one DoS service: a closure of the whole pharmacy, or one that names it. */
export const serviceClosureAt = <Each extends Told>(
  closures: readonly Each[] | undefined,
  at: LondonTime,
  uid: number | undefined,
): Each | undefined =>
  closuresAt(closures, at)
    .filter(({ services }) => services === null || (uid !== undefined && services.includes(uid)))
    .toSorted((a, b) => ((a.until ?? '9') > (b.until ?? '9') ? -1 : 1))[0]

/** The closures that are in force or to come, first to start first. */
export const comingClosures = <Each extends Told>(closures: readonly Each[] | undefined, at: LondonTime) =>
  (closures ?? []).filter((each) => spanStateAt(each, at) !== 'over').toSorted((a, b) => (a.from < b.from ? -1 : 1))

/** `Expected to reopen at 5pm today`, or that nobody knows. */
export const reopeningWords = (until: string | null, now: LondonTime): string =>
  until === null ? 'We do not know when it will reopen' : `Expected to reopen at ${momentInWords(until, now)}`

/** `Until 5pm on …`, `Reopened at 4pm on …` or `Nobody knows until when`, and what patients are told. */
export function closureText({ until, ended, advice }: Pick<Closure, 'until' | 'ended' | 'advice'>): string {
  const end =
    ended && until
      ? `Ended at ${minuteInWords(until)}`
      : until
        ? `Until ${minuteInWords(until)}`
        : 'Until further notice'
  return advice ? `${end}. Advice for patients: ${advice}` : end
}
