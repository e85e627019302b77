/** Both forms of a service, key by key and in their order, against answers written by hand. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ORIGIN, type RestClient, startDirectory } from '#test/support/rest-client.ts'
import { aServiceLine } from '#test/support/service-lines.ts'

let client: RestClient
before(async () => {
  client = await startDirectory([
    aServiceLine({ uid: 10, name: 'Yorkshire Region', typeId: -1, odsCode: null, status: 'COMMISSIONING' }),
    aServiceLine({ uid: 11, name: 'Leeds services', typeId: 46, odsCode: 'LEEDS', roles: [2], parentUid: 10 }),
    aServiceLine({ uid: 50, name: 'Hill Practice', typeId: 100, odsCode: 'L01329', roles: [] }),
    aServiceLine({
      uid: 2_000_000_001,
      name: 'UTC: “Hill” / Leeds',
      publicName: 'Hill Walk-in',
      typeId: 46,
      odsCode: 'FZZ01',
      address: ['1 High Street', 'Hill', 'Leeds'],
      postcode: 'LS1 1AA',
      easting: 430_000,
      northing: ORIGIN.northing,
      latitude: undefined,
      longitude: undefined,
      phone: '0113 496 0101',
      nonPublicPhone: '0113 496 0199',
      email: 'hill@example.nhs.uk',
      web: null,
      publicInformation: 'Walk in.',
      referralInformation: 'Referral Information: ring first.\nBring "notes".',
      weekly: [
        [
          ['09:00', '13:00'],
          ['14:15', '23:59'],
        ],
        [],
        [],
        [],
        [],
        [],
        [['00:00', '06:30']],
      ],
      bankHoliday: [['10:00', '12:00']],
      specified: { '2026-12-26': [['11:00', '12:00']], '2026-12-25': [] },
      capacity: { status: 'AMBER', resetAt: '2026-12-12T08:00' },
      genders: ['I', 'M', 'F'],
      ages: [
        [0, 364.25],
        [5844, 47_481.5],
      ],
      sgsd: { 1011: [4052, 4003], 1004: [4027] },
      dispositions: [1132, 1028, 2001, 11_012],
      roles: [2, 1],
      restricted: false,
      referrals: ['L01329', 'NOBODY'],
      parentUid: 11,
      endpoints: [
        { order: 2, transport: 'email', format: 'PDF', interaction: 'copy', scenario: 'Copy', address: 'a@b.nhs.uk' },
        {
          ...{ order: 1, transport: 'itk', format: 'CDA', interaction: 'urn:x', scenario: 'Primary' },
          ...{ address: 'https://itk.example', compression: 'zip', comment: 'first' },
        },
      ],
    }),
  ])
})
after(() => client.close())

const session = (from: string, to: string) => ({
  start: { hours: from.slice(0, 2), minutes: from.slice(3) },
  end: { hours: to.slice(0, 2), minutes: to.slice(3) },
})
const OPENING_TIMES = {
  allHours: false,
  days: [
    { day: 'Monday', sessions: [session('09:00', '13:00'), session('14:15', '23:59')] },
    ...['Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map((day) => ({ day, sessions: [] })),
    { day: 'Sunday', sessions: [session('00:00', '06:30')] },
    { day: 'Bankholiday', sessions: [session('10:00', '12:00')] },
  ],
  specifiedDates: [
    { date: '25-12-2026', sessions: [] },
    { date: '26-12-2026', sessions: [session('11:00', '12:00')] },
  ],
}
const PHONE = { public: '0113 496 0101', nonPublic: '0113 496 0199', fax: '' }
const REFERRAL = { callHandler: 'Walk in.', other: 'Referral Information: ring first.\nBring "notes".' }
const AMBER = { rag: 'AMBER', human: 'LOW', hex: '#ffbf00' }
const ENDPOINTS = [
  { tag: 'itk', order: 1, value: 'https://itk.example\\|urn:x\\|CDA\\|Primary\\|first\\|zip' },
  { tag: 'email', order: 2, value: 'a@b.nhs.uk\\|copy\\|PDF\\|Copy\\|\\|' },
]

/** The body with the transaction id blotted out: compared as text, so that the order of keys counts. */
const bodyOf = async (path: string): Promise<string> =>
  (await client.get(path)).body.replace(/"transactionId":"[^"]+"/, '"transactionId":"…"')

const envelope = (...services: object[]): string =>
  JSON.stringify({
    success: {
      ...{ code: 200, transactionId: '…', servicesReturnedAreCatchAll: 'FALSE' },
      ...{ serviceCount: services.length, services },
    },
  })

test('a search result', async () => {
  const expected = {
    id: '2000000001',
    name: 'UTC: “Hill” / Leeds',
    type: { id: '46', name: 'Type 46' },
    odsCode: 'FZZ01',
    address: ['1 High Street', 'Hill', 'Leeds'],
    postcode: 'LS1 1AA',
    easting: '430000',
    northing: '433934',
    phone: PHONE,
    web: '',
    openingTimes: OPENING_TIMES,
    referralInstructions: REFERRAL,
    capacity: { status: AMBER },
    endpoints: ENDPOINTS,
    patientDistance: '0.6',
  }
  assert.equal(await bodyOf('byServiceType/0/zz11aa/1/0/0/0/0/46/0'), envelope(expected))
  assert.equal(await bodyOf('byClinicalTerm/0/ZZ1%201AA/1/0/0/0/0/1011=4003/0'), envelope(expected))
})

test('a service in detail', async () => {
  const touched = { date: '11/12/2026', time: '08:34', by: 'import services' }
  const expected = {
    id: '2000000001',
    name: 'UTC: “Hill” / Leeds',
    type: { id: 46, name: 'Type 46' },
    odsCode: 'FZZ01',
    isNational: false,
    created: touched,
    updated: touched,
    address: ['1 High Street', 'Hill', 'Leeds'],
    town: 'Leeds',
    country: 'England',
    postcode: 'LS1 1AA',
    easting: 430000,
    northing: 433934,
    phone: PHONE,
    email: 'hill@example.nhs.uk',
    web: '',
    openingTimes: OPENING_TIMES,
    region: { id: '10', name: 'Yorkshire Region' },
    parent: { id: '11' },
    referralInstructions: REFERRAL,
    capacity: { status: AMBER, updated: { ...touched, by: '' } },
    symptomGroups: [
      { id: 1004, name: '', symptomDiscriminators: [{ id: 4027, name: '' }] },
      {
        id: 1011,
        name: 'Ankle or Foot Injury',
        symptomDiscriminators: [
          { id: 4003, name: 'Assessment, minor' },
          { id: 4052, name: '' },
        ],
      },
    ],
    dispositions: [
      { id: 'DX28', name: 'Contact pharmacist' },
      { id: 'DX132', name: '' },
      { id: 'DX2001', name: '' },
      { id: 'DX012', name: '' },
    ],
    referralRoles: [
      { id: '1', name: 'User' },
      { id: '2', name: '' },
    ],
    serviceReferrals: { restricted: false, services: [{ id: '50', name: 'Hill Practice' }] },
    ageGroups: [
      { id: 1, name: 'Adult (16+)' },
      { id: 4, name: 'Neonate & Infant (0)' },
      { id: 8, name: 'Older People (65+)' },
    ],
    genders: [
      { id: 'F', name: 'Female' },
      { id: 'M', name: 'Male' },
      { id: 'I', name: 'Indeterminate' },
    ],
    endpoints: ENDPOINTS,
    publicName: 'Hill Walk-in',
    professionalReferralInfo: 'Referral Information: ring first.\nBring "notes".',
  }
  assert.equal(await bodyOf('byServiceId/2000000001'), envelope(expected))
  assert.equal(await bodyOf('byOdsCode/fzz01'), envelope(expected))
})

test('what is not known is an empty text, an empty list or null', async () => {
  const bare = await startDirectory([
    aServiceLine({
      ...{ uid: 1, typeId: 46, odsCode: 'BARE1', address: [], postcode: null, phone: null, bankHoliday: [] },
      ...{ easting: null, northing: null, latitude: null, longitude: null, capacity: undefined, email: null },
      ...{ sgsd: {}, dispositions: [], ages: [], genders: [], weekly: Array(7).fill(null), openAllHours: true },
    }),
  ])
  const { body } = await bare.get('byServiceId/1')
  await bare.close()
  const { success } = JSON.parse(body)
  const [{ id: _, name: __, type: ___, created, updated, openingTimes, ...rest }] = success.services
  assert.deepEqual(rest, {
    ...{ odsCode: 'BARE1', isNational: false, address: [], town: '', country: 'England', postcode: '' },
    ...{ easting: null, northing: null, phone: { public: '', nonPublic: '', fax: '' }, email: '', web: '' },
    ...{ region: { id: '', name: '' }, parent: { id: '' }, referralInstructions: { callHandler: '', other: '' } },
    capacity: { status: { rag: '', human: '', hex: '' }, updated: { date: '', time: '', by: '' } },
    ...{ symptomGroups: [], dispositions: [], referralRoles: [{ id: '1', name: 'User' }] },
    ...{ serviceReferrals: { restricted: false, services: [] }, ageGroups: [], genders: [], endpoints: [] },
    ...{ publicName: '', professionalReferralInfo: '' },
  })
  assert.deepEqual(created, updated)
  assert.equal(openingTimes.allHours, true)
  assert.deepEqual(
    openingTimes.days.map(({ sessions }: { readonly sessions: unknown[] }) => sessions.length),
    Array(8).fill(0),
  )
})
