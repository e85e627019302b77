/** Red, Amber and Green as the pages say them: always a word, with a colour that repeats it. */
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import { formatMoment } from '#src/profiles/names-and-moments.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { typeNameOf } from '#src/rules/service-types.ts'
import type { CurrentCapacity, PastCapacity } from '../capacity-records.ts'

/** What a service is now: its status, or closed, which everybody reads as Red. */
export type CapacityState = CapacityStatus | 'CLOSED'

export type CapacityTag = { readonly text: string; readonly colour: 'green' | 'orange' | 'red' }

const TAGS: Readonly<Record<CapacityState, CapacityTag>> = {
  GREEN: { text: 'Green', colour: 'green' },
  AMBER: { text: 'Amber', colour: 'orange' },
  RED: { text: 'Red', colour: 'red' },
  CLOSED: { text: 'Red: closed', colour: 'red' },
}

/** The tag of a state. */
export const capacityTag = (state: CapacityState): CapacityTag => TAGS[state]

/** What each status means for whoever looks for a service. Source: Capacity Status Tool: Red none, Amber low. */
export const STATUS_MEANINGS: Readonly<Record<CapacityStatus, string>> = {
  GREEN: 'Has capacity. NHS 111 sends people as usual.',
  AMBER: 'Low capacity. NHS 111 still sends people, and call handlers see Amber.',
  RED: 'No capacity. NHS 111 does not send anybody. Other professionals see it, marked Red.',
}

const MINUTE_MS = 60_000
const MINUTES_PER_HOUR = 60
const MINUTES_PER_DAY = 1440

/** `15 minutes`, `1 hour 20 minutes`, `2 days 3 hours`: days leave out the minutes. Less than a minute is `less than 1 minute`. */
export function durationInWords(minutes: number): string {
  if (minutes < 1) return 'less than 1 minute'
  const days = Math.floor(minutes / MINUTES_PER_DAY)
  const hours = Math.floor((minutes % MINUTES_PER_DAY) / MINUTES_PER_HOUR)
  const rest = days > 0 ? 0 : minutes % MINUTES_PER_HOUR
  const parts = [
    [days, 'day'],
    [hours, 'hour'],
    [rest, 'minute'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ')
}

/** `until 4:30pm` for an instant (UTC ISO text). Null: nothing ends it by itself. */
export const untilInWords = (resetAt: string | null, today: LocalDate): string =>
  resetAt === null ? 'until somebody changes it' : `until ${formatMoment(resetAt, today)}`

/** `1 hour 20 minutes left`. A minute that has begun counts. */
export const leftInWords = (resetAt: string, now: Date): string =>
  `${durationInWords(Math.ceil((Date.parse(resetAt) - now.getTime()) / MINUTE_MS))} left`

/** Whoever set something, as `audit.actor` has them, with their name where it is known. */
export function setterInWords(setBy: string | null, name: string | null): string {
  if (setBy === null) return 'an import'
  if (setBy.startsWith('account:')) return `the program ${name ?? setBy.slice('account:'.length)}`
  if (name !== null) return name
  if (setBy.startsWith('person:')) return setBy.slice('person:'.length)
  const words = keylessWords(setBy)
  return words ? `${words.charAt(0).toLowerCase()}${words.slice(1)}` : 'Signpost'
}

export type CapacityWords = {
  readonly tag: CapacityTag
  /** What holds, and until when. */
  readonly lead: string
  /** `1 hour 20 minutes left`; null when it has no end. */
  readonly left: string | null
  /** Since when, and by whom; null when nobody ever set it. */
  readonly since: string | null
  readonly note: string | null
}

/** A capacity in words. `redSince`: since when it is Red without a break, UTC ISO text. */
export function capacityInWords(capacity: CurrentCapacity, now: Date, redSince: string | null = null): CapacityWords {
  const { because, status, resetAt, note, setBy, closedUntil, lapsedAt } = capacity
  const today = londonDateOf(now)
  const tag = capacityTag(because === 'closure' ? 'CLOSED' : status)
  const since = sinceInWords(capacity, today, redSince)
  const words = { tag, since, note, left: status === 'GREEN' || resetAt === null ? null : leftInWords(resetAt, now) }
  if (because === 'closure') {
    return {
      ...words,
      lead: closedUntil ? `Closed ${untilInWords(closedUntil, today)}` : 'Closed until further notice',
    }
  }
  if (lapsedAt) return { ...words, lead: `Went back to Green by itself at ${formatMoment(lapsedAt, today)}` }
  // Nobody is told that an import brought what is usual.
  if (status === 'GREEN') return { ...words, lead: 'Takes people as usual', since: setBy === null ? null : since }
  return { ...words, lead: upperFirst(untilInWords(resetAt, today)) }
}

function sinceInWords(
  { because, status, setAt, setBy, setByName }: CurrentCapacity,
  today: LocalDate,
  redSince: string | null,
): string | null {
  if (setAt === null) return null
  const at = formatMoment(setAt, today)
  const by = setterInWords(setBy, setByName)
  if (because === 'closure') return `Told at ${at} by ${by}`
  const isOlder = redSince !== null && status === 'RED' && redSince.slice(0, 16) < setAt.slice(0, 16)
  return isOlder ? `Red since ${formatMoment(redSince, today)}, last set at ${at} by ${by}` : `Set at ${at} by ${by}`
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** A setting of the past: when, by whom, and what became of it. */
export function pastInWords(
  { setAt, setBy, setByName, status, resetAt, replacedAt }: PastCapacity,
  now: Date,
): readonly string[] {
  const today = londonDateOf(now)
  const set = `${upperFirst(formatMoment(setAt, today))}, by ${setterInWords(setBy, setByName)}`
  if (status === 'GREEN' || resetAt === null) return [set]
  const over = replacedAt === null ? now.getTime() : Date.parse(replacedAt)
  if (Date.parse(resetAt) <= over) {
    return [set, `Went back to Green by itself at ${formatMoment(resetAt, today)}`]
  }
  const end = replacedAt === null ? untilInWords(resetAt, today) : `changed at ${formatMoment(replacedAt, today)}`
  return [set, upperFirst(end)]
}

/** The name people know a service by. */
export const serviceNameOf = ({
  name,
  publicName,
}: {
  readonly name: string
  readonly publicName: string | null
}): string => publicName || name

/** The name of a type of DoS service; its number where it has none. */
export const typeInWords = (typeId: number): string => typeNameOf(typeId) ?? `Service type ${typeId}`
