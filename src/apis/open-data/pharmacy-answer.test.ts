import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { pharmacyAnswerForm } from './answers.ts'
import { pharmacyAnswer } from './pharmacy-answer.ts'

const deliveryOf = (given: Partial<Profile>) =>
  pharmacyAnswerForm.parse(
    pharmacyAnswer({
      profile: publicView(aProfile(given), UNCHECKED),
      services: [],
      holidays: holidayCalendar([]),
      at: parseLondonMinute('2026-12-11T10:34') as LondonTime,
    }),
  ).delivery

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
