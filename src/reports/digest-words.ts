/** The changes of an area counted, and those that matter most in words that may stand in an email. */
import { type AudienceField, visibleTo } from '#src/rules/audience.ts'
import { nameOf } from '#src/rules/change-lines.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { BLANK_SERVICE, type DailyChange } from './daily-changes.ts'

export type ChangeTally = {
  add(line: DailyChange): void
  /** Changed fields by name and number, most first. */
  counts(): readonly { readonly what: string; readonly count: number }[]
  /** The changes that matter most, a line each. */
  top(): readonly string[]
}

/** What sends patients to a closed door or a dead phone comes first; the rest in the order in which it happened. */
const BY_WEIGHT = [
  'status',
  BLANK_SERVICE,
  'weekly',
  'specified',
  'bankHoliday',
  'openAllHours',
  'phone',
  'address',
  'postcode',
  'name',
  'publicName',
  'web',
]
const MOST_TOP = 10
const LONGEST_VALUE = 100

/** The same field of one pharmacy is one group: five services, or twelve dates, are not twelve lines. */
type Group = { readonly first: DailyChange; readonly distinct: Set<string> }

/** Starts to count. It holds on to few lines, however many there are. */
export function tallyChanges(): ChangeTally {
  const counted = new Map<string, number>()
  const groups = BY_WEIGHT.concat('').map(() => new Map<string, Group>())
  return {
    add(line) {
      counted.set(line.field, (counted.get(line.field) ?? 0) + 1)
      const weight = BY_WEIGHT.indexOf(line.field)
      const ofWeight = groups.at(weight)
      const key = `${line.odsCode === null ? line.uid : pharmacyCodeOf(line.odsCode)} ${line.field}`
      const group = ofWeight?.get(key)
      const words = `${line.what} ${line.after}`
      if (group) group.distinct.add(words)
      else if (ofWeight && ofWeight.size < MOST_TOP) ofWeight.set(key, { first: line, distinct: new Set([words]) })
    },
    counts: () =>
      [...counted]
        .map(([field, count]) => ({ what: field === BLANK_SERVICE ? 'New services' : nameOf(field), count }))
        .sort((one, other) => other.count - one.count || one.what.localeCompare(other.what, 'en-GB')),
    top: () =>
      groups
        .flatMap((ofWeight) => [...ofWeight.values()])
        .slice(0, MOST_TOP)
        .map(lineOf),
  }
}

function lineOf({ first, distinct }: Group): string {
  const { service, odsCode, what, before, after, field } = first
  const who = `${service || 'A service'} (${odsCode === null ? `UID ${first.uid}` : pharmacyCodeOf(odsCode)})`
  const more = distinct.size > 1 ? `, and ${distinct.size - 1} more like it` : ''
  if (!isPublic(field)) return `${who}: ${what} changed${more}`
  const was = before === '' ? '' : ` (before: ${clipped(before)})`
  return `${who}: ${what}: ${clipped(after) || 'none'}${was}${more}`
}

const HOURS = ['weekly', 'specified', 'bankHoliday', 'openAllHours']

/** Emails are passed on: they say what anybody may see, and of the rest only that it changed. */
function isPublic(field: string): boolean {
  if (field === BLANK_SERVICE) return true
  return visibleTo('public', `service.${HOURS.includes(field) ? 'hours' : field}` as AudienceField)
}

const clipped = (text: string): string =>
  [...text].length > LONGEST_VALUE ? `${[...text].slice(0, LONGEST_VALUE).join('')}…` : text

/** A closure in a line: `Hill & Sons (FX123): since Friday 11 December 2026 at 9am, reopening not known`. */
export function closureLine(closure: {
  readonly name: string
  readonly odsCode: string
  readonly startsAt: string
  readonly expectedAt: string | null
  readonly endedAt: string | null
  readonly isPart: boolean
}): string {
  const { name, odsCode, startsAt, expectedAt, endedAt, isPart } = closure
  const until =
    endedAt !== null
      ? `until ${momentOf(endedAt)}`
      : expectedAt === null
        ? 'reopening not known'
        : `reopening expected ${momentOf(expectedAt)}`
  return `${name} (${odsCode})${isPart ? ', some services' : ''}: since ${momentOf(startsAt)}, ${until}`
}

function momentOf(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDate(dateOf(day))} at ${formatTime(minute)}`
}
