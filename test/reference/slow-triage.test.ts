/** The judge judged: the reference search against answers that were worked out by hand, with the number of their case. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isOpenSometime,
  minuteOf,
  type SlowQuestion,
  type SlowReference,
  type SlowService,
  type SlowSession,
  slowSearch,
  slowVerdicts,
  slowWindow,
} from './slow-triage.ts'

/** A Wednesday at ten. */
const TIME = '2026-08-05T10:00'
const DAY = TIME.slice(0, 10)

const REFERENCE: SlowReference = {
  types: [
    { id: 13, rank: 2, limit: 2 },
    { id: 25, rank: 3, limit: 2 },
    { id: 46, rank: 1, limit: 2 },
    { id: 100, rank: 3, limit: 1 },
    { id: 105, rank: 8, limit: 2 },
  ],
  pairs: { 1011: [4003, 4004] },
  dispositions: [0, 30, 45, 60, 61, 89, 90, 360].map((timeframe) => ({ id: 2000 + timeframe, timeframe })),
  catchAllTypes: [40, 105],
  catchAllKm: 60,
  bankHolidays: [],
}

const closedWeek: readonly (readonly SlowSession[])[] = [[], [], [], [], [], [], []]

const S: SlowService = {
  uid: 1,
  typeId: 13,
  odsCode: 'FA001',
  status: 'ACTIVE',
  easting: 410_000,
  northing: 400_000,
  openAllHours: true,
  weekly: closedWeek,
  bankHoliday: [],
  specified: {},
  capacity: { status: 'GREEN' },
  genders: ['M', 'F', 'I'],
  ages: [[0, 47_481.5]],
  sgsd: { 1011: [4003] },
  dispositions: REFERENCE.dispositions.map(({ id }) => id),
  roles: [1],
  restricted: false,
  referrals: [],
}

const s = (change: Partial<SlowService> = {}): SlowService => ({ ...S, ...change })
const open = (...sessions: readonly SlowSession[]): Partial<SlowService> => ({
  openAllHours: false,
  weekly: [[], [], sessions, [], [], [], []],
})
const emergency = (uid: number, km: number, change: Partial<SlowService> = {}): SlowService =>
  s({ uid, typeId: 105, easting: 400_000 + km * 1000, sgsd: {}, ...change })
const E1 = emergency(101, 10)
const E2 = emergency(102, 20)
const E3 = emergency(103, 30)

const BASE: SlowQuestion = {
  easting: 400_000,
  northing: 400_000,
  distanceKm: 60,
  ageDays: [8035.5, 8035.5],
  gender: 'F',
  sg: 1011,
  sds: [4003],
  disposition: 2360,
  role: 1,
  surgery: null,
  time: TIME,
  areas: null,
}

const dx = (timeframe: number) => ({ disposition: 2000 + timeframe })
const years = (count: number): Partial<SlowQuestion> => ({ ageDays: [count * 365.25, count * 365.25] })
const inIcb = (icb: string): Partial<SlowQuestion> => ({ areas: { localAuthority: null, icb, local: [] } })

type Case = {
  readonly id: string
  readonly services: readonly SlowService[]
  readonly asked?: Partial<SlowQuestion>
  readonly reference?: Partial<SlowReference>
  /** Uids in order, with their labels. */
  readonly expected: string
  readonly because: string
}

const FOUND = '1'
const NOT_FOUND = '101 (Catch-all), 102 (Catch-all)'
/** The service of the fixture among its three emergency departments. */
const among = (change: Partial<SlowService>): readonly SlowService[] => [s(change), E1, E2, E3]

const rankOne = (uid: number, km: number, change: Partial<SlowService> = {}) =>
  s({ uid, typeId: 46, odsCode: `R${uid}`, easting: 400_000 + km * 1000, ...change })
const inRow = (typeId: number, firstUid: number, count: number) =>
  Array.from({ length: count }, (_, at) => s({ uid: firstUid + at, typeId, easting: 400_500 + at * 500 }))

const CASES: readonly Case[] = [
  {
    id: 'CCS-022',
    services: among({ easting: 455_000, northing: 455_000 }),
    expected: FOUND,
    because: 'the search area is a square, whose corner is about 85 km away',
  },
  {
    id: 'CCS-030',
    services: among({ ages: [[1826.25, 5843]] }),
    asked: years(5),
    expected: FOUND,
    because: 'an age in days keeps its quarter of a day',
  },
  {
    id: 'CCS-031',
    services: among({ ages: [[730.5, 47_481.5]] }),
    asked: { ageDays: [365.25, 1825.25] },
    expected: FOUND,
    because: 'an age group matches on overlap',
  },
  {
    id: 'CCS-032',
    services: among({ ages: [[730.5, 47_481.5]] }),
    asked: { ageDays: [23 * 30.4375, 23 * 30.4375] },
    expected: NOT_FOUND,
    because: 'an exact age must lie inside a range',
  },
  {
    id: 'CCS-034',
    services: among({ genders: ['M', 'F'] }),
    asked: { gender: 'I' },
    expected: NOT_FOUND,
    because: 'the service does not take this gender',
  },
  { id: 'CCS-037', services: among({}), asked: { sg: null }, expected: NOT_FOUND, because: 'nothing carries no group' },
  {
    id: 'CCS-038',
    services: among({}),
    asked: { sds: [] },
    expected: 'fault 104',
    because: 'a discriminator must be given',
  },
  {
    id: 'CCS-039',
    services: among({}),
    asked: { sds: [4003, 4003, 99_999] },
    expected: FOUND,
    because: 'duplicates and those not paired with the group do not count',
  },
  {
    id: 'CCS-041',
    services: among({}),
    asked: { sds: [4003, 4004] },
    expected: NOT_FOUND,
    because: '1.5 asks for all discriminators',
  },
  {
    id: 'CCS-041 in 1.3',
    services: among({}),
    asked: { sds: [4003, 4004], discriminatorRule: 'any' },
    expected: FOUND,
    because: '1.3 asks for any',
  },
  { id: 'CCS-043', services: among({ dispositions: [1] }), expected: NOT_FOUND, because: 'it lacks the disposition' },
  {
    id: 'CCS-044',
    services: among({ dispositions: [], ...open(['11:00', '12:00']) }),
    asked: { disposition: null },
    expected: FOUND,
    because: 'no disposition is no filter, and its window lasts 60 minutes',
  },
  { id: 'CCS-049', services: among({ capacity: { status: 'RED' } }), expected: NOT_FOUND, because: 'it is Red' },
  ...(
    [
      ['ICB-B', NOT_FOUND],
      ['ICB-A', FOUND],
    ] as const
  ).map(([icb, expected]) => ({
    id: `CCS-052 in ${icb}`,
    services: among({ limitedTo: ['ICB-A'] }),
    asked: inIcb(icb),
    expected,
    because: 'a limited service is for its own area',
  })),
  {
    id: 'CCS-052 nowhere',
    services: among({ limitedTo: ['ICB-A'] }),
    expected: FOUND,
    because: 'an unknown area switches limits off',
  },
  ...(
    [
      ['CCS-053', 0, [['11:00', '17:00']], FOUND, 'the window ends at 11:00, which belongs to it'],
      ['CCS-053, later', 0, [['11:01', '17:00']], NOT_FOUND, 'the window ends at 11:00'],
      ['CCS-055', 0, [['09:00', '10:30']], FOUND, 'the window starts at 10:30, when it shuts'],
      ['CCS-056', 0, [['09:00', '10:29']], NOT_FOUND, 'it shuts within half an hour'],
      [
        'CCS-057',
        0,
        [
          ['10:00', '10:20'],
          ['10:45', '12:00'],
        ],
        FOUND,
        'its second session is in the window',
      ],
      ['CCS-058', 30, [['10:31', '17:00']], NOT_FOUND, 'the window is the minute 10:30'],
      ['CCS-059', 45, [['10:45', '17:00']], FOUND, 'from 31 minutes on the whole timeframe counts'],
      ['CCS-059, later', 45, [['10:46', '17:00']], NOT_FOUND, 'from 31 minutes on the whole timeframe counts'],
    ] as const
  ).map(([id, timeframe, sessions, expected, because]) => ({
    id,
    services: among(open(...sessions)),
    asked: dx(timeframe),
    expected,
    because,
  })),
  {
    id: 'CCS-063',
    services: among({ specified: { [DAY]: [] } }),
    asked: dx(0),
    expected: NOT_FOUND,
    because: 'a specified date beats open all hours',
  },
  {
    id: 'CCS-065',
    services: among({}),
    reference: { bankHolidays: [DAY] },
    expected: FOUND,
    because: 'open all hours beats the bank holiday',
  },
  {
    id: 'CCS-066',
    services: among({ openAllHours: false, specified: { [DAY]: [['10:00', '14:00']] } }),
    asked: dx(0),
    reference: { bankHolidays: [DAY] },
    expected: FOUND,
    because: 'a specified date beats everything',
  },
  {
    id: 'a bank holiday',
    services: among(open(['09:00', '17:00'])),
    reference: { bankHolidays: [DAY] },
    asked: dx(0),
    expected: NOT_FOUND,
    because: 'the bank holiday beats the week',
  },
  {
    id: 'CCS-067 with 15',
    services: among({ ...open(['10:20', '17:00']), returnIfOpenMinutes: 15 }),
    expected: NOT_FOUND,
    because: 'it does not open within 15 minutes',
  },
  {
    id: 'CCS-067 with 30',
    services: among({ ...open(['10:20', '17:00']), returnIfOpenMinutes: 30 }),
    expected: FOUND,
    because: 'it opens within 30 minutes',
  },
  { id: 'CCS-074', services: among({}), expected: FOUND, because: '1.5 adds nothing to one match' },
  {
    id: 'CCS-075',
    services: among({}),
    asked: { legacyCatchAll: true },
    expected: `${FOUND}, ${NOT_FOUND}`,
    because: 'the old rule adds the two nearest departments to one match',
  },
  {
    id: 'CCS-075 without duplicates',
    services: [emergency(101, 10, { sgsd: S.sgsd }), E2, E3],
    asked: { legacyCatchAll: true },
    expected: '101, 102 (Catch-all)',
    because: 'the match is one of the two nearest, and is not repeated',
  },
  {
    id: 'CCS-076',
    services: [emergency(101, 10, { status: 'CLOSED' }), E2, E3],
    expected: '102 (Catch-all), 103 (Catch-all)',
    because: 'a catch-all service must be Active',
  },
  {
    id: 'CCS-076, busy and beyond the asked distance',
    services: [emergency(101, 10, { capacity: { status: 'RED' } }), emergency(102, 60), emergency(103, 60.001)],
    asked: { distanceKm: 5 },
    expected: NOT_FOUND,
    because: 'capacity and the asked distance do not count, 60 km does',
  },
  {
    id: 'CCS-077',
    services: [s({ uid: 1, typeId: 46, easting: 430_000 }), s({ uid: 2, typeId: 13, easting: 405_000 })],
    expected: '1, 2',
    because: 'rank beats distance',
  },
  {
    id: 'CCS-079',
    services: [s({ uid: 1, typeId: 46 }), s({ uid: 2, typeId: 13 })],
    asked: { areas: { localAuthority: 'LA', icb: 'ICB', local: [] } },
    reference: { rankings: { LA: { 13: 1, 46: 2 }, ICB: { 13: 2, 46: 1 } } },
    expected: '2, 1',
    because: 'the local authority ranks before the ICB',
  },
  {
    id: 'CCS-081',
    services: [
      rankOne(11, 1),
      rankOne(12, 2, { typeId: 13, referrals: ['HOME1'] }),
      rankOne(13, 3, { typeId: 25, referrals: ['HOME1'], restricted: true }),
      rankOne(14, 9, { typeId: 100, odsCode: 'HOME1' }),
    ],
    asked: { surgery: ' home1 ' },
    reference: { types: [13, 25, 46, 100].map((id) => ({ id, rank: 1, limit: 2 })) },
    expected: '14 (Home), 13 (Home OOH), 12, 11',
    because: 'home surgery, commissioned restricted, commissioned unrestricted, others',
  },
  {
    id: 'promoted elsewhere',
    services: [rankOne(11, 1, { promotedTo: ['ICB-A'] }), s({ uid: 2 }), rankOne(13, 2, { promotedTo: ['ICB-B'] })],
    asked: inIcb('ICB-B'),
    expected: '13, 2, 11',
    because: 'what is promoted to another area sinks below the rest',
  },
  {
    id: 'CCS-083',
    services: [...inRow(13, 20, 5), ...inRow(100, 30, 3)],
    expected: '20, 21, 30',
    because: 'two of a type are kept, of surgeries one',
  },
]

for (const { id, services, asked, reference, expected, because } of CASES) {
  test(`${id}: ${because}`, () => {
    const { fault, returned } = slowSearch(services, { ...REFERENCE, ...reference }, { ...BASE, ...asked })
    const shown = returned.map(({ uid, label }) => (label === null ? `${uid}` : `${uid} (${label})`)).join(', ')
    assert.equal(fault === null ? shown : `fault ${fault}`, expected)
  })
}

test('a gap names the one test that failed', () => {
  const verdicts = slowVerdicts(among({ capacity: { status: 'RED' } }), REFERENCE, BASE)
  assert.deepEqual(verdicts[0], { uid: 1, metres: 10_000, failed: 'capacity', fine: ['capacity'] })
})

test('CCS-086: of 140 matches of a type 100 are asked about by road, the home surgery among them', () => {
  const others = inRow(13, 200, 140)
  const services = others.map((service, at) => (at === 119 ? { ...service, odsCode: 'HOME1' } : service))
  const metres = new Map(services.map(({ uid }) => [uid, 1000 + (400 - uid)]))
  const { returned } = slowSearch(
    services,
    REFERENCE,
    { ...BASE, distanceKm: 99, surgery: 'HOME1' },
    { metres, perType: 100 },
  )
  assert.deepEqual(
    returned.map(({ uid, label }) => [uid, label]),
    [
      [319, 'Home'],
      // The 99 nearest go up to 298: by road that is the nearest of them.
      [298, null],
    ],
  )
})

const WINDOWS: readonly (readonly [timeframe: number | null, from: number, to: number])[] = [
  [null, 30, 60],
  [0, 30, 60],
  [1, 30, 30],
  [30, 30, 30],
  [31, 30, 31],
  [60, 30, 60],
  [61, 30, 30],
  [89, 30, 30],
  [90, 30, 30],
  [91, 30, 31],
  [4320, 30, 4260],
]
for (const [timeframe, from, to] of WINDOWS) {
  test(`the window of ${timeframe ?? 'no'} minutes is from ${from} to ${to}`, () => {
    assert.deepEqual(slowWindow(0, timeframe), [from, to])
  })
}

test('looking at sessions and looking at every minute agree', () => {
  const night: Partial<SlowService> = {
    openAllHours: false,
    weekly: Array.from({ length: 7 }, (): readonly SlowSession[] => [
      ['00:00', '02:00'],
      ['09:00', '13:00'],
      ['22:00', '23:59'],
    ]),
    specified: { '2026-08-06': [], '2026-08-07': [['12:00', '24:00']] },
  }
  const service = s(night)
  const start = minuteOf('2026-08-04T00:00')
  const isOpen = (minute: number) => isOpenSometime(service, REFERENCE, minute, minute)
  const openMinutes = Array.from({ length: 6 * 1440 }, (_, at) => isOpen(start + at))
  for (let from = 0; from < 5 * 1440; from += 7) {
    const to = from + (from % 1400)
    assert.equal(
      isOpenSometime(service, REFERENCE, start + from, start + to),
      openMinutes.slice(from, to + 1).includes(true),
      `${from} to ${to}`,
    )
  }
})
