import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DayHours } from '#src/rules/opening-times.ts'
import { weekInWords } from './week-words.ts'

const NINE_TO_FIVE: DayHours = [{ opens: 540, closes: 1020 }]
const WITH_LUNCH: DayHours = [
  { opens: 540, closes: 780 },
  { opens: 840, closes: 1020 },
]
const SHUT: DayHours = []
const five = (hours: DayHours) => Array.from({ length: 5 }, () => hours)

const CASES: readonly { readonly week: readonly DayHours[]; readonly words: string; readonly because: string }[] = [
  {
    week: [...five(NINE_TO_FIVE), SHUT, SHUT],
    words: 'Monday to Friday 9am to 5pm; Saturday and Sunday closed',
    because: 'days with the same hours are said together',
  },
  {
    week: [...five(NINE_TO_FIVE), NINE_TO_FIVE, NINE_TO_FIVE],
    words: 'Every day 9am to 5pm',
    because: 'a week of one kind is one phrase',
  },
  { week: [...five(SHUT), SHUT, SHUT], words: 'Every day closed', because: 'never is a week too' },
  { week: [...five(null), null, null], words: 'Not known', because: 'nobody told us anything' },
  {
    week: [NINE_TO_FIVE, SHUT, NINE_TO_FIVE, null, null, WITH_LUNCH, SHUT],
    words:
      'Monday 9am to 5pm; Tuesday closed; Wednesday 9am to 5pm; Thursday and Friday not known; Saturday 9am to 1pm, 2pm to 5pm; Sunday closed',
    because: 'only neighbouring days are joined, and unknown is not closed',
  },
]

for (const { week, words, because } of CASES) {
  test(`${words}: ${because}`, () => assert.equal(weekInWords(week), words))
}
