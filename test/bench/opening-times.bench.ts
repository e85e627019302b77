/**
 * How fast "open now, and until when?" is answered for six pharmacies with six exception dates each, next to two
 * packages that answer the same. Prints the ratios, medians of several rounds. Never part of the tests.
 *
 * Run alone: `node test/bench/opening-times.bench.ts`
 */
import assert from 'node:assert/strict'
import moment from 'moment'
import MomentOpeningTimes from 'moment-opening-times'
import OpeningHours from 'opening_hours'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes, isOpenAt, nextChange } from '#src/rules/compiled-hours.ts'
import { dateOf, dayOf, formatClock, type LondonTime, WEEKDAYS } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'
import { openingTimes, sessions, week } from '../support/hours.ts'

const ROUNDS = 7
const FIRST_DAY = dayOf('2026-11-30')
const DAYS = 42

const EXCEPTIONS: OpeningTimes['specified'] = {
  '2026-12-08': sessions('09:00-12:00'),
  '2026-12-24': sessions('09:00-13:00,14:00-16:00'),
  '2026-12-25': [],
  '2026-12-26': [],
  '2026-12-28': sessions('10:00-14:00'),
  '2027-01-01': [],
}
const all = (days: readonly number[], hours: string) => Object.fromEntries(days.map((day) => [day, hours]))
const PATTERNS = [
  week({ ...all([0, 1, 2, 3, 4], '09:00-17:30'), 5: '09:00-13:00' }),
  week({ ...all([0, 1, 2, 3, 4], '09:00-13:00,14:00-18:00') }),
  week({ ...all([0, 1, 2, 3, 4, 5], '08:30-18:30'), 6: '10:00-16:00' }),
  week({ ...all([0, 1, 3, 4], '09:00-13:00,14:00-17:30'), 2: '09:00-13:00', 5: '09:00-12:00' }),
  week({ ...all([0, 1, 2, 3, 4, 5], '07:00-22:00'), 6: '11:00-17:00' }),
  week({ ...all([0, 1, 2, 3, 4], '09:00-12:30,13:00-16:30,17:00-21:00'), 5: '09:00-12:30,13:00-16:30' }),
]
const TIMES = PATTERNS.map((weekly) => openingTimes({ weekly, bankHoliday: [], specified: EXCEPTIONS }))

type Answer = { readonly open: boolean; readonly next: string }
/** One contender: `ask` answers both questions for pattern `index`; `explain` says the answer for the comparison. */
type Contender<Time> = {
  readonly name: string
  readonly asks: number
  readonly times: readonly Time[]
  ask(index: number, at: Time): unknown
  explain(index: number, at: Time): Answer
}

/** Minutes of the day spread over six weeks, never on the change of a session. */
const questions: readonly LondonTime[] = Array.from({ length: 240 }, (_, index) => ({
  day: FIRST_DAY + ((index * 11) % DAYS),
  minute: (index * 367 + 7) % 1440,
}))
const textOf = ({ day, minute }: LondonTime): string => `${dateOf(day)}T${formatClock(minute)}`
const range = ({ opens, closes }: Session): string => `${formatClock(opens)}-${formatClock(closes)}`

function signpost(): Contender<LondonTime> {
  const holidays = holidayCalendar([])
  const compiled = TIMES.map((times) => compileOpeningTimes(times, holidays))
  const hoursOf = (index: number) => compiled[index] ?? assert.fail()
  return {
    name: 'Signpost',
    asks: 600_000,
    times: questions,
    ask: (index, at) => [isOpenAt(hoursOf(index), at), nextChange(hoursOf(index), at)],
    explain(index, at) {
      const next = nextChange(hoursOf(index), at)
      return { open: isOpenAt(hoursOf(index), at) ?? assert.fail(), next: next ? textOf(next) : 'never' }
    },
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
function openingHoursJs(): Contender<Date> {
  const parsed = TIMES.map(({ weekly, specified }) => {
    const days = weekly.map(
      (day, index) => `${['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'][index]} ${written(day ?? [])}`,
    )
    const dates = Object.entries(specified).map(([date, list]) => {
      const [year, month, day] = date.split('-')
      return `${year} ${MONTHS[Number(month) - 1]} ${day} ${written(list)}`
    })
    return new OpeningHours([...days, ...dates].join('; '))
  })
  const hoursOf = (index: number) => parsed[index] ?? assert.fail()
  const local = (date: Date) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  return {
    name: 'opening_hours.js',
    asks: 3_000,
    times: questions.map((at) => new Date(textOf(at))),
    ask: (index, at) => [hoursOf(index).getState(at), hoursOf(index).getNextChange(at)],
    explain(index, at) {
      const next = hoursOf(index).getNextChange(at) ?? assert.fail()
      return {
        open: hoursOf(index).getState(at),
        next: `${local(next)}T${formatClock(next.getHours() * 60 + next.getMinutes())}`,
      }
    },
  }
}

const written = (list: readonly Session[]): string => (list.length === 0 ? 'off' : list.map(range).join(','))

function momentOpeningTimes(): Contender<moment.Moment> {
  const spells = (list: readonly Session[]) =>
    list.map(({ opens, closes }) => ({ opens: formatClock(opens), closes: formatClock(closes) }))
  const built = TIMES.map(({ weekly, specified }) => {
    const days = Object.fromEntries(WEEKDAYS.map((name, index) => [name, spells(weekly[index] ?? [])]))
    const dates = Object.fromEntries(Object.entries(specified).map(([date, list]) => [date, spells(list)]))
    return new MomentOpeningTimes(days, 'Europe/London', dates)
  })
  const hoursOf = (index: number) => built[index] ?? assert.fail()
  return {
    name: 'moment-opening-times',
    asks: 3_000,
    times: questions.map((at) => moment.utc(textOf(at))),
    ask: (index, at) => hoursOf(index).getStatus(at, { next: true }),
    explain(index, at) {
      const status = hoursOf(index).getStatus(at, { next: true })
      const next = (status.isOpen ? status.nextClosed : status.nextOpen) ?? assert.fail()
      return { open: status.isOpen, next: next.format('YYYY-MM-DDTHH:mm') }
    },
  }
}

/** Nanoseconds for one question, and where the answers differ from ours. */
function measureOnce<Time>({ asks, times, ask }: Contender<Time>): number {
  const started = performance.now()
  let answers = 0
  for (let index = 0; index < asks; index++) {
    const at = times[index % times.length]
    if (at !== undefined && ask(index % PATTERNS.length, at) !== undefined) answers++
  }
  assert.equal(answers, asks)
  return ((performance.now() - started) * 1_000_000) / asks
}

function differences<Time>(ours: Contender<LondonTime>, theirs: Contender<Time>): number {
  let different = 0
  for (let index = 0; index < PATTERNS.length; index++) {
    for (const [position, at] of theirs.times.entries()) {
      const answer = ours.explain(index, questions[position] ?? assert.fail())
      const other = theirs.explain(index, at)
      if (answer.open !== other.open || answer.next !== other.next) different++
    }
  }
  return different
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

export type OpeningTimesFigure = {
  readonly name: string
  readonly nanoseconds: number
  /** How many times as long as ours; 1 for ours. */
  readonly ratio: number
  readonly wanted: number | null
  readonly differentAnswers: number
}

/** Measures all three in turn, round by round, so that a busy machine slows all of them alike. */
export function measureOpeningTimes(): readonly OpeningTimesFigure[] {
  const [ours, first, second] = [signpost(), openingHoursJs(), momentOpeningTimes()]
  measureOnce(ours)
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [mine, one, two] = [measureOnce(ours), measureOnce(first), measureOnce(second)]
    return { mine, one, two, firstRatio: one / mine, secondRatio: two / mine }
  })
  const of = (key: keyof (typeof rounds)[0]) => median(rounds.map((round) => round[key]))
  return [
    { name: ours.name, nanoseconds: of('mine'), ratio: 1, wanted: null, differentAnswers: 0 },
    {
      name: first.name,
      nanoseconds: of('one'),
      ratio: of('firstRatio'),
      wanted: 40,
      differentAnswers: differences(ours, first),
    },
    {
      name: second.name,
      nanoseconds: of('two'),
      ratio: of('secondRatio'),
      wanted: 60,
      differentAnswers: differences(ours, second),
    },
  ]
}

if (import.meta.main) {
  console.table(
    measureOpeningTimes().map(({ name, nanoseconds, ratio, wanted, differentAnswers }) => ({
      'isOpenAt + nextChange': name,
      'ns each': Math.round(nanoseconds),
      'times ours': Math.round(ratio),
      'at least': wanted ?? '',
      'different answers': differentAnswers,
    })),
  )
}
