import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testOnSharedData } from '#test/support/shared-data.ts'
import { computedBankHolidays, easterSunday, holidayCalendar, type PublishedHoliday } from './bank-holidays.ts'
import { dateOf, dayOf, type LocalDate, weekdayIndex } from './london-time.ts'

const computed = holidayCalendar([])

const easters: readonly (readonly [year: number, date: string, because: string])[] = [
  [1981, '1981-04-19', 'the full moon is moved back by a day in this year'],
  [1954, '1954-04-18', 'the other correction of the moon applies'],
  [2008, '2008-03-23', 'nearly the earliest'],
  [2024, '2024-03-31', 'the day the clocks change'],
  [2027, '2027-03-28', 'the day the clocks change'],
  [2038, '2038-04-25', 'the latest possible'],
  [2085, '2085-04-15', 'far ahead'],
]
for (const [year, date, because] of easters) {
  test(`Easter Sunday of ${year} is ${date}: ${because}`, () => assert.equal(dateOf(easterSunday(year)), date))
}

/** Gauss's way to Easter as Meeus published it, which has no exceptions: another way than the rule's own. */
function easterByMeeus(year: number): LocalDate {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const days = h + l - 7 * Math.floor((a + 11 * h + 22 * l) / 451) + 114
  return dateOf(dayOf(`${year}-${Math.floor(days / 31) === 3 ? '03' : '04'}-01` as LocalDate) + (days % 31))
}

test('Easter Sunday of every year from 1900 to 2199 is the same by another way of finding it', () => {
  for (let year = 1900; year < 2200; year++) assert.equal(dateOf(easterSunday(year)), easterByMeeus(year))
})

type Kept = readonly [year: number, christmas: string, boxing: string, because: string]
const christmases: readonly Kept[] = [
  [2025, '12-25', '12-26', 'Thursday and Friday'],
  [2026, '12-25', '12-28', '26 December is a Saturday'],
  [2027, '12-27', '12-28', '25 and 26 December are a weekend'],
  [2022, '12-27', '12-26', 'Christmas Day is a Sunday, so its substitute comes after Boxing Day'],
  [2028, '12-25', '12-26', 'Monday and Tuesday'],
]
for (const [year, christmas, boxing, because] of christmases) {
  test(`in ${year} Christmas Day is kept on ${christmas} and Boxing Day on ${boxing}: ${because}`, () => {
    const kept = Object.fromEntries(computedBankHolidays(year).map(({ title, date }) => [title, date.slice(5)]))
    assert.deepEqual([kept['Christmas Day'], kept['Boxing Day']], [christmas, boxing])
  })
}

/** Departures from the rule, by proclamation: date published, and the date the rule would have given instead. */
const DEPARTURES = ['2022-06-02', '2022-06-03', '2022-09-19', '2023-05-08']

testOnSharedData(
  'bank-holidays.json',
  'the rule gives what GOV.UK published, but for four known departures',
  (text) => {
    const published = publishedIn(text)
    const byRule = [2022, 2023, 2024, 2025, 2026, 2027, 2028].flatMap(computedBankHolidays)
    const row = ({ date, title }: PublishedHoliday) => `${date} ${title}`
    const rules = new Set(byRule.map(row))
    const departures = published.filter((holiday) => !rules.has(row(holiday))).map(({ date }) => date)
    assert.deepEqual(departures, DEPARTURES)
    const rows = new Set(published.map(row))
    assert.deepEqual(
      byRule.filter((holiday) => !rows.has(row(holiday))).map(({ date }) => date),
      ['2022-05-30'],
    )
  },
)

testOnSharedData('bank-holidays.json', 'published rows are the whole truth of their years', (text) => {
  const calendar = holidayCalendar(publishedIn(text))
  for (const date of DEPARTURES) assert.ok(calendar.isBankHoliday(dayOf(date as LocalDate)), date)
  assert.equal(calendar.isBankHoliday(dayOf('2022-05-30')), false, 'the spring holiday was moved away from it')
  assert.equal(calendar.titleOf(dayOf('2023-05-08')), 'Bank holiday for the coronation of King Charles III')
  assert.ok(calendar.isBankHoliday(dayOf('2029-12-25')), 'a year that is not published is computed')
})

function publishedIn(text: string): readonly PublishedHoliday[] {
  const file = JSON.parse(text) as { 'england-and-wales': { events: PublishedHoliday[] } }
  return file['england-and-wales'].events
}

test('a holiday added by proclamation stands beside the others only when the year is published with them', () => {
  const calendar = holidayCalendar([
    ...computedBankHolidays(2026),
    { date: '2026-07-20', title: 'World Cup bank holiday' },
  ])
  assert.ok(calendar.isBankHoliday(dayOf('2026-07-20')))
  assert.ok(calendar.isStatutory(dayOf('2026-07-20')))
  assert.ok(calendar.isBankHoliday(dayOf('2026-12-28')))
})

test('the statutory days of a winter and a spring, with their notes', () => {
  assert.deepEqual(computed.statutoryDays(dayOf('2027-12-25'), dayOf('2028-04-17')), [
    {
      date: '2027-12-25',
      title: 'Christmas Day',
      note: '25 December 2027 is a Saturday; the bank holiday is Monday 27 December',
    },
    {
      date: '2027-12-27',
      title: 'Christmas Day',
      note: '25 December 2027 is a Saturday; the bank holiday is Monday 27 December',
    },
    {
      date: '2027-12-28',
      title: 'Boxing Day',
      note: '26 December 2027 is a Sunday; the bank holiday is Tuesday 28 December',
    },
    {
      date: '2028-01-03',
      title: 'New Year’s Day',
      note: '1 January 2028 is a Saturday; the bank holiday is Monday 3 January',
    },
    { date: '2028-04-14', title: 'Good Friday', note: null },
    { date: '2028-04-16', title: 'Easter Sunday', note: null },
    { date: '2028-04-17', title: 'Easter Monday', note: null },
  ])
})

test('26 December 2026 is an ordinary Saturday; the Monday after says so', () => {
  assert.equal(computed.isStatutory(dayOf('2026-12-26')), false)
  assert.deepEqual(computed.statutoryDays(dayOf('2026-12-26'), dayOf('2026-12-31')), [
    {
      date: '2026-12-28',
      title: 'Boxing Day',
      note: '26 December 2026 is a Saturday; the bank holiday is Monday 28 December',
    },
  ])
})

test('days outside 1900 to 2199 are ordinary days', () => {
  for (const date of ['1899-12-25', '2200-12-25'] as const) {
    assert.equal(computed.isBankHoliday(dayOf(date)), false)
    assert.equal(computed.isStatutory(dayOf(date)), false)
    assert.deepEqual(computed.statutoryDays(dayOf(date), dayOf(date)), [])
  }
})

const anyYear = fc.integer({ min: 1900, max: 2199 })

test('every year has eight bank holidays on weekdays, in order, and Easter Sunday between Friday and Monday', () => {
  fc.assert(
    fc.property(anyYear, (year) => {
      const days = computedBankHolidays(year).map(({ date }) => dayOf(date))
      assert.equal(new Set(days).size, 8)
      assert.ok(
        days.every((day, index) => weekdayIndex(day) < 5 && day > (days[index - 1] ?? Number.NEGATIVE_INFINITY)),
      )
      const easter = easterSunday(year)
      assert.equal(weekdayIndex(easter), 6)
      assert.ok(days.includes(easter - 2) && days.includes(easter + 1))
      assert.ok(dateOf(easter) >= `${year}-03-22` && dateOf(easter) <= `${year}-04-25`)
    }),
  )
})

test('the calendar asked day by day, or for a range, gives the same days', () => {
  fc.assert(
    fc.property(anyYear, (year) => {
      const from = dayOf(`${year}-01-01` as LocalDate)
      const to = dayOf(`${year}-12-31` as LocalDate)
      const listed = computed.statutoryDays(from, to)
      const asked = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(computed.isStatutory)
      assert.deepEqual(
        listed.map(({ date }) => dayOf(date)),
        asked,
      )
      assert.ok(listed.every(({ date, title }) => computed.titleOf(dayOf(date)) === title))
      assert.ok(asked.includes(easterSunday(year)) && asked.includes(dayOf(`${year}-12-25` as LocalDate)))
      for (const { date } of computedBankHolidays(year)) assert.ok(computed.isBankHoliday(dayOf(date)), date)
    }),
  )
})
