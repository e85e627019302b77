import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyDay, london, openingTimes } from '#test/support/hours.ts'
import { holidayCalendar } from './bank-holidays.ts'
import { absoluteMinute, type Capacity, GREEN } from './capacity.ts'
import { type CompiledHours, compileOpeningTimes } from './compiled-hours.ts'
import type { OpeningTimes } from './opening-times.ts'
import {
  type AgeRange,
  type ClinicalProfile,
  COARSE_TESTS,
  FINE_TESTS,
  failedTests,
  firstFailedTest,
  isCommissionedBy,
  isInBox,
  passesTests,
  type TriageQuestion,
  type TriageService,
  type TriageTest,
  takesAge,
  takesPatientsOf,
  usableDiscriminators,
} from './triage.ts'

const holidays = holidayCalendar([])
const hours = (given: Partial<OpeningTimes>): CompiledHours => compileOpeningTimes(openingTimes(given), holidays)
const open = (text: string): CompiledHours => hours({ weekly: everyDay(text) })

const CLINICAL: ClinicalProfile = {
  genders: new Set(['M', 'F', 'I']),
  ages: [[0, 47_481.5]],
  pairs: new Map([[1011, new Set([4003, 4004])]]),
  dispositions: new Set([1008]),
  roles: new Set([23]),
  restricted: false,
  referrals: new Set(),
  limitedTo: null,
  promotedTo: null,
  returnIfOpenMinutes: null,
}

/** A pharmacy 10 km east of the caller that takes everybody at any time. */
const SERVICE: TriageService = {
  uid: 1,
  typeId: 13,
  odsCode: 'FA001',
  isActive: true,
  easting: 410_000,
  northing: 400_000,
  hours: hours({ openAllHours: true }),
  clinical: CLINICAL,
  capacity: GREEN,
}

/** A woman of 22, on a Wednesday at ten. */
const QUESTION: TriageQuestion = {
  origin: { easting: 400_000, northing: 400_000 },
  distanceKm: 60,
  symptomGroup: 1011,
  discriminators: [4003],
  discriminatorRule: 'all',
  disposition: { id: 1008, timeframe: 0 },
  gender: 'F',
  age: [8035.5, 8035.5],
  role: 23,
  surgery: null,
  at: london('2026-08-05T10:00'),
  areas: null,
}

const service = (given: Partial<TriageService>): TriageService => ({ ...SERVICE, ...given })
const profile = (given: Partial<ClinicalProfile>): TriageService => service({ clinical: { ...CLINICAL, ...given } })
const ask = (given: Partial<TriageQuestion>): TriageQuestion => ({ ...QUESTION, ...given })
const busy = (status: Capacity['status'], until?: string): TriageService =>
  service({ capacity: { status, until: until ? absoluteMinute(london(until)) : Number.POSITIVE_INFINITY } })
const pairs = (...discriminators: readonly number[]): TriageService =>
  profile({ pairs: new Map([[1011, new Set(discriminators)]]) })

type Case = readonly [service: TriageService, question: TriageQuestion, failed: TriageTest | null, because: string]

const CASES: readonly Case[] = [
  [SERVICE, QUESTION, null, 'everything fits'],

  [service({ isActive: false }), QUESTION, 'status', 'only Active services are returned'],

  [service({ easting: 460_000 }), QUESTION, null, 'the edge of the box belongs to it'],
  [service({ easting: 460_001 }), QUESTION, 'box', 'it is a metre beyond the eastern edge'],
  [service({ easting: 339_999 }), QUESTION, 'box', 'it is a metre beyond the western edge'],
  [service({ northing: 460_001 }), QUESTION, 'box', 'it is a metre beyond the northern edge'],
  [service({ northing: 339_999 }), QUESTION, 'box', 'it is a metre beyond the southern edge'],
  [service({ easting: 460_000, northing: 460_000 }), QUESTION, null, 'a corner is 85 km away and in the box'],
  [service({ easting: 404_100 }), ask({ distanceKm: 4.1 }), null, 'a distance with a decimal is exact'],
  [service({ easting: 404_101 }), ask({ distanceKm: 4.1 }), 'box', 'a distance with a decimal is exact'],
  [service({ easting: Number.NaN, northing: Number.NaN }), QUESTION, 'box', 'what has no place is nowhere'],

  [SERVICE, ask({ symptomGroup: 1012 }), 'symptom-group', 'it does not carry the group'],
  [SERVICE, ask({ symptomGroup: null, discriminators: [] }), 'symptom-group', 'nothing matches no group'],

  [profile({ genders: new Set(['M', 'F']) }), ask({ gender: 'I' }), 'gender', 'it is not for this gender'],
  [profile({ genders: new Set(['I']) }), ask({ gender: 'I' }), null, 'it is for this gender'],
  [profile({ genders: new Set() }), QUESTION, 'gender', 'no genders match nobody'],

  [profile({ restricted: true, referrals: new Set(['A1']) }), QUESTION, 'surgery', 'no surgery is on no list'],
  [profile({ restricted: true, referrals: new Set(['A1']) }), ask({ surgery: 'B1' }), 'surgery', 'another’s patients'],
  [profile({ restricted: true, referrals: new Set(['A1']) }), ask({ surgery: 'A1' }), null, 'it is on the list'],
  [profile({ restricted: true, referrals: new Set() }), ask({ surgery: 'A1' }), 'surgery', 'the list is empty'],
  [profile({ restricted: false, referrals: new Set(['A1']) }), QUESTION, null, 'an unrestricted service takes all'],

  [busy('AMBER'), QUESTION, null, 'Amber is returned'],
  [busy('RED'), QUESTION, 'capacity', 'Red is not'],
  [busy('RED', '2026-08-05T10:01'), QUESTION, 'capacity', 'it is Red for one more minute'],
  [busy('RED', '2026-08-05T10:00'), QUESTION, null, 'it is Green again from this minute on'],
  [busy('RED', '2026-08-05T09:59'), QUESTION, null, 'it has been Green for a minute'],

  [pairs(4003), ask({ discriminators: [4003, 4004] }), 'discriminators', '1.5 asks for all'],
  [pairs(4003, 4004), ask({ discriminators: [4003, 4004] }), null, 'it carries all'],
  [pairs(4003), ask({ discriminators: [4003, 4004], discriminatorRule: 'any' }), null, '1.3 asks for any'],
  [pairs(4005), ask({ discriminators: [4003, 4004], discriminatorRule: 'any' }), 'discriminators', 'it carries none'],
  [pairs(), QUESTION, 'discriminators', 'it carries the group without discriminators'],
  [
    profile({
      pairs: new Map([
        [1011, new Set([4004])],
        [1012, new Set([4003])],
      ]),
    }),
    QUESTION,
    'discriminators',
    'the discriminator goes with another group',
  ],

  [SERVICE, ask({ disposition: { id: 1009, timeframe: 0 } }), 'disposition', 'it does not take the disposition'],
  [profile({ dispositions: new Set() }), ask({ disposition: null }), null, 'no disposition is not asked for'],

  [SERVICE, ask({ role: 1 }), 'role', 'it is not shown to this role'],
  [profile({ roles: new Set() }), QUESTION, 'role', 'no roles match nobody'],

  [profile({ ages: [[8035.5, 9000]] }), QUESTION, null, 'the youngest age is taken'],
  [profile({ ages: [[0, 8035.5]] }), QUESTION, null, 'the oldest age is taken'],
  [profile({ ages: [[0, 8035.25]] }), QUESTION, 'age', 'it is a quarter of a day too old'],
  [profile({ ages: [] }), QUESTION, 'age', 'no ages match nobody'],
  [profile({ ages: [] }), ask({ age: null }), null, 'no age is not asked for'],

  [service({ hours: open('10:30-11:00') }), ask({ disposition: null }), null, 'without a disposition within the hour'],
  [service({ hours: open('11:00-12:00') }), QUESTION, null, 'it opens at the last minute of the window'],
  [service({ hours: open('11:01-12:00') }), QUESTION, 'session', 'it opens after the window'],
  [service({ hours: open('09:00-10:30') }), QUESTION, null, 'it shuts when the window starts'],
  [service({ hours: open('09:00-10:29') }), QUESTION, 'session', 'it shuts within half an hour'],
  [
    service({ hours: open('11:01-12:00') }),
    ask({ disposition: { id: 1008, timeframe: 360 } }),
    null,
    'there are five hours to get there',
  ],
  [
    service({ hours: open('11:01-12:00') }),
    ask({ disposition: { id: 1008, timeframe: null } }),
    'session',
    'a disposition without a timeframe is at once',
  ],
]

for (const [given, question, failed, because] of CASES) {
  test(`${failed ? `a service fails ${failed}` : 'a service matches'}: ${because}`, () => {
    assert.equal(firstFailedTest(given, question), failed)
    assert.equal(passesTests(given, question), failed === null)
  })
}

/** With six hours to get there, so that the session window is not what decides. */
const LATER = ask({ disposition: { id: 1008, timeframe: 360 } })

const RETURN_IF_OPEN: readonly (readonly [text: string, minutes: number | null, matches: boolean, because: string])[] =
  [
    ['10:20-17:00', null, true, 'it is returned whenever the window says so'],
    ['10:20-17:00', 15, false, 'it does not open within 15 minutes'],
    ['10:20-17:00', 30, true, 'it opens within 30 minutes'],
    ['10:15-17:00', 15, true, 'it opens after exactly 15 minutes'],
    ['10:16-17:00', 15, false, 'it opens after 16 minutes'],
    ['10:30-17:00', 30, true, 'it opens after exactly 30 minutes'],
    ['10:31-17:00', 30, false, 'it opens after 31 minutes'],
    ['09:00-10:00,14:00-17:00', 15, true, 'it shuts this minute, which counts as open'],
    ['09:00-09:59,14:00-17:00', 15, false, 'it has shut and opens too late'],
  ]
for (const [text, returnIfOpenMinutes, matches, because] of RETURN_IF_OPEN) {
  const name = `open ${text}, returned if open within ${returnIfOpenMinutes ?? 'any'} minutes`
  test(`${name}, ${matches ? 'matches' : 'does not match'}: ${because}`, () => {
    const given = service({ hours: open(text), clinical: { ...CLINICAL, returnIfOpenMinutes } })
    assert.equal(firstFailedTest(given, LATER), matches ? null : 'return-if-open')
  })
}

const LIMITS: readonly (readonly [
  limitedTo: readonly string[] | null,
  areas: readonly string[] | null,
  matches: boolean,
  because: string,
])[] = [
  [null, ['LA1', 'ICB1'], true, 'it is not limited'],
  [['ICB1'], ['LA1', 'ICB1'], true, 'the ICB is one of its areas'],
  [['LDA1', 'LA1'], ['LA1', 'ICB1'], true, 'the local authority is one of its areas'],
  [['LDA1'], ['LA1', 'ICB1', 'LDA1'], true, 'so is a local area'],
  [['ICB2'], ['LA1', 'ICB1'], false, 'the caller is elsewhere'],
  [['ICB2'], null, true, 'an unknown area switches limits off'],
]
for (const [limitedTo, areas, matches, because] of LIMITS) {
  test(`limited to ${limitedTo ?? 'nothing'} and asked from ${areas ?? 'nowhere'}: ${because}`, () => {
    const given = profile({ limitedTo: limitedTo && new Set(limitedTo) })
    assert.equal(firstFailedTest(given, ask({ areas })), matches ? null : 'area')
  })
}

test('being promoted elsewhere fails no test', () => {
  assert.equal(firstFailedTest(profile({ promotedTo: new Set(['ICB2']) }), ask({ areas: ['ICB1'] })), null)
})

/** Fails everything at once: what is first is told. */
const HOPELESS = service({
  isActive: false,
  easting: 500_000,
  hours: hours({}),
  capacity: { status: 'RED', until: Number.POSITIVE_INFINITY },
  clinical: {
    genders: new Set(),
    ages: [],
    pairs: new Map(),
    dispositions: new Set(),
    roles: new Set(),
    restricted: true,
    referrals: new Set(),
    limitedTo: new Set(['ICB2']),
    promotedTo: null,
    returnIfOpenMinutes: 15,
  },
})
const HERE = ask({ areas: ['ICB1'] })

test('tests are told in the order of the pipelines', () => {
  const { clinical } = HOPELESS
  const steps: readonly Partial<TriageService>[] = [
    {},
    { isActive: true },
    { easting: 410_000 },
    { clinical: { ...clinical, pairs: new Map([[1011, new Set()]]) } },
    { clinical: { ...clinical, pairs: new Map([[1011, new Set()]]), genders: new Set(['F']) } },
  ]
  let given = HOPELESS
  const told = steps.map((step) => {
    given = { ...given, ...step }
    return firstFailedTest(given, HERE)
  })
  assert.deepEqual(told, COARSE_TESTS)
})

test('of the second pipeline all failed tests are told, in their order', () => {
  const clinical = { ...HOPELESS.clinical, pairs: new Map([[1011, new Set<number>()]]), genders: new Set(['F']) }
  const given = { ...HOPELESS, isActive: true, easting: 410_000, clinical: { ...clinical, restricted: false } }
  assert.deepEqual(failedTests(given, HERE), { coarse: null, fine: FINE_TESTS })
})

test('of a loser of the first pipeline no record is kept', () => {
  assert.deepEqual(failedTests(HOPELESS, HERE), { coarse: 'status', fine: [] })
})

test('a gap fails one test alone', () => {
  assert.deepEqual(failedTests(busy('RED'), QUESTION), { coarse: null, fine: ['capacity'] })
})

test('a match fails none', () => {
  assert.deepEqual(failedTests(SERVICE, QUESTION), { coarse: null, fine: [] })
})

test('some of the tests can be asked alone', () => {
  const red = service({ easting: 500_000, capacity: { status: 'RED', until: Number.POSITIVE_INFINITY } })
  assert.equal(passesTests(red, QUESTION, ['role', 'age']), true)
  assert.equal(passesTests(red, QUESTION, ['role', 'capacity']), false)
  assert.equal(passesTests(red, QUESTION, ['box']), false)
})

test('the search box is a square, edges included, and exact for distances with a decimal', () => {
  for (const distanceKm of [1, 4.1, 8.3, 16.1, 32.3, 60, 99.9]) {
    const metres = Math.round(distanceKm * 1000)
    for (const [east, north, inside] of [
      [metres, metres, true],
      [-metres, -metres, true],
      [metres + 1, 0, false],
      [-metres - 1, 0, false],
      [0, metres + 1, false],
      [0, -metres - 1, false],
    ] as const) {
      const place = { easting: 400_000 + east, northing: 400_000 + north }
      assert.equal(
        isInBox(place, { origin: QUESTION.origin, distanceKm }),
        inside,
        `${distanceKm} km: ${east}, ${north}`,
      )
    }
  }
})

const DISCRIMINATORS: readonly (readonly [
  given: readonly number[],
  paired: readonly number[] | undefined,
  usable: readonly number[],
  because: string,
])[] = [
  [[4003], [4003, 4004], [4003], 'it goes with the group'],
  [[4003, 4003, 9999], [4003], [4003], 'duplicates and what does not go with the group do not count'],
  [[4004, 4003], [4003, 4004], [4004, 4003], 'their order is kept'],
  [[9999], [4003], [], 'none is left'],
  [[], [4003], [], 'none was given'],
  [[4003], undefined, [], 'there is no such group'],
]
for (const [given, paired, usable, because] of DISCRIMINATORS) {
  test(`of discriminators ${JSON.stringify(given)} usable are ${JSON.stringify(usable)}: ${because}`, () => {
    assert.deepEqual(usableDiscriminators(given, paired && new Set(paired)), usable)
  })
}

const AGES: readonly (readonly [ages: readonly AgeRange[], asked: AgeRange, taken: boolean, because: string])[] = [
  [[[1826.25, 5843]], [1826.25, 1826.25], true, 'five years are the first day of the band'],
  [[[365.25, 1825.25]], [1826.25, 1826.25], false, 'five years are beyond the band before'],
  [[[365.25, 1825.25]], [1825.25, 1825.25], true, 'the last quarter of a day belongs to the band'],
  [
    [
      [365.25, 1825.25],
      [1826.25, 5843],
    ],
    [1826, 1826],
    false,
    'a rounded age falls between the bands',
  ],
  [[[730.5, 47_481.5]], [365.25, 1825.25], true, 'a group is taken when it overlaps'],
  [[[1825.25, 47_481.5]], [365.25, 1825.25], true, 'touching is overlapping'],
  [[[1825.5, 47_481.5]], [365.25, 1825.25], false, 'the group ends before'],
  [[[0, 365]], [365.25, 1825.25], false, 'the group begins after'],
  [[[800, 900]], [365.25, 1825.25], true, 'the range lies inside the group'],
  [[], [0, 47_481.5], false, 'no ages match nobody'],
]
for (const [ages, asked, taken, because] of AGES) {
  test(`ages ${JSON.stringify(ages)} ${taken ? 'take' : 'do not take'} ${asked.join(' to ')} days: ${because}`, () => {
    assert.equal(takesAge(ages, asked), taken)
  })
}

test('a surgery commissions a service that lists it, and a restricted service takes no other’s patients', () => {
  const listed = { referrals: new Set(['A1']) }
  assert.deepEqual(
    (['A1', 'B1', null] as const).map((surgery) => [
      isCommissionedBy(listed, surgery),
      takesPatientsOf({ ...listed, restricted: true }, surgery),
      takesPatientsOf({ ...listed, restricted: false }, surgery),
    ]),
    [
      [true, true, true],
      [false, false, true],
      [false, false, true],
    ],
  )
})

const edges: readonly (readonly [km: number, metres: number, inside: boolean, because: string])[] = [
  [32.3, 32_300, true, 'a computer takes 32.3 times a thousand for a little less'],
  [32.3, 32_300.01, false, 'a centimetre further is outside'],
  [32.3 / 7, 32_300 / 7, true, 'parts of a box that touch leave nothing between them'],
  [24.14016, 24_140.16, true, 'fifteen miles end where they end, not at the whole metre'],
]
for (const [distanceKm, easting, inside, because] of edges) {
  test(`${easting} m is ${inside ? 'in' : 'outside'} a box of ${distanceKm} km: ${because}`, () => {
    const origin = { easting: 0, northing: 0 }
    assert.equal(isInBox({ easting, northing: 0 }, { origin, distanceKm }), inside)
  })
}
