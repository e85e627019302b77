/** Instants and people as the pages name them. */
import type { Queryable } from '#src/platform/db/db.ts'
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import { formatDateShort, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'

/** `2:14pm` today, otherwise `2:14pm on 3 October 2026`; London time. `instant` is UTC ISO text. */
export function formatMoment(instant: string, today: LocalDate): string {
  const { day, minute } = toLondon(new Date(instant))
  const date = dateOf(day)
  return date === today ? formatTime(minute) : `${formatTime(minute)} on ${formatDateShort(date)}`
}

/** `3 October 2026` in London. */
export const formatDayOf = (instant: string): string => formatDateShort(dateOf(toLondon(new Date(instant)).day))

/** `3 October 2026 at 2:14pm` in London: an instant that must be told whole, whatever day it is read. */
export function formatMomentIn(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDateShort(dateOf(day))} at ${formatTime(minute)}`
}

/** `the end of 30 November 2026` where something ends at midnight in London, which most read as a day later; else the moment. */
export function formatEndIn(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return minute === 0 ? `the end of ${formatDateShort(dateOf(day - 1))}` : formatMomentIn(instant)
}

/** The names of people by how the audit writes them (`person:EMAIL`); a person we do not know keeps their address. */
export async function loadNames(db: Queryable, actors: readonly (string | null)[]): Promise<(actor: string) => string> {
  const emails = [...new Set(actors.flatMap((actor) => (actor?.startsWith('person:') ? [actor.slice(7)] : [])))]
  const rows =
    emails.length === 0
      ? []
      : await db.selectFrom('person').select(['email', 'name']).where('email', 'in', emails).execute()
  const names = new Map(rows.map(({ email, name }) => [`person:${email}`, name]))
  return (actor) => names.get(actor) ?? withoutKind(actor)
}

/** `command:import-pharmaceutical-list` is not a person: it is shown as what it was. */
const withoutKind = (actor: string): string =>
  actor.startsWith('person:') ? actor.slice('person:'.length) : (keylessWords(actor) ?? 'an import of the NHS list')
