/** Closures and dated changes in words. */
import type { DatedChange } from '#src/profiles/profile.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'

/** `Saturday 12 December 2026`, or `Saturday 12 December 2026 to Monday 14 December 2026`. */
export const datesInWords = ({ from, to }: Pick<DatedChange, 'from' | 'to'>): string =>
  from === to ? formatDate(from) : `${formatDate(from)} to ${formatDate(to)}`

/** `Closed all day` or `Open 9am to 1pm`. */
export function hoursInWords({ sessions }: Pick<DatedChange, 'sessions'>): string {
  if (sessions.length === 0) return 'Closed all day'
  const hours = formatSessions(sessions)
  return hours.startsWith('Open') ? hours : `Open ${hours}`
}

/** A change as one value: `Saturday 12 December 2026: Closed all day. Reason: Staff training. Public note: Sorry.` */
export const changeInWords = (change: Omit<DatedChange, 'id'>): string =>
  [
    `${datesInWords(change)}: ${hoursInWords(change)}.`,
    `Reason: ${change.reason}.`,
    ...(change.note ? [`Public note: ${change.note}`] : []),
  ].join(' ')

/** Whether two changes speak about a common day. */
export const overlaps = (
  a: { readonly from: LocalDate; readonly to: LocalDate },
  b: { readonly from: LocalDate; readonly to: LocalDate },
): boolean => a.from <= b.to && b.from <= a.to

/** Hours in the middle of a sentence: `9am to 5pm`, `closed`. */
export const hoursInSentence = (hours: DayHours): string => lowerFirst(formatSessions(hours))

/** `Closed all day` as it stands in the middle of a sentence. */
export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
