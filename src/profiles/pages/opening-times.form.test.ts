import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DayHours, Session } from '#src/rules/opening-times.ts'
import { normaliseSessions } from '#src/rules/opening-times.ts'
import { NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import { copyMonday, DAYS, parseOpeningTimesForm, weeklyFields, weeklyFormAfter } from './opening-times.form.ts'

const monday = (...times: readonly (readonly [string, string])[]) => ({
  ...weeklyFields(USUAL_WEEK),
  ...Object.fromEntries(
    times.flatMap(([from, to], index) => [
      [`monday-${index + 1}-from`, from],
      [`monday-${index + 1}-to`, to],
    ]),
  ),
})

const ACCEPTED: readonly (readonly [readonly (readonly [string, string])[], readonly Session[], string])[] = [
  [[['9', '17.30']], [{ opens: 540, closes: 1050 }], 'bare hours are on the 24-hour clock'],
  [[['0900', '5:30pm']], [{ opens: 540, closes: 1050 }], 'both ways of writing'],
  [[['9 a.m.', 'midday']], [{ opens: 540, closes: 720 }], 'dots and words'],
  [[['10pm', '2am']], [{ opens: 1320, closes: 1560 }], 'a night: closes on the next day'],
  [[['6pm', 'midnight']], [{ opens: 1080, closes: 1440 }], 'midnight closes the day'],
  [[['6pm', '24:00']], [{ opens: 1080, closes: 1440 }], '24:00 closes the day'],
  [
    [
      ['9', '13'],
      ['14', '18'],
    ],
    [
      { opens: 540, closes: 780 },
      { opens: 840, closes: 1080 },
    ],
    'a lunch break',
  ],
  [
    [
      ['14', '18'],
      ['9', '13'],
    ],
    [
      { opens: 540, closes: 780 },
      { opens: 840, closes: 1080 },
    ],
    'in any order',
  ],
  [
    [
      ['9', '13'],
      ['13', '17'],
    ],
    [{ opens: 540, closes: 1020 }],
    'touching sessions are one',
  ],
  [
    [
      ['', ''],
      ['9', '17'],
    ],
    NINE_TO_FIVE,
    'an empty pair before a full one',
  ],
]
for (const [times, expected, because] of ACCEPTED) {
  test(`reads Monday: ${because}`, () => {
    const read = parseOpeningTimesForm(monday(...times), USUAL_WEEK)
    assert.deepEqual(read, { ok: true, value: [expected, ...USUAL_WEEK.slice(1)] })
  })
}

test('more than 16 hours, and a week without a day, are believed once somebody says so', () => {
  const allDay = { ...monday(['midnight', 'midnight']), 'confirm-long': 'yes' }
  const read = parseOpeningTimesForm(allDay, USUAL_WEEK)
  assert.deepEqual(read.ok && read.value[0], [{ opens: 0, closes: 1440 }])
  const closed = Object.fromEntries(DAYS.map(({ prefix }) => [`${prefix}-open`, 'no']))
  assert.equal(parseOpeningTimesForm(closed, USUAL_WEEK).ok, false)
  assert.equal(parseOpeningTimesForm({ ...closed, 'confirm-closed': 'yes' }, USUAL_WEEK).ok, true)
})

test('a day that nobody knows must be answered; a day that was known may be unticked', () => {
  const shown: readonly DayHours[] = [null, ...USUAL_WEEK.slice(1)]
  const unanswered = parseOpeningTimesForm(weeklyFields(shown), shown)
  assert.deepEqual(!unanswered.ok && unanswered.problems.map(({ field, message }) => [field, message]), [
    ['monday-open', 'Select if Monday is open or closed'],
  ])
  const answered = parseOpeningTimesForm({ ...weeklyFields(shown), 'monday-open': 'no', 'tuesday-open': '' }, shown)
  assert.deepEqual(answered.ok && answered.value.slice(0, 2), [[], []], 'Tuesday keeps its times in the boxes')
})

test('copying Monday copies what was typed, right or wrong, to the weekdays alone', () => {
  const fields = copyMonday({ ...weeklyFields(USUAL_WEEK), 'monday-1-from': 'nine', 'tuesday-2-from': '3pm' })
  assert.equal(fields['friday-1-from'], 'nine')
  assert.equal(fields['tuesday-2-from'], undefined)
  assert.equal(fields['saturday-1-from'], undefined)
  assert.equal(weeklyFormAfter(fields, 'continue'), undefined)
})

test('a day can be given four pairs of boxes, and no fifth', () => {
  let fields = weeklyFields(USUAL_WEEK)
  for (let press = 0; press < 9; press++) fields = weeklyFormAfter(fields, 'add-sunday')?.fields ?? {}
  assert.deepEqual([fields['sunday-rows'], fields['sunday-open']], ['4', 'yes'])
})

const minute = fc.integer({ min: 0, max: 1439 })
const dayHours = fc.array(fc.tuple(minute, fc.integer({ min: 1, max: 900 })), { maxLength: 6 }).map((pairs) => {
  const sessions = pairs.map(([opens, length]) => ({ opens, closes: Math.min(opens + length, opens + 1439) }))
  const read = normaliseSessions(sessions)
  return read.ok ? read.value : []
})

test('a week that is shown and sent again unchanged is the same week', () => {
  fc.assert(
    fc.property(fc.array(dayHours, { minLength: 7, maxLength: 7 }), (weekly) => {
      const fields = { ...weeklyFields(weekly), 'confirm-long': 'yes', 'confirm-closed': 'yes' }
      const ends = weekly.flat().some(({ closes }) => closes === 1439)
      fc.pre(!ends)
      assert.deepEqual(parseOpeningTimesForm(fields, weekly), { ok: true, value: weekly })
    }),
  )
})
