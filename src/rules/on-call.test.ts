import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import { formatLondon, parseLondonMinute, toLondon } from './london-time.ts'
import {
  aWeekOn,
  type Line,
  lineAt,
  lineChangesAfter,
  onCallAt,
  type Place,
  rotaFaults,
  type Shift,
  shiftBetween,
  whomToRing,
} from './on-call.ts'

const HOLIDAYS = holidayCalendar([])
const at = (text: string) => parseLondonMinute(text) ?? assert.fail(text)
const londonMinuteOf = (instant: number): string => formatLondon(toLondon(new Date(instant)))

const lines: readonly [at: string, line: Line, until: string, because: string][] = [
  ['2026-12-11T10:34', 'service-desk', '2026-12-11T17:00', 'a Friday morning'],
  ['2026-12-11T07:59', 'on-call', '2026-12-11T08:00', 'the desk opens at 8am'],
  ['2026-12-11T08:00', 'service-desk', '2026-12-11T17:00', 'and is open from that minute on'],
  ['2026-12-11T16:59', 'service-desk', '2026-12-11T17:00', 'until the minute before 5pm'],
  ['2026-12-11T17:00', 'on-call', '2026-12-14T08:00', 'a weekend is on call'],
  ['2026-12-12T11:00', 'on-call', '2026-12-14T08:00', 'Saturday in office hours'],
  ['2026-12-25T11:00', 'on-call', '2026-12-29T08:00', 'Christmas on a Friday, Boxing Day kept on Monday'],
  ['2026-12-28T11:00', 'on-call', '2026-12-29T08:00', 'the substitute day is a bank holiday'],
  ['2027-12-25T11:00', 'on-call', '2027-12-29T08:00', 'both kept on Monday and Tuesday'],
  ['2027-03-29T11:00', 'on-call', '2027-03-30T08:00', 'Easter Monday'],
  ['2026-07-10T16:30', 'service-desk', '2026-07-10T17:00', 'hours are those of London clocks in summer too'],
]
for (const [minute, line, until, because] of lines) {
  test(`at ${minute} ${line} answers until ${until}: ${because}`, () => {
    assert.equal(lineAt(at(minute), HOLIDAYS), line)
    assert.equal(formatLondon(lineChangesAfter(at(minute), HOLIDAYS)), until)
  })
}

test('the line is the same until it changes, and another then', () => {
  const minute = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) })
    .map((ms) => toLondon(new Date(ms)))
  fc.assert(
    fc.property(minute, fc.double({ min: 0, max: 1, noNaN: true }), (now, share) => {
      const next = lineChangesAfter(now, HOLIDAYS)
      const minutes = (next.day - now.day) * 1440 + next.minute - now.minute
      assert.ok(minutes > 0)
      const between = now.minute + Math.floor(minutes * share * 0.9999)
      const then = { day: now.day + Math.floor(between / 1440), minute: between % 1440 }
      assert.equal(lineAt(then, HOLIDAYS), lineAt(now, HOLIDAYS))
      assert.notEqual(lineAt(next, HOLIDAYS), lineAt(now, HOLIDAYS))
    }),
    { seed: 20261211, numRuns: 2000 },
  )
})

type Named = Shift & { readonly who: string }
function shift(who: string, place: Place, from: string, to: string): Named {
  return { who, place, ...(shiftBetween(from, to) ?? assert.fail(`${from} to ${to}`)) }
}
const instant = (text: string): number => (shiftBetween(text, '2199-01-01T00:00') ?? assert.fail(text)).startsAt

const hours = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }) => (endsAt - startsAt) / 3_600_000
const nights: readonly [from: string, to: string, hours: number | undefined, because: string][] = [
  ['2026-12-11T17:00', '2026-12-12T08:00', 15, 'an ordinary night'],
  ['2026-10-24T17:00', '2026-10-25T08:00', 16, 'the clocks go back'],
  ['2027-03-27T17:00', '2027-03-28T08:00', 14, 'the clocks go forward'],
  ['2027-03-27T17:00', '2027-03-28T01:30', undefined, 'no London clock shows 1:30am that night'],
  ['2026-12-12T08:00', '2026-12-11T17:00', undefined, 'the end is before the start'],
  ['2026-12-12T08:00', '2026-12-12T08:00', undefined, 'no time at all'],
]
for (const [from, to, long, because] of nights) {
  test(`a shift from ${from} to ${to} has ${long ?? 'no'} hours: ${because}`, () => {
    const spell = shiftBetween(from, to)
    assert.equal(spell && hours(spell), long)
  })
}

test('in the hour that comes twice one person is on call, not two in turns', () => {
  const rota = [
    shift('Asha', 'first', '2026-10-24T17:00', '2026-10-25T01:30'),
    shift('Bola', 'first', '2026-10-25T01:30', '2026-10-25T08:00'),
  ]
  const said = ['00:29', '00:30', '01:10', '01:40'].map(
    (utc) => onCallAt(rota, Date.parse(`2026-10-25T${utc}:00Z`)).first?.who,
  )
  assert.deepEqual(said, ['Asha', 'Bola', 'Bola', 'Bola'])
})

test('a week on is the same time on the clock, across a change of the clocks too', () => {
  const before = shiftBetween('2027-03-21T17:00', '2027-03-22T08:00') ?? assert.fail()
  const after = aWeekOn(before)
  assert.deepEqual(
    [londonMinuteOf(after.startsAt), londonMinuteOf(after.endsAt)],
    ['2027-03-28T17:00', '2027-03-29T08:00'],
  )
  const atHalfPastOne = aWeekOn(shiftBetween('2027-03-21T01:30', '2027-03-21T08:00') ?? assert.fail())
  assert.equal(londonMinuteOf(atHalfPastOne.startsAt), '2027-03-28T02:00', 'that night has no 1:30am')
})

test('whoever is first is rung for 10 minutes, then the second; where one is missing the other', () => {
  const rota = [
    shift('Asha', 'first', '2026-12-11T17:00', '2026-12-12T08:00'),
    shift('Bola', 'second', '2026-12-11T17:00', '2026-12-14T08:00'),
  ]
  const since = instant('2026-12-11T20:00')
  const cases: readonly [minutes: number, acknowledged: boolean, who: string, because: string][] = [
    [0, false, 'Asha', 'first'],
    [9, false, 'Asha', 'still within 10 minutes'],
    [10, false, 'Bola', '10 minutes have passed'],
    [10, true, 'Asha', 'she has said that she has it'],
    [14 * 60, false, 'Bola', 'her shift is over'],
    [14 * 60, true, 'Bola', 'there is only a second'],
  ]
  for (const [minutes, acknowledged, who, because] of cases) {
    const rung = whomToRing(rota, { now: since + minutes * 60_000, since, acknowledged })
    assert.equal(rung?.who, who, because)
  }
  assert.equal(whomToRing([], { now: since, since, acknowledged: false }), undefined)
})

const faults: readonly [rota: readonly Shift[], found: readonly string[], because: string][] = [
  [[], ['gap 2026-12-24T17:00 to 2026-12-29T08:00'], 'nobody, from Christmas Eve over both bank holidays'],
  [
    [shift('A', 'first', '2026-12-24T17:00', '2026-12-29T08:00')],
    ['no-second 2026-12-24T17:00 to 2026-12-29T08:00'],
    'nobody to ring after the first',
  ],
  [
    [
      shift('A', 'first', '2026-12-24T17:00', '2026-12-25T20:00'),
      shift('B', 'first', '2026-12-25T19:00', '2026-12-28T08:00'),
      shift('C', 'second', '2026-12-24T17:00', '2026-12-29T08:00'),
    ],
    ['overlap 2026-12-25T19:00 to 2026-12-25T20:00', 'gap 2026-12-28T08:00 to 2026-12-29T08:00'],
    'two for an hour, and Boxing Day kept on Monday forgotten; a second alone is a gap',
  ],
  [
    [
      shift('A', 'first', '2026-12-24T17:00', '2026-12-26T08:00'),
      shift('B', 'first', '2026-12-26T08:00', '2026-12-29T08:00'),
      shift('C', 'second', '2026-12-24T16:00', '2026-12-29T09:00'),
    ],
    [],
    'shifts that touch leave no gap, and in office hours nobody need be on call',
  ],
]
for (const [rota, found, because] of faults) {
  test(`a rota has ${found.length} faults: ${because}`, () => {
    const range = { startsAt: instant('2026-12-24T09:00'), endsAt: instant('2026-12-29T12:00') }
    const said = rotaFaults(rota, range, HOLIDAYS).map(
      ({ what, startsAt, endsAt }) => `${what} ${londonMinuteOf(startsAt)} to ${londonMinuteOf(endsAt)}`,
    )
    assert.deepEqual(said, found)
  })
}

test('an instant is in a gap exactly when the desk is shut and nobody is first then', () => {
  const start = instant('2026-10-19T00:00')
  const hour = fc.integer({ min: 0, max: 14 * 24 * 4 }).map((quarters) => start + quarters * 900_000)
  const any = fc
    .tuple(hour, hour, fc.constantFrom<Place>('first', 'second'))
    .filter(([a, b]) => a !== b)
    .map(([a, b, place]) => ({ place, startsAt: Math.min(a, b), endsAt: Math.max(a, b) }))
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), hour, (rota, moment) => {
      const found = rotaFaults(rota, { startsAt: start, endsAt: start + 15 * 86_400_000 }, HOLIDAYS)
      const here = found.filter(({ startsAt, endsAt }) => startsAt <= moment && moment < endsAt)
      assert.ok(here.length <= 1, 'one fault at a time')
      const isShut = lineAt(toLondon(new Date(moment)), HOLIDAYS) === 'on-call'
      const isGap = isShut && onCallAt(rota, moment).first === undefined
      assert.equal(here[0]?.what === 'gap', isGap)
    }),
    { seed: 20261211, numRuns: 1000 },
  )
})
