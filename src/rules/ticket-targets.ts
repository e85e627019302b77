/** By when the service desk answers: working minutes of the desk, by how much hangs on the answer. */
import type { HolidayCalendar } from './bank-holidays.ts'
import { instantOf, type LondonTime, toLondon } from './london-time.ts'
import { DESK_CLOSES, DESK_OPENS } from './on-call.ts'
import { isWorkingDay } from './working-days.ts'

type Holidays = Pick<HolidayCalendar, 'isBankHoliday'>

/** The most urgent first. */
export const TICKET_SEVERITIES = ['urgent', 'high', 'normal', 'low'] as const
export type TicketSeverity = (typeof TICKET_SEVERITIES)[number]

/** What somebody needs the desk for. */
export const TICKET_CATEGORIES = ['not-published', 'access', 'wrong-record', 'missing', 'how-to', 'other'] as const
export type TicketCategory = (typeof TICKET_CATEGORIES)[number]

const DESK_DAY = DESK_CLOSES - DESK_OPENS

/** Working minutes until an answer is due; a working day has nine hours. Source: docs/adr/0026-tickets-by-link-and-by-email.md */
export const TARGET_MINUTES: Readonly<Record<TicketSeverity, number>> = {
  urgent: 120,
  high: DESK_DAY,
  normal: 2 * DESK_DAY,
  low: 5 * DESK_DAY,
}

/** How severe a ticket is until the desk says otherwise: people are sent to the wrong door while a change does not show. */
export const SEVERITY_OF: Readonly<Record<TicketCategory, TicketSeverity>> = {
  'not-published': 'urgent',
  access: 'high',
  'wrong-record': 'high',
  missing: 'high',
  'how-to': 'normal',
  other: 'normal',
}

/**
 * When so many working minutes have passed since a moment. Minutes outside the desk's hours do not count, nor do days
 * off. An answer that is due when the desk closes is due at 5pm, not at 8am of the next working day.
 */
export function deskMinutesAfter(from: LondonTime, minutes: number, holidays: Holidays): LondonTime {
  let { day, minute } = from
  let left = minutes
  for (;;) {
    const starts = Math.max(minute, DESK_OPENS)
    const today = isWorkingDay(day, holidays) ? Math.max(0, DESK_CLOSES - starts) : 0
    if (today > 0 && left <= today) return { day, minute: starts + left }
    left -= today
    day += 1
    minute = 0
  }
}

/** When the answer to what came in at an instant is due. */
export const answerDueAt = (from: Date, severity: TicketSeverity, holidays: Holidays): Date =>
  instantOf(deskMinutesAfter(toLondon(from), TARGET_MINUTES[severity], holidays))

/** Whether an answer is late; null: none is due. Instants in UTC ISO text or milliseconds. */
export const isOverdue = (dueAt: string | null, now: Date): boolean =>
  dueAt !== null && Date.parse(dueAt) < now.getTime()
