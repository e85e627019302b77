/** How the pages, messages and emails of the desk name times, people and lines. */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LondonTime, toLondon } from '#src/rules/london-time.ts'
import type { Place, Spell } from '#src/rules/on-call.ts'

export const PLACE_WORDS: Readonly<Record<Place, string>> = { first: 'First', second: 'Second' }

/** `Friday 25 December 2026 at 5pm`. */
export function momentWords({ day, minute }: LondonTime): string {
  return `${formatDate(dateOf(day))} at ${formatTime(minute)}`
}

/** `5pm today`, `8am tomorrow`, otherwise `8am on Monday 14 December 2026`. */
export function untilWords(moment: LondonTime, today: number): string {
  const time = formatTime(moment.minute)
  if (moment.day === today) return `${time} today`
  return moment.day === today + 1 ? `${time} tomorrow` : `${time} on ${formatDate(dateOf(moment.day))}`
}

/** `Friday 11 December 2026, 5pm to 11pm`, or with both dates: `… at 5pm to Saturday … at 8am`. */
export function spellWords({ startsAt, endsAt }: Spell): string {
  const [from, to] = [toLondon(new Date(startsAt)), toLondon(new Date(endsAt))]
  if (from.day === to.day)
    return `${formatDate(dateOf(from.day))}, ${formatTime(from.minute)} to ${formatTime(to.minute)}`
  return `${momentWords(from)} to ${momentWords(to)}`
}

/** An address behind which a telephone number is rung. */
export const telOf = (phone: string): string => `tel:${phone.replaceAll(/[^+\d]/g, '')}`
