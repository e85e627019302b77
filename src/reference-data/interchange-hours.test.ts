import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpeningTimes } from '#src/rules/opening-times.ts'
import { writeHours } from './interchange-hours.ts'

const day = [{ opens: 540, closes: 1050 }]
const night = [{ opens: 1320, closes: 1560 }]
const hours = (change: Partial<OpeningTimes>): OpeningTimes => ({
  weekly: [day, day, day, day, day, [], []],
  bankHoliday: null,
  openAllHours: false,
  specified: {},
  ...change,
})

test('a night is split at midnight and its tail is the next day’s, round the week', () => {
  const { weekly } = writeHours(hours({ weekly: [day, [], [], [], night, [], night] }))
  assert.deepEqual(weekly, [
    [
      ['00:00', '02:00'],
      ['09:00', '17:30'],
    ],
    [],
    [],
    [],
    [['22:00', '23:59']],
    [['00:00', '02:00']],
    [['22:00', '23:59']],
  ])
})

test('a closure does not cut the night before it short', () => {
  // 18 December 2026 is a Friday.
  const { specified } = writeHours(hours({ weekly: [[], [], [], night, [], [], []], specified: { '2026-12-18': [] } }))
  assert.deepEqual(specified, { '2026-12-18': [['00:00', '02:00']] })
})

test('a closed night takes its tail from the next date', () => {
  const { specified } = writeHours(hours({ weekly: [[], [], [], [], night, day, []], specified: { '2026-12-18': [] } }))
  assert.deepEqual(specified, { '2026-12-18': [], '2026-12-19': [['09:00', '17:30']] })
})

test('what is not known stays so, and bank holidays answered by date are an empty list', () => {
  const { weekly, bankHoliday } = writeHours(hours({ weekly: [null, day, [], [], [], [], []] }))
  assert.equal(weekly[0], null)
  assert.deepEqual(bankHoliday, [])
})
