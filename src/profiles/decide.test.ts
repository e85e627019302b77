import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { aProfile, NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import {
  decideAddChange,
  decideAnswerHolidays,
  decideCancelChange,
  decideEditChange,
  decideSetContact,
  decideSetWeekly,
  holidaysToAnswer,
  monthsAfter,
} from './decide.ts'
import type { DatedChange, Profile } from './profile.ts'
import { specifiedDates } from './projected-facts.ts'

const today: LocalDate = '2026-11-21'
const holidays = holidayCalendar([])
const closed = (from: LocalDate, to: LocalDate = from, id = 'c1'): DatedChange => ({
  id,
  from,
  to,
  sessions: [],
  reason: 'refit',
  note: null,
})
const accept = <T>(result: { ok: true; value: T } | { ok: false; problems: readonly unknown[] }): T => {
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

test('a contact value that was never given and is still blank stays "never given"; a removed one becomes "none"', () => {
  const profile = aProfile({ contact: { phone: '01632 960001', website: 'https://hill.example' } })
  const after = accept(
    decideSetContact(profile, {
      phone: '01632 960002',
      website: null,
      email: null,
      professionalPhone: null,
      professionalEmail: null,
    }),
  )
  assert.deepEqual(after.contact, { phone: '01632 960002', website: null })
})

test('a number or website that is only spelt differently is no change', () => {
  const profile = aProfile({ contact: { phone: '01632 960001', website: 'https://Hill.example/a' } })
  const respelt = { phone: '01632 960 001', website: 'https://hill.example/a', email: null }
  const after = accept(decideSetContact(profile, { ...respelt, professionalPhone: null, professionalEmail: null }))
  assert.deepEqual(after, profile)
})

test('a pharmacy must have a public phone number', () => {
  const blank = { phone: null, website: null, email: null, professionalPhone: null, professionalEmail: null }
  const result = decideSetContact(aProfile(), blank)
  assert.deepEqual(!result.ok && result.problems.map(({ field }) => field), ['phone'])
})

test('a standard week answers every day', () => {
  const result = decideSetWeekly(aProfile(), [...USUAL_WEEK.slice(0, 6), null])
  assert.deepEqual(!result.ok && result.problems.map(({ field }) => field), ['day-6'])
  assert.ok(decideSetWeekly(aProfile(), USUAL_WEEK).ok)
})

const months: readonly (readonly [from: LocalDate, count: number, to: LocalDate, because: string])[] = [
  ['2026-11-21', 18, '2028-05-21', 'the same day of a later month'],
  ['2026-08-31', 18, '2028-02-29', 'the last day of a shorter month, in a leap year'],
  ['2026-08-31', 6, '2027-02-28', 'the last day of February'],
  ['2026-12-31', 1, '2027-01-31', 'over the end of a year'],
]
for (const [from, count, to, because] of months) {
  test(`${count} months after ${from} is ${to}: ${because}`, () => assert.equal(monthsAfter(from, count), to))
}

test('pharmacies are asked about every holiday of 18 months, Christmas Day and Easter Sunday included', () => {
  const dates = holidaysToAnswer(today, holidays).map(({ date }) => date)
  assert.equal(dates[0], '2026-12-25')
  assert.ok(dates.includes('2027-03-28'), 'Easter Sunday 2027')
  assert.ok(dates.includes('2027-12-25'), 'Christmas Day 2027, a Saturday')
  assert.ok(dates.every((date) => date >= today && date <= '2028-05-21'))
})

test('holiday answers are saved one by one and only for holidays that are coming', () => {
  const first = accept(decideAnswerHolidays(aProfile(), { '2026-12-25': { answer: 'closed' } }, { today, holidays }))
  const second = accept(decideAnswerHolidays(first, { '2026-12-28': { answer: 'usual' } }, { today, holidays }))
  assert.deepEqual(Object.keys(second.holidays), ['2026-12-25', '2026-12-28'])
  for (const date of ['2026-12-24', '2026-05-25', '2029-12-25'] as const) {
    assert.ok(!decideAnswerHolidays(aProfile(), { [date]: { answer: 'closed' } }, { today, holidays }).ok, date)
  }
})

const refusals: readonly (readonly [DatedChange, field: string, because: string])[] = [
  [closed('2026-11-20'), 'from', 'yesterday is over'],
  [closed('2026-12-02', '2026-12-01'), 'to', 'it ends before it begins'],
  [closed('2026-12-01', '2027-03-04'), 'to', 'it lasts longer than three months'],
  [{ ...closed('2026-12-01'), reason: ' ' }, 'reason', 'no reason is given'],
  [{ ...closed('2026-12-01'), note: 'x'.repeat(141) }, 'note', 'the note is too long'],
]
for (const [change, field, because] of refusals) {
  test(`a change is refused when ${because}`, () => {
    const result = decideAddChange(aProfile(), change, { today })
    assert.deepEqual(!result.ok && result.problems.map((problem) => problem.field), [field])
  })
}

test('a closure may begin today and last three months', () => {
  assert.ok(decideAddChange(aProfile(), closed(today), { today }).ok)
  assert.ok(decideAddChange(aProfile(), closed('2026-12-01', '2027-03-03'), { today }).ok)
})

test('of two changes of one date the one made later wins, and both beat a holiday answer', () => {
  const profile = aProfile({ holidays: { '2026-12-25': { answer: 'other', sessions: NINE_TO_FIVE } } })
  const later = { ...closed('2026-12-24', '2026-12-26', 'c2'), sessions: NINE_TO_FIVE }
  const one = accept(decideAddChange(profile, closed('2026-12-25'), { today }))
  assert.deepEqual(specifiedDates(one)['2026-12-25'], [])
  const both = accept(decideAddChange(one, later, { today }))
  assert.deepEqual(specifiedDates(both)['2026-12-25'], NINE_TO_FIVE)
})

const running: Profile = aProfile({ changes: [closed('2026-11-19', '2026-11-30')] })

test('cancelling a change that has begun gives back today and later, and keeps what is over', () => {
  const after = accept(decideCancelChange(running, 'c1', { today }))
  assert.deepEqual(Object.keys(specifiedDates(after)), ['2026-11-19', '2026-11-20'])
})

test('cancelling a change to come removes it whole', () => {
  const profile = aProfile({ changes: [closed('2026-12-01')] })
  assert.deepEqual(accept(decideCancelChange(profile, 'c1', { today })).changes, [])
})

test('editing a change that has begun keeps the days that are over', () => {
  const after = accept(
    decideEditChange(running, { ...closed('2026-11-22', '2026-11-23'), sessions: NINE_TO_FIVE }, { today }),
  )
  assert.deepEqual(specifiedDates(after), {
    '2026-11-19': [],
    '2026-11-20': [],
    '2026-11-22': NINE_TO_FIVE,
    '2026-11-23': NINE_TO_FIVE,
  })
})

test('a change that has ended or does not exist can be neither edited nor cancelled', () => {
  const over = aProfile({ changes: [closed('2026-11-01')] })
  assert.ok(!decideEditChange(over, closed('2026-12-01'), { today }).ok)
  assert.ok(!decideCancelChange(over, 'c1', { today }).ok)
  assert.ok(!decideCancelChange(over, 'elsewhere', { today }).ok)
})

test('usual hours on a holiday are those of its weekday, and unknown where the weekday is unknown', () => {
  const answered: Pick<Profile, 'holidays'> = { holidays: { '2026-12-25': { answer: 'usual' } } } // a Friday
  assert.deepEqual(specifiedDates(aProfile(answered)), { '2026-12-25': NINE_TO_FIVE })
  const unknownFriday = [...USUAL_WEEK.slice(0, 4), null, [], []]
  assert.deepEqual(specifiedDates(aProfile({ ...answered, weekly: unknownFriday })), {})
})
