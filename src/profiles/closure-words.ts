/** Closures in words, as pages, receipts and history say them. */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LocalDate, parseLondonMinute } from '#src/rules/london-time.ts'
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
