import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar, type PublishedHoliday } from '#src/rules/bank-holidays.ts'
import { quarterAfter, quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { checkReminderOn, holidayRemindersOn, REMINDER_DAYS } from './reminder-days.ts'

const calendar = holidayCalendar([])

const checks: [today: LocalDate, key: string | undefined, because: string][] = [
  ['2026-10-01', undefined, 'the first day of the quarter'],
  ['2026-10-29', undefined, 'day 29'],
  ['2026-10-30', 'check 2026-27-Q3 day 30', 'day 30'],
  ['2026-11-02', 'check 2026-27-Q3 day 30', 'made up for, should nothing have run for three days'],
  ['2026-11-26', undefined, 'day 57: day 60 is three days off, so a missed reminder waits for it'],
  ['2026-11-29', 'check 2026-27-Q3 day 60', 'day 60'],
  ['2026-12-14', 'check 2026-27-Q3 day 75', 'day 75'],
  ['2026-12-22', 'check 2026-27-Q3 day 83', 'day 83'],
  ['2026-12-23', 'check 2026-27-Q3 day 83', 'a day late, with four to the next'],
  ['2026-12-24', undefined, 'two days late, with three to the next'],
  ['2026-12-27', 'check 2026-27-Q3 day 88', 'day 88'],
  ['2026-12-31', 'check 2026-27-Q3 day 88', 'the last day of the quarter: better late than never'],
  ['2027-01-01', undefined, 'the quarter is over, and what it missed is not made up for'],
  ['2027-03-29', 'check 2026-27-Q4 day 88', 'the shortest quarter has 90 days; the day after the clocks change'],
  ['2026-10-25', undefined, 'the day on which the clocks go back is one day like another: day 25'],
]
for (const [today, key, because] of checks) {
  test(`on ${today} the check reminder is ${key ?? 'none'}: ${because}`, () =>
    assert.equal(checkReminderOn(today)?.key, key))
}

test('walking through two years of days, each quarter has its five reminders, in order', () => {
  let quarter = quarterOf('2026-04-01')
  for (let count = 0; count < 8; count++, quarter = quarterAfter(quarter)) {
    const keys = new Set<string>()
    for (let day = dayOf(quarter.starts); day <= dayOf(quarter.ends); day++) {
      const reminder = checkReminderOn(dateOf(day))
      if (reminder) keys.add(reminder.key)
    }
    assert.deepEqual(
      [...keys],
      REMINDER_DAYS.map((day) => `check ${quarter.id} day ${day}`),
    )
  }
})

const firstKeyOn = (today: LocalDate, published: readonly PublishedHoliday[] = []) =>
  holidayRemindersOn(today, published.length > 0 ? holidayCalendar(published) : calendar).map(({ keys }) => keys[0])
const dates: [today: LocalDate, keys: readonly string[], because: string][] = [
  ['2026-10-29', [], '57 days before Christmas Day'],
  ['2026-10-30', ['holiday 2026-12-25 56 days before'], 'eight weeks'],
  ['2026-11-24', [], '31 days: four weeks come in three days'],
  ['2026-11-27', ['holiday 2026-12-25 28 days before'], 'four weeks'],
  ['2026-12-15', ['holiday 2026-12-25 10 days before'], 'ten days'],
  ['2026-12-24', ['holiday 2026-12-25 10 days before'], 'the day before, should nothing have run for nine'],
  ['2026-12-25', ['holiday 2026-12-28 10 days before'], 'the day itself is not asked for any more, the rest is'],
  ['2027-01-01', [], 'the season is over'],
  ['2027-01-29', ['holiday 2027-03-26 56 days before'], 'Good Friday'],
]
for (const [today, keys, because] of dates) {
  test(`on ${today} the holiday reminders are ${keys.join() || 'none'}: ${because}`, () =>
    assert.deepEqual(firstKeyOn(today), keys))
}

test('days of one season are asked for together', () => {
  const [season] = holidayRemindersOn('2026-10-30', calendar)
  assert.deepEqual(
    season?.days.map(({ date }) => date),
    ['2026-12-25', '2026-12-28', '2027-01-01'],
  )
})

test('26 December on a Sunday: Christmas Day, and the two weekdays on which it and Boxing Day are kept', () => {
  const [season] = holidayRemindersOn('2027-10-30', calendar)
  assert.deepEqual(
    season?.days.map(({ date }) => date),
    ['2027-12-25', '2027-12-27', '2027-12-28', '2028-01-03'],
  )
})

test('a holiday proclaimed with ten days’ notice is asked for at once', () => {
  const year = [
    ['2022-01-03', 'New Year’s Day'],
    ['2022-04-15', 'Good Friday'],
    ['2022-04-18', 'Easter Monday'],
    ['2022-05-02', 'Early May bank holiday'],
    ['2022-08-29', 'Summer bank holiday'],
    ['2022-09-19', 'Bank Holiday for the State Funeral of Queen Elizabeth II'],
    ['2022-12-26', 'Boxing Day'],
    ['2022-12-27', 'Christmas Day'],
  ].map(([date, title]) => ({ date, title }) as PublishedHoliday)
  assert.deepEqual(firstKeyOn('2022-09-10', year), ['holiday 2022-09-19 10 days before'])
})
