import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { pharmacyAnswerForm } from './answers.ts'
import { pharmacyAnswer } from './pharmacy-answer.ts'

const answerOf = (given: Partial<Profile>) =>
  pharmacyAnswerForm.parse(
    pharmacyAnswer({
      profile: publicView(aProfile(given), UNCHECKED),
      services: [],
      holidays: holidayCalendar([]),
      at: parseLondonMinute('2026-12-11T10:34') as LondonTime,
    }),
  )
const deliveryOf = (given: Partial<Profile>) => answerOf(given).delivery

const SAID = { how: 'Free, by post.', orderBy: 840, workingDays: 2, premisesNumber: '1099999' }
const NOTHING = { how: null, orderBy: null, workingDays: null, premisesNumber: null }

const CASES: readonly (readonly [Partial<Profile>, object | null, string])[] = [
  [{ kind: 'distance-selling', delivery: SAID }, { area: 'England', ...SAID, orderBy: '14:00' }, 'all that it said'],
  [{ kind: 'distance-selling' }, { area: 'England', ...NOTHING }, 'it serves all of England, whatever it says'],
  [{}, null, 'people go to this one'],
  [{ delivery: SAID }, null, 'it sells at a distance no more'],
]
for (const [given, expected, because] of CASES) {
  test(`delivery of ${JSON.stringify(given)}: ${because}`, () => assert.deepEqual(deliveryOf(given), expected))
}

const CLOSURE = {
  id: 'c1',
  from: '2026-12-11T10:00',
  until: null,
  services: null,
  reason: 'SECRET reason',
  advice: 'Use another pharmacy',
  writtenTo: '2026-12-24',
  statutory: [],
  ended: false,
} as const

test('closures are told without their reason; of an end that nobody knows no opening is told', () => {
  const { closures, openState } = answerOf({ closures: [CLOSURE] })
  const told = { from: '2026-12-11T10:00', until: null, services: null, advice: 'Use another pharmacy' }
  assert.deepEqual([closures, openState], [[told], { open: false, opensAt: null, because: 'specified' }])
  const known = answerOf({ closures: [{ ...CLOSURE, until: '2026-12-11T15:00' }] })
  assert.deepEqual(known.openState, { open: false, opensAt: '2026-12-11T15:00', because: 'specified' })
  assert.deepEqual(answerOf({ closures: [{ ...CLOSURE, ended: true, until: '2026-12-11T10:20' }] }).closures, [])
})
