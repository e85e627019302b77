/** Laws of opening times, against a second way of finding the answer: paint every minute, then look along the minutes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import { type CompiledHours, compileOpeningTimes, isOpenAt, nextChange, openStateAt } from './compiled-hours.ts'
import { type DayNumber, dateOf, dayOf, type LocalDate, type LondonTime } from './london-time.ts'
import { mergeSessions, normaliseSessions, type OpeningTimes, type Session } from './opening-times.ts'

const holidays = holidayCalendar([])
const DAYS = 24
const CLOSED = 0
const OPEN = 1
const UNKNOWN = 2
const SKIPPED = 3

const HOLIDAYS = new Set(['2026-12-25', '2026-12-28', '2027-01-01', '2027-03-26', '2027-03-29'])
const ALSO_STATUTORY = new Set(['2027-03-28'])
const SPRING_CHANGE = '2027-03-28'

/** The rule of precedence, said again in other words: the sessions of a date, or undefined for a date not known. */
function paintedDay(times: OpeningTimes, day: DayNumber): readonly Session[] | undefined {
  const date = dateOf(day)
  if (date in times.specified) return times.specified[date]
  if (times.openAllHours) return [{ opens: 0, closes: 1440 }]
  if (HOLIDAYS.has(date) && times.bankHoliday) return times.bankHoliday
  if ((HOLIDAYS.has(date) || ALSO_STATUTORY.has(date)) && !times.bankHoliday) return undefined
  return times.weekly[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? undefined
}

/** What each minute of `DAYS` days is, from midnight of `first`. */
function paint(times: OpeningTimes, first: DayNumber): Uint8Array {
  const minutes = new Uint8Array(DAYS * 1440)
  const days = Array.from({ length: DAYS + 1 }, (_, index) => first - 1 + index)
  for (const day of days) {
    if (day >= first && !paintedDay(times, day)) minutes.fill(UNKNOWN, (day - first) * 1440, (day - first + 1) * 1440)
  }
  for (const day of days) {
    for (const { opens, closes } of paintedDay(times, day) ?? []) {
      minutes.fill(OPEN, Math.max(0, (day - first) * 1440 + opens), Math.max(0, (day - first) * 1440 + closes))
    }
  }
  const skipped = (dayOf(SPRING_CHANGE) - first) * 1440 + 60
  if (skipped >= 0) minutes.fill(SKIPPED, skipped, skipped + 60)
  return minutes
}

/** The first minute after `from` whose paint passes, not counting those that no clock shows. */
function lookFor(minutes: Uint8Array, from: number, wanted: (paint: number) => boolean): number | undefined {
  const found = minutes.findIndex((value, index) => index > from && value !== SKIPPED && wanted(value))
  return found === -1 ? undefined : found
}

const step = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15)
const dayHours: fc.Arbitrary<readonly Session[]> = fc
  .tuple(fc.uniqueArray(step, { maxLength: 6 }), fc.integer({ min: 0, max: 480 }), fc.constantFrom('', 'day', 'night'))
  .map(([cuts, night, kind]) => {
    if (kind === 'day') return [{ opens: 0, closes: 1440 }]
    const points = cuts.toSorted((a, b) => a - b)
    const sessions: Session[] = []
    for (let index = 0; index + 1 < points.length; index += 2) {
      sessions.push({ opens: points[index] ?? 0, closes: points[index + 1] ?? 0 })
    }
    if (kind === 'night')
      sessions.push({ opens: Math.max(1320, (sessions.at(-1)?.closes ?? 0) + 1), closes: 1440 + night })
    return mergeSessions(sessions)
  })

/** Winter holidays, Easter with the spring change, and the autumn change: the first day of each stretch. */
const firstDay = fc.constantFrom('2026-12-18', '2027-03-15', '2027-10-20').map((date) => dayOf(date as LocalDate))
const unknownOr = (sessions: fc.Arbitrary<readonly Session[]>) => fc.option(sessions, { freq: 8, nil: null })

const situation = firstDay.chain((first) =>
  fc.record({
    first: fc.constant(first),
    at: fc.integer({ min: 0, max: 14 * 1440 }),
    times: fc.record({
      weekly: fc.array(unknownOr(dayHours), { minLength: 7, maxLength: 7 }),
      bankHoliday: fc.option(dayHours, { nil: null }),
      openAllHours: fc.boolean().map((always) => always && first % 2 === 0),
      specified: fc
        .array(fc.tuple(fc.integer({ min: -1, max: DAYS }), dayHours), { maxLength: 5 })
        .map((entries): OpeningTimes['specified'] =>
          Object.fromEntries(entries.map(([offset, sessions]) => [dateOf(first + offset), sessions])),
        ),
    }),
  }),
)

const timeAt = (first: DayNumber, index: number): LondonTime => ({
  day: first + Math.floor(index / 1440),
  minute: index % 1440,
})
const indexOf = (first: DayNumber, time: LondonTime | null): number | undefined => {
  const index = time ? (time.day - first) * 1440 + time.minute : undefined
  return index !== undefined && index < DAYS * 1440 ? index : undefined
}
const paintOf = (open: boolean | null): number => (open === null ? UNKNOWN : open ? OPEN : CLOSED)

type Situation = { readonly first: DayNumber; readonly at: number; readonly times: OpeningTimes }
function law(name: string, check: (given: Situation & { painted: Uint8Array; hours: CompiledHours }) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(situation, (given) => {
        const painted = paint(given.times, given.first)
        fc.pre(painted[given.at] !== SKIPPED)
        check({ ...given, painted, hours: compileOpeningTimes(given.times, holidays) })
      }),
      { numRuns: 200 },
    )
  })
}

law('at any minute the answer is what was painted', ({ first, painted, hours }) => {
  for (let index = 0; index < painted.length; index += 7) {
    if (painted[index] === SKIPPED) continue
    const time = timeAt(first, index)
    assert.equal(paintOf(isOpenAt(hours, time)), painted[index], JSON.stringify(time))
  }
})

law('the answer stays the same until the next change, and differs there', ({ first, at, painted, hours }) => {
  const now = painted[at]
  assert.equal(
    indexOf(first, nextChange(hours, timeAt(first, at))),
    lookFor(painted, at, (value) => value !== now),
  )
})

law('open until, or opens at, is the minute that a look along the minutes finds', ({ first, at, painted, hours }) => {
  const state = openStateAt(hours, timeAt(first, at))
  assert.equal(paintOf(state.open), painted[at])
  const answer = state.open ? state.until : state.opensAt
  assert.equal(
    indexOf(first, answer),
    lookFor(painted, at, (value) => (value === OPEN) !== (state.open === true)),
  )
})

test('sessions out of order, touching or doubled compile to the same answers', () => {
  fc.assert(
    fc.property(dayHours, step, (sessions, cut) => {
      const pieces = sessions.flatMap(({ opens, closes }) =>
        opens < cut && cut < closes
          ? [
              { opens: cut, closes },
              { opens, closes: cut },
            ]
          : [{ opens, closes }],
      )
      const compile = (list: readonly Session[]) => {
        const weekly = Array.from({ length: 7 }, () => list)
        return compileOpeningTimes({ weekly, bankHoliday: [], openAllHours: false, specified: {} }, holidays)
      }
      assert.deepEqual(compile([...pieces, ...sessions].reverse()).sessions, compile(sessions).sessions)
    }),
  )
})

test('putting sessions in order is done once and for all', () => {
  fc.assert(
    fc.property(dayHours, fc.infiniteStream(fc.nat()), (sessions, order) => {
      const shuffled = sessions.toSorted(() => ((order.next().value ?? 0) % 2) - 0.5)
      const once = normaliseSessions(shuffled)
      assert.deepEqual(once, { ok: true, value: sessions })
      assert.deepEqual(once.ok && normaliseSessions(once.value), once)
      assert.deepEqual(mergeSessions(mergeSessions(sessions)), mergeSessions(sessions))
    }),
  )
})
