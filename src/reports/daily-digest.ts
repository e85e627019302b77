/**
 * What changed yesterday, by email at 6am: everybody's digests from one reading of each day. Lines are read of the areas
 * that somebody is told of only, and given to the area of their pharmacy and to no other.
 */
import { sql } from 'kysely'
import { type DailyEmailReader, loadDailyEmailReaders } from '#src/accounts/daily-email-choice.ts'
import { pharmacyCounts, type Reach } from '#src/directory/area.ts'
import type { DailyDigest } from '#src/emails/daily-digest.ts'
import { queueEmails } from '#src/emails/email-jobs.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type ClosureEnd, closureStateAt } from '#src/rules/closure-states.ts'
import { type DayNumber, dateOf, dayOf, instantOf, londonDateOf } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { isWorkingDay } from '#src/rules/working-days.ts'
import { type DailyChange, dailyChanges } from './daily-changes.ts'
import { type ChangeTally, closureLine, tallyChanges } from './digest-words.ts'

export type DigestDeps = { readonly db: Db; readonly holidays: Pick<HolidayCalendar, 'isBankHoliday'> }

/** The area that stands for all of England. */
const ENGLAND = null
type Area = string | null
/** One digest that somebody wants: an area, on which days, from the first day that it is about. */
type Wanted = { readonly reader: DailyEmailReader; readonly area: Area; readonly from: DayNumber }

const MOST_CLOSURES = 10

/** Queues the digests of the day before `at`; says how many emails were new. */
export async function queueDigests({ db, holidays }: DigestDeps, at: Date): Promise<number> {
  const today = dayOf(londonDateOf(at))
  const wanted = wantedOn(today, holidays, await loadDailyEmailReaders(db.pool, at))
  if (wanted.length === 0) return 0
  const first = Math.min(...wanted.map(({ from }) => from))
  const reach = reachOf(wanted)
  const tallies = await readDays(db.pool, { first, today, reach, wanted })
  const closures = await loadClosures(db.pool, { first, today, reach, at })
  const emails = wanted.flatMap((each) => {
    const digest = digestOf(each, { today, tallies, closures, at })
    return isWorthSending(digest, each, today, holidays) ? [digest] : []
  })
  return await db.transact((tx) => queueEmails(tx, emails))
}

type Holidays = DigestDeps['holidays']

/** Whoever wants working days only gets nothing on a day off, and afterwards what happened meanwhile. */
function wantedOn(today: DayNumber, holidays: Holidays, readers: readonly DailyEmailReader[]): readonly Wanted[] {
  return readers.flatMap((reader) => {
    if (reader.days === 'working-days' && !isWorkingDay(today, holidays)) return []
    let from = today - 1
    while (reader.days === 'working-days' && !isWorkingDay(from, holidays)) from -= 1
    const areas = reader.icbCodes.length > 0 ? reader.icbCodes : [ENGLAND]
    return areas.map((area) => ({ reader, area, from }))
  })
}

function reachOf(wanted: readonly Wanted[]): Reach {
  const icbCodes = new Set<string>()
  for (const { area } of wanted) {
    if (area === ENGLAND) return { everywhere: true }
    icbCodes.add(area)
  }
  return { everywhere: false, icbCodes: [...icbCodes] }
}

type Reading = { readonly first: DayNumber; readonly today: DayNumber; readonly reach: Reach }
const keyOf = (area: Area, from: DayNumber): string => `${area ?? ''} ${from}`

/** What changed, counted for each area and first day that somebody wants. */
async function readDays(
  db: Queryable,
  { first, today, reach, wanted }: Reading & { readonly wanted: readonly Wanted[] },
): Promise<ReadonlyMap<string, ChangeTally>> {
  const tallies = new Map(wanted.map(({ area, from }) => [keyOf(area, from), tallyChanges()]))
  const begins = [...new Set(wanted.map(({ from }) => from))]
  for (let day = first; day < today; day++) {
    const ofDay = begins.filter((from) => from <= day)
    for await (const lines of dailyChanges(db, { date: dateOf(day), reach, withNoise: false })) {
      for (const line of lines) count(line, ofDay, tallies)
    }
  }
  return tallies
}

function count(line: DailyChange, begins: readonly DayNumber[], tallies: ReadonlyMap<string, ChangeTally>): void {
  for (const from of begins) {
    tallies.get(keyOf(ENGLAND, from))?.add(line)
    if (line.icb) tallies.get(keyOf(line.icb, from))?.add(line)
  }
}

type ClosureRow = {
  readonly odsCode: string
  readonly name: string
  readonly icb: string | null
  readonly startsAt: string
  readonly expectedAt: string | null
  readonly endedAt: string | null
  readonly end: ClosureEnd | null
  readonly isPart: boolean
}

/** Closures that began on those days or that nobody has ended, first to start first. */
async function loadClosures(
  db: Queryable,
  { first, today, reach, at }: Reading & { readonly at: Date },
): Promise<readonly ClosureRow[]> {
  const { rows } = await sql<ClosureRow>`
    select closure.ods_code as "odsCode", pharmacy.name, pharmacy.document #>> '{commissioning,icbCode}' as icb,
      closure.starts_at as "startsAt", closure.expected_at as "expectedAt", closure.ended_at as "endedAt",
      closure.how_ended as "end", closure.services is not null as "isPart"
    from closure join profile pharmacy on pharmacy.ods_code = closure.ods_code
    where closure.starts_at <= ${at.toISOString()} and closure.ods_code <> ${TRAINING_PHARMACY}
      and closure.how_ended is distinct from 'cancelled'
      and (closure.ended_at is null or (closure.starts_at >= ${startOf(first)} and closure.starts_at < ${startOf(today)}))
      and ${pharmacyCounts({ reach })}
    order by closure.starts_at, closure.id`.execute(db)
  return rows
}

const startOf = (day: DayNumber): string => instantOf({ day, minute: 0 }).toISOString()

type Facts = {
  readonly today: DayNumber
  readonly tallies: ReadonlyMap<string, ChangeTally>
  readonly closures: readonly ClosureRow[]
  readonly at: Date
}

function digestOf({ reader, area, from }: Wanted, { today, tallies, closures, at }: Facts): DailyDigest {
  const tally = tallies.get(keyOf(area, from)) ?? tallyChanges()
  const here = closures.filter(({ icb }) => area === ENGLAND || icb === area)
  const begun = here.filter(({ startsAt }) => isBetween(startsAt, startOf(from), startOf(today)))
  return {
    kind: 'daily-digest',
    recipient: reader.email,
    name: reader.name,
    area,
    days: Array.from({ length: today - from }, (_, index) => dateOf(from + index)),
    counts: tally.counts(),
    top: tally.top(),
    closures: {
      inForce: new Set(here.filter((closure) => isInForce(closure, at)).map(({ odsCode }) => odsCode)).size,
      begun: begun.slice(0, MOST_CLOSURES).map(closureLine),
      more: Math.max(0, begun.length - MOST_CLOSURES),
    },
  }
}

const isBetween = (instant: string, from: string, until: string): boolean =>
  Date.parse(instant) >= Date.parse(from) && Date.parse(instant) < Date.parse(until)

function isInForce({ startsAt, expectedAt, endedAt, end }: ClosureRow, at: Date): boolean {
  const milliseconds = (text: string | null) => (text === null ? null : Date.parse(text))
  const times = {
    startsAt: Date.parse(startsAt),
    expectedAt: milliseconds(expectedAt),
    endedAt: milliseconds(endedAt),
    end,
  }
  return closureStateAt(times, at.getTime()) === 'closed'
}

/** On a working day "nothing changed" is news too. */
function isWorthSending(
  { counts, closures }: DailyDigest,
  { from }: Wanted,
  today: DayNumber,
  holidays: Holidays,
): boolean {
  if (counts.length > 0 || closures.begun.length > 0) return true
  return Array.from({ length: today - from }, (_, index) => from + index).some((day) => isWorkingDay(day, holidays))
}
