/** Cases that a random directory meets too seldom, each small enough to be seen through: both searches, and the answer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANSWERS, sidesOf } from './comparisons.ts'
import type { SlowQuestion, SlowReference, SlowService } from './slow-triage.ts'

const REFERENCE: SlowReference = {
  types: [
    { id: 13, rank: 2, limit: 2 },
    { id: 100, rank: 3, limit: 1 },
    { id: 105, rank: 8, limit: 2 },
  ],
  pairs: { 1011: [4003] },
  dispositions: [],
  catchAllTypes: [40, 105],
  catchAllKm: 60,
  bankHolidays: [],
}

const service = (uid: number, typeId: number, km: number, given: Partial<SlowService> = {}): SlowService => ({
  ...{ uid, typeId, odsCode: `F${uid}`, status: 'ACTIVE', easting: 400_000 + km * 1000, northing: 400_000 },
  ...{ openAllHours: true, weekly: [[], [], [], [], [], [], []], bankHoliday: [], specified: {} },
  ...{ capacity: { status: 'GREEN' }, genders: ['F'], ages: [[0, 47_481.5]], sgsd: { 1011: [4003] } },
  ...{ dispositions: [], roles: [1], restricted: false, referrals: [] },
  ...given,
})
const emergency = (uid: number, km: number, given: Partial<SlowService> = {}): SlowService =>
  service(uid, 105, km, { sgsd: {}, ...given })

const QUESTION: SlowQuestion = {
  ...{ easting: 400_000, northing: 400_000, distanceKm: 60, ageDays: [8035.5, 8035.5], gender: 'F', sg: 1011 },
  ...{ sds: [4003], disposition: null, role: 1, surgery: null, time: '2026-08-05T10:00' },
}

type Case = {
  readonly services: readonly SlowService[]
  readonly asked?: Partial<SlowQuestion>
  readonly expected: string
  readonly because: string
}

const OLD_RULE = { legacyCatchAll: true }
const CASES: readonly Case[] = [
  {
    services: [service(1, 100, 1), service(2, 100, 2), emergency(3, 5)],
    asked: OLD_RULE,
    expected: '1 at 1000',
    because: 'the old rule counts matches, and a cut to one hides none of them',
  },
  {
    services: [service(1, 100, 1), service(2, 100, 2, { status: 'CLOSED' }), emergency(3, 5)],
    asked: OLD_RULE,
    expected: '1 at 1000, 3 (Catch-all) at 5000',
    because: 'one match is not a choice under the old rule',
  },
  {
    services: [service(1, 105, 1), emergency(2, 5), emergency(3, 6)],
    asked: OLD_RULE,
    expected: '1 at 1000, 2 (Catch-all) at 5000',
    because: 'of the two nearest departments the one that matched is not repeated',
  },
  {
    services: [service(1, 13, 9), emergency(2, 5), emergency(3, 6), emergency(4, 7)],
    asked: OLD_RULE,
    expected: '1 at 9000, 2 (Catch-all) at 5000, 3 (Catch-all) at 6000',
    because: 'the match comes first however far away it is',
  },
  {
    services: [emergency(1, 60), emergency(2, 60.001), emergency(3, 59, { status: 'CLOSED' })],
    asked: { distanceKm: 1 },
    expected: '1 (Catch-all) at 60000',
    because: 'departments are looked for within 60 km, whatever was asked',
  },
  {
    services: [emergency(7, 5), emergency(6, -5), emergency(5, 5)],
    expected: '5 (Catch-all) at 5000, 6 (Catch-all) at 5000',
    because: 'of equals the lower uid',
  },
  {
    services: [
      emergency(9, 24, { northing: 432_000 }),
      emergency(8, 32, { northing: 424_000 }),
      emergency(5, 40),
      emergency(6, 0, { northing: 440_000 }),
    ],
    expected: '5 (Catch-all) at 40000, 6 (Catch-all) at 40000',
    because: 'of equals the lower uid, also from the next square of the grid',
  },
  {
    services: [30, 31, -5].map((km, at) => service(at + 1, 13, km, { northing: 1_390_000 })),
    asked: { northing: 1_390_000 },
    expected: '3 at 5000, 1 at 30000',
    because: 'beyond the map nearest is nearest all the same',
  },
  {
    services: [service(1, 6, 1, { odsCode: 'A1' }), service(2, 13, 2)],
    asked: { surgery: 'A1' },
    expected: '2 at 2000',
    because: 'an administrative service is not returned, not even as the home surgery',
  },
  {
    services: [service(1, 100, 1), service(2, 100, 2, { odsCode: 'A1' }), service(3, 100, 3, { odsCode: 'A1' })],
    asked: { surgery: 'A1' },
    expected: '2 (Home) at 2000',
    because: 'the nearest of those that share the surgery’s code is kept',
  },
]

for (const { services, asked, expected, because } of CASES) {
  test(`${expected}: ${because}`, () => {
    const question = { ...QUESTION, ...asked }
    const directory = { services, reference: REFERENCE }
    const told = [ANSWERS.slow(directory, question), ANSWERS.fast(sidesOf(directory), question)].map((answer) =>
      answer.slice(1).join(', ').replaceAll('.000', ''),
    )
    assert.deepEqual(told, [expected, expected])
  })
}
