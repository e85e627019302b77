import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from './bank-holidays.ts'
import { compiledSessionsOn, compiledWeek, compileOpeningTimes } from './compiled-hours.ts'
import { dayOf } from './london-time.ts'
import { type OpeningTimes, sessionsOn } from './opening-times.ts'

const holidays = holidayCalendar([])
const day = [
  { opens: 540, closes: 780 },
  { opens: 840, closes: 1050 },
]
const late = [{ opens: 1320, closes: 1560 }]
const patterns: readonly (readonly [name: string, times: OpeningTimes])[] = [
  [
    'a pharmacy that answers each holiday',
    {
      weekly: [day, day, null, late, day, [], []],
      bankHoliday: null,
      openAllHours: false,
      specified: { '2026-12-25': [], '2026-12-30': late },
    },
  ],
  [
    'a service with hours for any bank holiday',
    { weekly: [day, day, day, day, day, [], null], bankHoliday: late, openAllHours: false, specified: {} },
  ],
  [
    'a service that never closes but on one date',
    {
      weekly: [[], [], [], [], [], [], []],
      bankHoliday: [],
      openAllHours: true,
      specified: { '2026-12-25': [{ opens: 600, closes: 720 }] },
    },
  ],
]

for (const [name, times] of patterns) {
  test(`compiled and plain hours give the same sessions on each of 400 days: ${name}`, () => {
    const hours = compileOpeningTimes(times, holidays)
    for (let date = dayOf('2026-11-01'); date < dayOf('2026-11-01') + 400; date++) {
      assert.deepEqual(compiledSessionsOn(hours, date), sessionsOn(times, date, holidays))
    }
  })
  test(`the week survives compiling: ${name}`, () => {
    assert.deepEqual(compiledWeek(compileOpeningTimes(times, holidays)), times.weekly)
  })
}
