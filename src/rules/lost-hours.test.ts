import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from './bank-holidays.ts'
import { dayOf, type LocalDate } from './london-time.ts'
import { lostMinutes } from './lost-hours.ts'
import type { OpeningTimes } from './opening-times.ts'

const nineToFive = [{ opens: 540, closes: 1020 }]
const times: OpeningTimes = {
  weekly: [nineToFive, nineToFive, nineToFive, nineToFive, [{ opens: 1320, closes: 1560 }], [], null],
  bankHoliday: null,
  openAllHours: false,
  specified: { '2026-12-09': [] },
}
const at = (date: string, hour: number) => dayOf(date as LocalDate) * 1440 + hour * 60
const span = { from: at('2026-12-01', 0), until: at('2027-01-01', 0) }

type Spell = readonly [from: number, until: number]
const cases: readonly (readonly [closures: readonly Spell[], hours: number, because: string])[] = [
  [[], 0, 'nothing was closed'],
  [[[at('2026-12-07', 12), at('2026-12-07', 14)]], 2, 'in the middle of a Monday'],
  [[[at('2026-12-07', 0), at('2026-12-08', 0)]], 8, 'a whole Monday, of which it would have been open for eight hours'],
  [[[at('2026-12-07', 17), at('2026-12-08', 9)]], 0, 'it would have been shut all that time'],
  [[[at('2026-12-09', 0), at('2026-12-10', 0)]], 0, 'the date has no hours of its own'],
  [[[at('2026-12-12', 0), at('2026-12-12', 5)]], 2, 'Friday night lasts until 2am on Saturday'],
  [[[at('2026-12-13', 0), at('2026-12-14', 0)]], 0, 'nobody knows the hours of a Sunday'],
  [
    [
      [at('2026-12-07', 10), at('2026-12-07', 14)],
      [at('2026-12-07', 12), at('2026-12-07', 15)],
    ],
    5,
    'overlapping closures count once',
  ],
  [
    [
      [at('2026-12-07', 12), at('2026-12-07', 15)],
      [at('2026-12-07', 10), at('2026-12-07', 11)],
    ],
    4,
    'in any order',
  ],
  [[[at('2026-11-30', 9), at('2026-12-01', 10)]], 1, 'November is another month'],
  [[[at('2026-12-31', 9), Number.POSITIVE_INFINITY]], 8, 'without an end, until that of the month'],
  [[[at('2026-12-07', 14), at('2026-12-07', 12)]], 0, 'a closure that ends before it begins is none'],
]
for (const [closures, hours, because] of cases) {
  test(`${hours} hours are lost: ${because}`, () => {
    const spells = closures.map(([from, until]) => ({ from, until }))
    assert.equal(lostMinutes(times, spells, { span, holidays: holidayCalendar([]) }), hours * 60)
  })
}
