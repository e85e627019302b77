import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseServiceLine, writeServiceLine } from './service-lines.ts'

const DAY = [['09:00', '17:30']]
const WEEK = [DAY, DAY, DAY, DAY, DAY, [], []]

const SERVICE = {
  uid: 2000000001,
  name: 'Pharmacy - Leeds (Hill)',
  publicName: null,
  typeId: 13,
  odsCode: 'FA002',
  status: 'ACTIVE',
  address: ['1 High Street', 'Leeds'],
  postcode: 'ZZ1 1AA',
  easting: 429067,
  northing: 433934,
  latitude: 53.8,
  longitude: -1.55,
  phone: '0113 496 0001',
  nonPublicPhone: '0113 496 0002',
  email: 'hill@example.nhs.uk',
  web: null,
  publicInformation: 'Ring the bell.',
  referralInformation: 'Referral Information: none.',
  openAllHours: false,
  weekly: WEEK,
  bankHoliday: [],
  specified: { '2026-12-25': [] },
  capacity: { status: 'AMBER', resetAt: '2026-12-11T18:00' },
  genders: ['M', 'F', 'I'],
  ages: [[0, 364.25]],
  sgsd: { '1004': [4027] },
  dispositions: [1003],
  roles: [1, 23],
  restricted: false,
  referrals: [],
  endpoints: [
    { order: 1, transport: 'itk', format: 'CDA', interaction: 'x', scenario: 'Primary', address: 'https://x.example' },
  ],
}

const isType = (typeId: number): boolean => typeId === 13 || typeId === 131

function readObject(given: object) {
  return parseServiceLine(JSON.stringify(given), isType)
}

const lossless: [change: object, because: string][] = [
  [{}, 'everything as it is'],
  [
    { email: undefined, web: undefined, publicName: undefined, odsCode: null },
    'what is absent stays absent, what is null stays null',
  ],
  [{ latitude: undefined, longitude: undefined }, 'a computed pair is not given out as if it had been given'],
  [{ easting: null, northing: null }, 'nor where it was null'],
  [{ easting: undefined, northing: undefined, latitude: undefined, longitude: undefined }, 'no position at all'],
  [
    {
      weekly: [
        [
          ['14:00', '17:00'],
          ['09:00', '13:00'],
          ['13:00', '13:30'],
        ],
        [],
        [],
        [],
        [],
        [],
        [],
      ],
    },
    'touching sessions in any order',
  ],
  [{ odsCode: 'fa002x' }, 'a code in small letters'],
  [{ bankHoliday: null, specified: undefined, openAllHours: undefined }, 'hours that nobody stated'],
  [{ weekly: undefined, openAllHours: true }, 'open all hours without a week'],
  [
    { somethingNew: { a: [1, null] }, limitedTo: ['QOP'], returnIfOpenMinutes: 15, parentUid: 7 },
    'optional and unknown keys',
  ],
  [{ roles: [{ id: 1, name: 'User' }], attributes: [{ name: 'a', dataType: 'text', value: 1 }] }, 'richer forms'],
  [{ phone: '' }, 'an empty text'],
]
for (const [change, because] of lossless) {
  test(`gives back what it was given: ${because}`, () => {
    const given = JSON.parse(JSON.stringify({ ...SERVICE, ...change })) as object
    const reading = readObject(given)
    assert.ok(reading.ok, JSON.stringify(reading))
    assert.deepEqual(JSON.parse(JSON.stringify(writeServiceLine(reading.record))), given)
  })
}

test('the end of a day is midnight, however it was written, and 24:00 is given back as 23:59', () => {
  const reading = readObject({
    ...SERVICE,
    bankHoliday: [['20:00', '24:00']],
    specified: { '2026-12-24': [['00:00', '23:59']] },
  })
  assert.ok(reading.ok)
  assert.deepEqual(reading.record.hours.bankHoliday, [{ opens: 1200, closes: 1440 }])
  assert.deepEqual(reading.record.hours.specified['2026-12-24'], [{ opens: 0, closes: 1440 }])
  assert.deepEqual(writeServiceLine(reading.record)['bankHoliday'], [['20:00', '23:59']])
})

test('a value that was changed since is given out as it is now', () => {
  const reading = readObject({
    ...SERVICE,
    email: undefined,
    latitude: undefined,
    longitude: undefined,
    odsCode: 'fa002',
  })
  assert.ok(reading.ok)
  const moved = { ...reading.record, email: 'new@example.nhs.uk', latitude: 53.9, longitude: -1.5, odsCode: 'FA003' }
  const { email, latitude, odsCode } = writeServiceLine(moved)
  assert.deepEqual([email, latitude, odsCode], ['new@example.nhs.uk', 53.9, 'FA003'])
})

test('computes the pair that is missing', () => {
  const reading = readObject({ ...SERVICE, latitude: undefined, longitude: null })
  assert.ok(reading.ok)
  assert.ok(Math.abs((reading.record.latitude ?? 0) - 53.8) < 0.01)
})

test('names the keys it does not know', () => {
  const reading = readObject({ ...SERVICE, colour: 'green', limitedTo: [] })
  assert.deepEqual(reading.ok && reading.unknownKeys, ['colour'])
})

const refusals: [change: object, reason: RegExp][] = [
  [{ uid: undefined }, /uid is missing/],
  [{ uid: '1' }, /uid must be a whole number from 1 to/],
  [{ name: ' ' }, /name must be text of 1 to 255 characters/],
  [{ name: 'x'.repeat(256) }, /name must be/],
  [{ publicName: 'x'.repeat(76) }, /publicName must be text of up to 75/],
  [{ typeId: 999 }, /typeId 999 is not a type/],
  [{ odsCode: 'ABCDEFGHIJKLM' }, /odsCode must be up to 12/],
  [{ status: 'active' }, /status must be one of ACTIVE/],
  [{ address: 'Leeds' }, /address must be a list of lines/],
  [{ easting: null }, /easting and northing must be given together/],
  [{ latitude: 530 }, /latitude must be degrees/],
  [{ phone: 1134960001 }, /phone must be text or null/],
  [{ openAllHours: 'no' }, /openAllHours must be true or false/],
  [{ weekly: WEEK.slice(1) }, /weekly must have seven days/],
  [{ weekly: [[['22:00', '02:00']], [], [], [], [], [], []] }, /weekly day 1 has .*runs past midnight/],
  [{ weekly: [[['20:00', '00:00']], [], [], [], [], [], []] }, /runs past midnight/],
  [{ weekly: [[['09:00', '25:00']], [], [], [], [], [], []] }, /not two times/],
  [{ weekly: [[['9:00', '17:00']], [], [], [], [], [], []] }, /not two times/],
  [{ weekly: [[['09:00', '09:00']], [], [], [], [], [], []] }, /opens and closes at the same time/],
  [
    {
      weekly: [
        [
          ['09:00', '13:00'],
          ['12:00', '17:00'],
        ],
        [],
        [],
        [],
        [],
        [],
        [],
      ],
    },
    /overlap/,
  ],
  [{ bankHoliday: 'closed' }, /bankHoliday must be a list of sessions/],
  [{ specified: { '2026-02-29': [] } }, /“2026-02-29”, which is not a date/],
  [{ specified: { '2026-12-25': null } }, /2026-12-25 must be a list/],
  [{ capacity: { status: 'PURPLE' } }, /capacity must have a status of GREEN, AMBER or RED/],
  [{ capacity: { status: 'RED', resetAt: '2026-03-29T01:30' } }, /resetAt like/],
  [{ genders: ['X'] }, /genders must be a list of M, F and I/],
  [{ ages: [[10, 5]] }, /ages must be a list of/],
  [{ sgsd: { a: [1] } }, /sgsd must be/],
  [{ dispositions: ['1003'] }, /dispositions must be/],
  [{ roles: [1.5] }, /roles must be/],
  [{ returnIfOpenMinutes: 20 }, /returnIfOpenMinutes must be 15 or 30/],
  [{ endpoints: [{ transport: 'itk' }] }, /endpoints must be/],
  [{ name: '', status: 'OPEN', ages: 3 }, /name .*status .*ages /],
  [{ parentUid: SERVICE.uid }, /parentUid must be the uid of another service/],
]
for (const [change, reason] of refusals) {
  test(`refuses ${JSON.stringify(change).slice(0, 80)}`, () => {
    const reading = readObject({ ...SERVICE, ...change })
    assert.ok(!reading.ok)
    assert.match(reading.reasons.join(' '), reason)
  })
}

const ENDPOINT = SERVICE.endpoints[0]
const AGES = 'ages must be a list of [from, to] in days'
const SGSD = 'sgsd must be an object of symptom groups, each with a list of discriminators'
const ENDPOINTS = 'endpoints must be a list of endpoints'
const ATTRIBUTES = 'attributes must be a list of attributes'
const CODES = 'must be a list of codes'

/** Every row of the format's table that says more than "text or null": all reasons, word by word. */
const everyReason: readonly (readonly [change: object, reasons: readonly string[]])[] = [
  [{ capacity: null }, ['capacity must have a status of GREEN, AMBER or RED']],
  [
    { capacity: { status: 'green', resetAt: 'tomorrow' } },
    [
      'capacity must have a status of GREEN, AMBER or RED',
      'capacity must have a resetAt like "2026-12-11T18:00", in London time',
    ],
  ],
  [{ genders: 'M' }, ['genders must be a list of M, F and I']],
  [{ genders: ['M', 'm'] }, ['genders must be a list of M, F and I']],
  [{ ages: { from: 0 } }, [AGES]],
  [
    { ages: [[0, 1], [5, 4.5], [-1, 3], [-1, -2], ['0', 1], [0], 7] },
    [
      `${AGES}: item 2 ends before it begins`,
      `${AGES}: item 3 begins before birth`,
      `${AGES}: item 4 begins before birth`,
      `${AGES}: item 4 ends before it begins`,
      `${AGES}: item 5 is not two numbers`,
      `${AGES}: item 6 is not two numbers`,
      `${AGES}: item 7 is not two numbers`,
    ],
  ],
  [{ sgsd: [1004] }, [SGSD]],
  [
    { sgsd: { '1004': ['4027'], SG1: [1], '1.5': 2, '1005': [1.5] } },
    [
      `${SGSD}: 1004 has no list of whole numbers`,
      `${SGSD}: 1005 has no list of whole numbers`,
      `${SGSD}: “SG1” is not a number`,
      `${SGSD}: “1.5” is not a number`,
      `${SGSD}: 1.5 has no list of whole numbers`,
    ],
  ],
  [{ dispositions: null }, ['dispositions must be a list of whole numbers']],
  [{ dispositions: [1002, 1002.5] }, ['dispositions must be a list of whole numbers']],
  [{ roles: ['23'] }, ['roles must be a list of role numbers']],
  [{ restricted: 'yes' }, ['restricted must be true or false']],
  [{ referrals: 'A12345' }, ['referrals must be a list of ODS codes']],
  [{ referrals: [12345] }, ['referrals must be a list of ODS codes']],
  [{ limitedTo: 'QOP', promotedTo: [1] }, [`limitedTo ${CODES}`, `promotedTo ${CODES}`]],
  [{ returnIfOpenMinutes: '15' }, ['returnIfOpenMinutes must be 15 or 30']],
  [{ parentUid: '7' }, ['parentUid must be the uid of another service']],
  [{ parentUid: 7.5 }, ['parentUid must be the uid of another service']],
  [{ endpoints: null }, [ENDPOINTS]],
  [
    {
      endpoints: [
        ENDPOINT,
        { ...ENDPOINT, order: '1', format: 7 },
        { order: 2, transport: 'telno', address: '1', comment: 3 },
        'itk',
      ],
    },
    [
      `${ENDPOINTS}: item 2 has no whole number as its order`,
      `${ENDPOINTS}: item 2 has a format that is neither text nor null`,
      `${ENDPOINTS}: item 3 lacks its format`,
      `${ENDPOINTS}: item 3 lacks its interaction`,
      `${ENDPOINTS}: item 3 lacks its scenario`,
      `${ENDPOINTS}: item 3 has a comment that is neither text nor null`,
      `${ENDPOINTS}: item 4 is not an object`,
    ],
  ],
  [{ attributes: {} }, [ATTRIBUTES]],
  [
    {
      attributes: [
        { dataType: 'Boolean', value: 'TRUE' },
        { name: 'requirebooking' },
        { name: 'a', dataType: 1, value: {} },
      ],
    },
    [
      `${ATTRIBUTES}: item 1 has no name`,
      `${ATTRIBUTES}: item 2 lacks its dataType`,
      `${ATTRIBUTES}: item 2 lacks its value`,
      `${ATTRIBUTES}: item 3 has a dataType that is neither text nor null`,
      `${ATTRIBUTES}: item 3 has a value that is neither text nor a number`,
    ],
  ],
  [
    { hospitalScore: { total: '12' } },
    ['hospitalScore must be an object with a total, a note and the time of its update, or null'],
  ],
]
for (const [change, reasons] of everyReason) {
  test(`gives every reason against ${JSON.stringify(change).slice(0, 80)}`, () => {
    const reading = readObject({ ...SERVICE, ...change })
    assert.deepEqual(!reading.ok && [reading.uid, ...reading.reasons], [SERVICE.uid, ...reasons])
  })
}

const accepted: readonly (readonly [change: object, because: string])[] = [
  [{ name: 'x'.repeat(255), publicName: 'x'.repeat(75), odsCode: 'FA002ABCDEFG' }, 'the longest names and code'],
  [{ publicName: '' }, 'an empty public name'],
  [{ genders: [], ages: [], sgsd: {}, dispositions: [], roles: [] }, 'a service that never matches'],
  [
    {
      ages: [
        [0.5, 0.5],
        [5844, 47481.5],
      ],
    },
    'decimals, and one day of life',
  ],
  [{ capacity: { status: 'RED' } }, 'without an end'],
  [{ capacity: { status: 'RED', resetAt: null, setBy: 'x' } }, 'an end that is null, and a key we do not know'],
  [{ endpoints: [{ ...ENDPOINT, interaction: null, compression: null, comment: '' }] }, 'texts that are null or empty'],
  [
    { attributes: null, limitedTo: null, promotedTo: null, returnIfOpenMinutes: null, parentUid: null },
    'optional nulls',
  ],
  [{ restricted: true, referrals: ['A12345', ''] }, 'surgeries'],
  [{ hospitalScore: { total: 12, note: '', updatedAt: '2026-12-11T10:00:00Z' } }, 'a score'],
]
for (const [change, because] of accepted) {
  test(`takes ${because}`, () => {
    const reading = readObject({ ...SERVICE, ...change })
    assert.deepEqual(!reading.ok && reading.reasons, false)
    assert.deepEqual(reading.ok && reading.unknownKeys, [])
  })
}

test('refuses lines that are no JSON objects', () => {
  for (const text of ['', '{', '[]', '3', 'null', '"x"']) {
    const reading = parseServiceLine(text, isType)
    assert.ok(!reading.ok && !reading.isObject)
  }
})

test('whatever JSON a line is, the answer is a record or reasons', () => {
  const value = fc.jsonValue()
  const lines = fc.dictionary(fc.constantFrom(...Object.keys(SERVICE), 'other'), value)
  fc.assert(
    fc.property(lines, (line) => {
      const reading = readObject({ ...SERVICE, ...line })
      if (!reading.ok) return assert.ok(reading.reasons.length > 0)
      return assert.ok(writeServiceLine(reading.record))
    }),
  )
})

const unstorable: [given: object, because: string][] = [
  [{ name: 'nul\u0000x' }, 'NUL in a name'],
  [{ publicInformation: 'half \ud800' }, 'half of a surrogate pair'],
  [{ 'own\u0000key': 1 }, 'NUL in a key that we do not know'],
  [{ attributes: [{ name: 'a', dataType: 'b', value: 'x\u0000' }] }, 'NUL deep inside'],
]
for (const [given, because] of unstorable) {
  test(`a line is refused for ${because}`, () => {
    const reading = readObject({ ...SERVICE, ...given })
    assert.deepEqual(!reading.ok && reading.reasons, ['a text holds a character that no text may hold'])
  })
}

test('an escaped character that may be stored is read as itself', () => {
  const reading = parseServiceLine(JSON.stringify(SERVICE).replace('Hill', 'H\\u00eell'), isType)
  assert.ok(reading.ok && reading.record.name.includes('Hîll'))
})

for (const uid of [0, -1, 1.5, 2 ** 31, 2 ** 53 - 1, '2000000001', null]) {
  test(`a line is refused for the uid ${uid}`, () => {
    const reading = readObject({ ...SERVICE, uid })
    assert.deepEqual(!reading.ok && reading.reasons, ['uid must be a whole number from 1 to 2147483647'])
  })
}
