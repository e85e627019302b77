/** The documented and recorded behaviour of the SOAP web services, vector by vector, through the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  BASE,
  type CaseChange,
  emergencyDepartment,
  faultIn,
  type How,
  itemsIn,
  km,
  REFERENCE,
  type SoapClient,
  serviceLine,
  startSoap,
  summaryIn,
  uidsIn,
} from '#test/support/soap-client.ts'

/** Each variant of S stands in the same directory under a symptom group of its own, so that a search meets it alone. */
const FIRST_GROUP = 2000
const variants: Record<string, object> = {}
const variant = (name: string, given: object): number => {
  variants[name] = given
  return FIRST_GROUP + Object.keys(variants).length - 1
}
const uidOf = (group: number): number => 3000 + group - FIRST_GROUP

const open = (...sessions: readonly (readonly [string, string])[]) => ({
  openAllHours: false,
  weekly: Array.from({ length: 7 }, () => sessions),
})

const FAR = variant('in the corner of the box', km(55, 55))
const OUTSIDE = variant('outside of the box', km(61))
const FROM_FIVE = variant('ages 1826.25-5843', { ages: [[1826.25, 5843]] })
const FROM_TWO = variant('ages from 2 years', { ages: [[730.5, 47_481.5]] })
const NOT_I = variant('genders M and F', { genders: ['M', 'F'] })
const NO_GENDER = variant('no genders', { genders: [] })
const NO_DISPOSITION = variant('not profiled with 1008', { dispositions: [1003] })
const RED = variant('Red', { capacity: { status: 'RED' } })
const RED_NO_MORE = variant('Red until 9:59', { capacity: { status: 'RED', resetAt: '2026-08-05T09:59' } })
const AMBER = variant('Amber', { capacity: { status: 'AMBER' } })
const SUSPENDED = variant('suspended', { status: 'SUSPENDED' })
const LIMITED = variant('limited to ICB-A', { limitedTo: ['ICB-A'] })
const NO_ROLES = variant('no roles', { roles: [] })
const RESTRICTED = variant('restricted to A81001', { restricted: true, referrals: ['A81001'] })
const ELEVEN = variant('open 11:00-17:00', open(['11:00', '17:00']))
const TO_HALF_PAST = variant('closes 10:30', open(['08:00', '10:30']))
const TO_29 = variant('closes 10:29', open(['08:00', '10:29']))
const TWO_SESSIONS = variant('open 10:00-10:20 and 10:45-12:00', open(['10:00', '10:20'], ['10:45', '12:00']))
const AT_31 = variant('opens 10:31', open(['10:31', '17:00']))
const AT_45 = variant('opens 10:45', open(['10:45', '17:00']))
const AT_46 = variant('opens 10:46', open(['10:46', '17:00']))
const CLOSED_TODAY = variant('open all hours, closed today', { specified: { '2026-08-05': [] } })
const HOLIDAY = variant('open all hours, shut on bank holidays', { bankHoliday: [] })
const HOLIDAY_DATE = variant('shut on bank holidays but for one', {
  openAllHours: false,
  weekly: Array.from({ length: 7 }, () => [['08:00', '18:00']]),
  bankHoliday: [],
  specified: { '2026-08-31': [['10:00', '14:00']] },
})
const SOON_15 = variant('opens 10:20, only if open within 15', {
  ...open(['10:20', '23:00']),
  returnIfOpenMinutes: 15,
})
const SOON_30 = variant('opens 10:20, only if open within 30', {
  ...open(['10:20', '23:00']),
  returnIfOpenMinutes: 30,
})
const CHRISTMAS = variant('specified 25-12-2026', {
  specified: { '2026-12-25': [['10:00', '14:00']], '2026-12-26': [] },
})
const NEAR = variant('3.04 miles away', km(4.8924))
const HERE = variant('at the origin', km(0))
const RANKED = variant('type A rank 1 at 30 km', { typeId: 46, ...km(30) })
const HOME = variant('home GP at 9 km', { typeId: 46, odsCode: 'A81001', ...km(9) })
const TOO_MANY = variant('five of type 13, three of type 100', km(1))

const beside = (group: number, offset: number, given: object): Readonly<Record<string, unknown>> =>
  serviceLine(uidOf(group) + offset, { sgsd: { [group]: [4003] }, dispositions: DISPOSITIONS, ...given })

/** Of 360 minutes, and others of 0 to 90. */
const DISPOSITIONS = [1008, 1100, 1130, 1145, 1160, 1190]

const LINES = [
  ...BASE,
  ...Object.values(variants).map((given, index) => beside(FIRST_GROUP + index, 0, given)),
  beside(RANKED, 500, { typeId: 13, ...km(5) }),
  beside(HOME, 600, { typeId: 25, referrals: ['A81001'], restricted: true, ...km(3) }),
  beside(HOME, 700, { typeId: 100, referrals: ['A81001'], ...km(2) }),
  beside(HOME, 800, { typeId: 46, ...km(1) }),
  ...[2, 3, 4, 5].map((east) => beside(TOO_MANY, 800 + east, km(east))),
  ...[6, 7, 8].map((east) => beside(TOO_MANY, 800 + east, { typeId: 100, ...km(east) })),
  // A place of its own: ED 2011 is closed.
  emergencyDepartment(2011, 401, { status: 'CLOSED' }),
  emergencyDepartment(2012, 402),
  emergencyDepartment(2013, 403),
]

const PLACES = {
  // Stored distances, the same distance from S.
  'ZZ2 1AA': [0, 0],
  'ZZ2 1AB': [0, 0],
  'ZZ2 2AA': [0, 0],
  // Areas.
  'ZZ3 1AA': [0, 0],
  'ZZ3 2AA': [0, 0],
  'ZZ3 3AA': [0, 0],
  'ZZ4 1AA': [0, 400],
  'ZZ5 1AA': [250, 0],
} as const

const CATALOGUE = {
  ...REFERENCE,
  pairs: {
    1011: [4003, 4004],
    ...Object.fromEntries(Object.keys(variants).map((_, index) => [FIRST_GROUP + index, [4003]])),
  },
  dispositions: [0, 30, 45, 60, 90, 360].map((timeframe) => ({
    id: timeframe === 360 ? 1008 : 1100 + timeframe,
    timeframe,
  })),
  searchDistances: { 'ZZ2 1AA': 7, 'ZZ2 1': 12, ZZ2: 20 },
  areas: {
    'ICB-A': { kind: 'icb', postcodes: ['ZZ3 1AA', 'ZZ3 3AA'] },
    'ICB-B': { kind: 'icb', postcodes: ['ZZ3 2AA'] },
    'LAD-A': { kind: 'la', postcodes: ['ZZ3 3AA'] },
  },
  rankings: { 'ICB-A': { 13: 2, 46: 1 }, 'LAD-A': { 13: 1, 46: 2 } },
  bankHolidays: ['2026-08-31'],
}

const S = '1001'
const CATCH_ALL = '2001 2002'
const of = (group: number): CaseChange => ({ symptomGroup: group })
const only = (group: number): string => String(uidOf(group))
const IN_SUMMER_HOLIDAY = '2026-08-31T10:00:00'

describe('on the directory of the vectors', () => {
  let client: SoapClient
  before(async () => {
    client = await startSoap(LINES, { reference: CATALOGUE, places: PLACES })
  })
  after(() => client.close())

  const answers: readonly (readonly [
    vector: string,
    change: CaseChange,
    expected: string,
    because: string,
    how?: How,
  ])[] = [
    ['CCS-001', {}, S, 'the one match'],
    ['CCS-022', of(FAR), only(FAR), 'the search area is a square'],
    ['CCS-022', of(OUTSIDE), CATCH_ALL, 'outside of the square'],
    ['CCS-030', { ...of(FROM_FIVE), age: 5 }, only(FROM_FIVE), 'the age is not rounded down'],
    ['CCS-031', { ...of(FROM_TWO), age: 3, ageFormat: 'AgeGroup' }, only(FROM_TWO), 'a group matches by overlap'],
    ['CCS-032', { ...of(FROM_TWO), age: 23, ageFormat: 'Months' }, CATCH_ALL, 'an exact age must lie inside'],
    ['CCS-034', { ...of(NOT_I), gender: null }, CATCH_ALL, 'no gender is I'],
    ['CCS-034', of(NOT_I), only(NOT_I), 'F is among them'],
    ['CCS-034', of(NO_GENDER), CATCH_ALL, 'without genders nothing matches'],
    ['CCS-037', { symptomGroup: null }, CATCH_ALL, 'without a symptom group nothing matches'],
    ['CCS-039', { symptomDiscriminatorList: [4003, 4003, 99_999] }, S, 'doubles and unpaired ones are dropped'],
    ['CCS-041', { symptomDiscriminatorList: [4003, 4004] }, CATCH_ALL, '1.5 wants all of them'],
    ['CCS-043', of(NO_DISPOSITION), CATCH_ALL, 'the disposition must be profiled'],
    ['CCS-044', { ...of(NO_DISPOSITION), disposition: null }, only(NO_DISPOSITION), 'none does not filter'],
    ['CCS-044', { ...of(ELEVEN), disposition: null }, only(ELEVEN), 'without one the window is 60 minutes'],
    ['CCS-049', of(RED), CATCH_ALL, 'Red is not returned'],
    ['CCS-049', of(RED_NO_MORE), only(RED_NO_MORE), 'past its end a capacity is Green'],
    ['CCS-049', of(AMBER), only(AMBER), 'Amber is'],
    ['CCS-076', of(SUSPENDED), CATCH_ALL, 'only Active services are returned'],
    ['CCS-052', { ...of(LIMITED), postcode: 'ZZ3 2AA' }, CATCH_ALL, 'limited to another area'],
    ['CCS-052', { ...of(LIMITED), postcode: 'ZZ3 1AA' }, only(LIMITED), 'limited to this area'],
    ['CCS-052', of(LIMITED), only(LIMITED), 'an unknown area limits nothing'],
    ['1.4', of(NO_ROLES), CATCH_ALL, 'without roles nothing matches'],
    ['1.4', of(RESTRICTED), CATCH_ALL, 'restricted, and the surgery is not known'],
    ['1.4', { ...of(RESTRICTED), surgery: 'A81002' }, CATCH_ALL, 'restricted to another surgery'],
    ['1.4', { ...of(RESTRICTED), surgery: 'a81001' }, only(RESTRICTED), 'restricted to this surgery'],
    ['1.4', {}, CATCH_ALL, 'profiled for another role', { username: 'other-role' }],
    ...(
      [
        ['CCS-053', ELEVEN, 0, true, 'the window ends at 11:00, included'],
        ['CCS-055', TO_HALF_PAST, 0, true, 'the window begins at 10:30, included'],
        ['CCS-056', TO_29, 0, false, 'closes within half an hour'],
        ['CCS-057', TWO_SESSIONS, 0, true, 'through the second session'],
        ['CCS-058', AT_31, 30, false, 'the window is the minute 10:30'],
        ['CCS-059', AT_45, 45, true, 'the window ends at 10:45'],
        ['CCS-059', AT_46, 45, false, 'the window ends at 10:45'],
        ['1.4', AT_46, 60, true, 'the window ends at 11:00'],
        ['1.4', AT_31, 90, false, 'of 90 minutes the last 60 do not count'],
        ['CCS-063', CLOSED_TODAY, 0, false, 'a specified date beats open all hours'],
        ['CCS-067', SOON_15, 360, false, 'not open within 15 minutes'],
        ['CCS-067', SOON_30, 360, true, 'open within 30 minutes'],
      ] as const
    ).map(([vector, group, timeframe, isReturned, because]) => {
      const disposition = timeframe === 360 ? 1008 : 1100 + timeframe
      const change: CaseChange = { ...of(group), disposition }
      return [vector, change, isReturned ? only(group) : CATCH_ALL, because] as const
    }),
    [
      'CCS-065',
      { ...of(HOLIDAY), searchDateTime: IN_SUMMER_HOLIDAY },
      only(HOLIDAY),
      'open all hours beats a bank holiday',
    ],
    [
      'CCS-066',
      { ...of(HOLIDAY_DATE), searchDateTime: IN_SUMMER_HOLIDAY, disposition: 1100 },
      only(HOLIDAY_DATE),
      'a specified date beats everything',
    ],
    ['CCS-084', {}, S, 'without road distances the straight line stays', { username: 'by-road' }],
    ['CCS-074', {}, S, 'no emergency department is added to a match'],
    ['CCS-076', { postcode: 'ZZ4 1AA' }, '2012 2013', 'the closed one is left out'],
    ['CCS-077', of(RANKED), `${uidOf(RANKED)} ${uidOf(RANKED) + 500}`, 'rank before distance'],
    [
      'CCS-079',
      { ...of(RANKED), postcode: 'ZZ3 3AA' },
      `${uidOf(RANKED) + 500} ${uidOf(RANKED)}`,
      'the local authority ranks before the board',
    ],
    ['CCS-079', { ...of(RANKED), postcode: 'ZZ3 1AA' }, `${uidOf(RANKED)} ${uidOf(RANKED) + 500}`, 'the board ranks'],
    [
      'CCS-081',
      { ...of(HOME), surgery: 'A81001' },
      [0, 600, 700, 800].map((offset) => uidOf(HOME) + offset).join(' '),
      'home, restricted, unrestricted, other',
    ],
    [
      'CCS-083',
      of(TOO_MANY),
      [806, 0, 802].map((offset) => uidOf(TOO_MANY) + offset).join(' '),
      'one of type 100, two of type 13',
    ],
  ]
  for (const [vector, change, expected, because, how] of answers) {
    test(`${vector}: ${JSON.stringify(change)} returns ${expected}: ${because}`, async () => {
      assert.equal(uidsIn(await client.ask(change, how)), expected)
    })
  }

  const faults: readonly (readonly [vector: string, change: CaseChange, number: number, says: RegExp, how?: How])[] = [
    ['CCS-005', {}, 302, /^Authentication failed: Please check user credentials/, { password: 'wrong' }],
    ['CCS-006', {}, 302, /^Authentication Failed: .*correct privileges/, { username: 'no-permission' }],
    ['CCS-006', {}, 303, /^Incorrect Privileges: /, { username: 'no-permission', version: '1.3' }],
    ['CCS-008', {}, 107, /^WSDL Validation: Unsupported Webservice version$/, { version: '9.9' }],
    ['CCS-011', { searchDistance: 500 }, 302, /^Authentication failed/, { password: 'wrong' }],
    ['CCS-012', { postcode: 'ZZ9 9ZZ' }, 101, /^Postcode Validation: Postcode not found$/],
    ['CCS-013', { postcode: null }, 101, /^Postcode Validation/],
    ['CCS-024', { age: null }, 114, /Invalid age supplied - mandatory field, only whole numbers allowed$/],
    ['CCS-025', { age: 32, ageFormat: 'Days' }, 115, /where Days format is used are numbers between 0-31$/],
    ['CCS-026', { age: 24, ageFormat: 'Months' }, 116, /Months format is used are whole numbers between 1-23$/],
    ['CCS-026', { age: 0, ageFormat: 'Months' }, 116, /Months/],
    ['1.3', { age: 130 }, 117, /Years format is used are whole numbers between 2-129$/],
    ['CCS-028', { age: 8, ageFormat: 'AgeGroup' }, 118, /AgeGroup is used are: 1, 2, 3, 4$/],
    ['CCS-029', { ageFormat: 'Weeks' }, 119, /supported values Years, Months, Days, AgeGroup$/],
    ['1.7', { ageFormat: 'Weeks' }, 106, /supported values Years, AgeGroup$/, { version: '1.3' }],
    ['1.7', { gender: 'X' }, 106, /Invalid gender supplied - supported values: M, F, I$/],
    ['CCS-036', { symptomGroup: 99_999 }, 120, /^Parameter Validation: SG not found$/],
    ['CCS-038', { symptomDiscriminatorList: [] }, 104, /^Parameter Validation: No valid discriminators passed/],
    ['CCS-038', { symptomDiscriminatorList: null }, 104, /No valid discriminators/],
    ['1.4', { symptomDiscriminatorList: [99_999] }, 104, /No valid discriminators/],
    ['1.4', { symptomDiscriminatorList: ['4003', 'abc'] }, 104, /No valid discriminators/],
    ['CCS-042', { disposition: 999_999 }, 121, /^Parameter Validation: Disposition not found$/],
    ['CCS-068', { searchDateTime: '2027-09-05T10:00:00' }, 109, /searchDateTime \(2027-09-05T10:00:00\) more than 12/],
    ['CCS-070', { searchDateTime: 'not-a-date' }, 108, /^Parameter Validation: Search date and time is invalid$/],
    ['1.7', { searchDateTime: '2026-08-05T09:58:00' }, 110, /\(2026-08-05T09:58:00\) more than 1 minute in the past$/],
    ['1.4', { searchDistance: 500 }, 105, /greater than 0km and less than maximum system distance\.$/],
    ['1.4', { forceSearchDistance: true }, 113, /distance override value is true, a distance value must be provided$/],
    ['1.4', { searchDistance: 500, postcode: 'ZZ9 9ZZ' }, 105, /Search distance/],
    ['1.4', { postcode: 'ZZ9 9ZZ', age: null }, 101, /Postcode/],
    ['1.4', { postcode: 'ZZ5 1AA' }, 102, /^Service Search: No services found$/],
  ]
  for (const [vector, change, number, says, how] of faults) {
    const who = how ? `, ${JSON.stringify(how)}` : ''
    test(`${vector}: ${JSON.stringify(change)}${who} is fault ${number}`, async () => {
      const fault = faultIn(await client.ask(change, how))
      assert.equal(fault.number, String(number))
      assert.match(fault.text, says)
    })
  }

  const distances: readonly (readonly [vector: string, change: CaseChange, expected: string, uids: string])[] = [
    ['CCS-001', {}, '60 National', S],
    ['CCS-014', { postcode: 'ZZ2 1AA', searchDistance: 50 }, '7 Postcode', CATCH_ALL],
    ['CCS-014', { postcode: 'ZZ2 1AB', searchDistance: 50 }, '12 Sector', S],
    ['CCS-016', { postcode: 'ZZ2 2AA', searchDistance: 50 }, '20 District', S],
    ['CCS-018', { postcode: 'ZZ2 1AA', searchDistance: 50, forceSearchDistance: true }, '50 Override', S],
    ['CCS-021', { postcode: 'ZZ2 2AA', searchDistance: 500 }, '20 District', S],
    ['1.4', { searchDistance: 9 }, '9 Web Service', CATCH_ALL],
    ['1.4', { searchDistance: 10 }, '10 Web Service', S],
  ]
  for (const [vector, change, expected, uids] of distances) {
    test(`${vector}: ${JSON.stringify(change)} searches ${expected}`, async () => {
      const answer = await client.ask(change)
      const summary = summaryIn(answer)
      assert.equal(`${summary['ns1:SearchDistance']} ${summary['ns1:SearchDistanceUsedSource']}`, expected)
      assert.equal(uidsIn(answer), uids)
    })
  }

  const fields: readonly (readonly [vector: string, change: CaseChange, field: string, expected: unknown])[] = [
    ['CCS-022', of(FAR), 'distance', '48.3'],
    ['CCS-090', of(NEAR), 'distance', '3.0'],
    ['CCS-090', of(HERE), 'distance', '0.0'],
    ['1.5', {}, 'capacity', 'High'],
    ['1.5', of(AMBER), 'capacity', 'Low'],
    ['CCS-087', {}, 'openTimeSpecifiedSessions', ''],
    ['CCS-087', {}, 'attributes', ''],
    ['CCS-087', {}, 'capacityAttributes', ''],
    [
      'CCS-088',
      of(CHRISTMAS),
      'openTimeSpecifiedSessions',
      { 'ns1:openTimeSpecified': ['25-12-2026-10:00-14:00', '26-12-2026-00:00-00:00'] },
    ],
    ['CCS-081', { ...of(HOME), surgery: 'A81001' }, 'name', `Service ${uidOf(HOME)} (Home)`],
    ['CCS-076', { symptomGroup: null }, 'name', 'ED 2001 (Catch-all)'],
  ]
  for (const [vector, change, field, expected] of fields) {
    test(`${vector}: ${JSON.stringify(change)} gives ${field} ${JSON.stringify(expected)}`, async () => {
      const [first] = itemsIn(await client.ask(change))
      assert.deepEqual(first?.[`ns1:${field}`], expected)
    })
  }

  test('CCS-081: a commissioned out-of-hours service says whose it is', async () => {
    const items = itemsIn(await client.ask({ ...of(HOME), surgery: 'A81001' }))
    assert.equal(items[1]?.['ns1:name'], `Service ${uidOf(HOME) + 600} (Home OOH)`)
  })

  const ages: readonly (readonly [change: CaseChange, expected: string | undefined])[] = [
    [{}, '8035.5'],
    [{ age: 5 }, '1826.25'],
    [{ age: 23, ageFormat: 'Months' }, '700.0625'],
    [{ age: 1, ageFormat: 'AgeGroup' }, undefined],
  ]
  for (const [change, expected] of ages) {
    test(`CCS-001, CCS-030: ${JSON.stringify(change)} is ${expected} days`, async () => {
      assert.equal(summaryIn(await client.ask(change))['ns1:CalculatedAgeInDays'], expected)
    })
  }

  const lax: readonly (readonly [vector: string, change: CaseChange, expected: string, because: string])[] = [
    ['CCS-028', { age: 8, ageFormat: 'AgeGroup' }, S, 'older people are a group of 1.3'],
    ['CCS-036', { symptomGroup: 99_999 }, CATCH_ALL, 'a group that does not exist matches nothing'],
    ['CCS-041', { symptomDiscriminatorList: [4003, 4004] }, S, '1.3 wants any of them'],
    ['CCS-042', { disposition: 999_999 }, S, 'a disposition that does not exist is not asked for'],
    ['1.7', { age: 130 }, S, 'years that cannot be are not asked for'],
    ['1.7', { ageFormat: null }, S, 'without a format the age is not asked for'],
    ['1.7', { age: 7, ageFormat: 'AgeGroup' }, CATCH_ALL, 'a group that does not exist matches nothing'],
  ]
  for (const [vector, change, expected, because] of lax) {
    test(`${vector}: version 1.3 answers ${JSON.stringify(change)} with ${expected}: ${because}`, async () => {
      const items = itemsIn(await client.ask(change, { version: '1.3' }), 'ServiceCareSummaryDestination')
      assert.equal(items.map((item) => item['ns1:id']).join(' '), expected)
    })
  }
})
