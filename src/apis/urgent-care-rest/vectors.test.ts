/** The recorded and documented behaviour of the REST API, vector by vector, through the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Answered,
  METRES_PER_MILE,
  ORIGIN,
  OTHER_ROLE,
  type RestAnswer,
  type RestClient,
  startDirectory,
} from '#test/support/rest-client.ts'
import { aServiceLine } from '#test/support/service-lines.ts'

const north = (miles: number) => ({ ...ORIGIN, northing: Math.round(ORIGIN.northing + miles * METRES_PER_MILE) })

/** The directory of a vector's "given". A service without an ODS code is no pharmacy's own, and keeps what it says. */
const line = (uid: number, miles: number, given: object = {}) =>
  aServiceLine({
    ...{ uid, name: `Service ${uid}`, odsCode: null, ...north(miles), latitude: undefined, longitude: undefined },
    ...{ sgsd: { 1011: [4003] }, email: `secret-${uid}@example.nhs.uk` },
    ...given,
  })

const TWELVE = Array.from({ length: 12 }, (_, index) => line(101 + index, 12 - index))
const PRACTICE = line(50, 2, { typeId: 100, odsCode: 'L01329' })

const servicesIn = ({ body }: RestAnswer) => (JSON.parse(body) as Answered).success.services
const errorOf = (code: number, message: string) => JSON.stringify({ error: { code, message } })

describe('with twelve pharmacies and a practice', () => {
  let client: RestClient
  before(async () => {
    client = await startDirectory([
      ...TWELVE,
      PRACTICE,
      line(123, 3, { typeId: 14, odsCode: 'TP001', dispositions: [1028], specified: { '2026-12-25': [] } }),
    ])
  })
  after(() => client.close())

  const refusals: readonly (readonly [vector: string, path: string, message: string])[] = [
    ['REST-004', 'byServiceType/0/ZZ1 1AA/101/0/0/0/0/13/5', 'Search distance must be no more than 100'],
    ['REST-005', 'byServiceType/0/ZZ1 1AA/abc/0/0/0/0/13/5', 'Search distance must be numeric'],
    ['REST-006', 'byServiceType/0/XX99 9XX/0/0/0/0/0/13/5', 'Invalid post code'],
    ['REST-007', 'byServiceType/0/0/0/0/0/0/0/13/5', 'Postcode must be provided'],
    [
      'REST-008',
      'byServiceType/0/ZZ1 1AA/0/0/5/0/0/13/5',
      'The age group ID must be one of the following: 1, 2, 3, 4, 8',
    ],
    [
      'REST-009',
      'byServiceType/0/ZZ1 1AA/0/0/0/f/0/13/5',
      'The gender must be one of the following: M, F, I (case sensitive)',
    ],
    [
      'REST-010',
      'byServiceType/0/ZZ1 1AA/0/999/0/0/0/13/5',
      "The supplied service ID of the patient's practice does not exist in the system",
    ],
    [
      'REST-011',
      'byClinicalTerm/0/ZZ1 1AA/0/0/0/0/0/1011=99999/5',
      'Invalid "SymptomGroupId=SymptomDiscriminatorId" combination supplied',
    ],
  ]
  for (const [vector, path, message] of refusals) {
    test(`${vector}: ${path} is refused: ${message}`, async () => {
      const answer = await client.get(path.replace(' ', '%20'))
      assert.equal(answer.status, 400)
      assert.equal(answer.body, errorOf(400, `Bad Request: ${message}`))
    })
  }

  test('REST-001: without credentials nobody gets anything', async () => {
    const answer = await client.get('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13,14/0', null)
    assert.equal(answer.status, 401)
    assert.equal(answer.body, errorOf(401, 'Unauthorized: You are not authorized to access this resource.'))
    assert.match(String(answer.headers['www-authenticate']), /^Basic realm=/)
  })

  test('REST-003: as many services as were asked for, the nearest first', async () => {
    const ids = await client.ids('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13/10')
    assert.deepEqual(ids, ['112', '111', '110', '109', '108', '107', '106', '105', '104', '103'])
    assert.equal((await client.ids('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13/0')).length, 5)
  })

  test('REST-012: the disposition is ignored', async () => {
    const ids = await client.ids('byClinicalTerm/0/ZZ1%201AA/0/0/1/F/DX99/1011=4003/0')
    assert.deepEqual(ids, ['112', '50', '111', '110', '123', '109', '108'])
  })

  test('REST-018: an ODS code that nobody has is no error', async () => {
    const answer = await client.get('byOdsCode/NOPE1')
    assert.equal(answer.status, 200)
    const { transactionId, ...success } = (JSON.parse(answer.body) as Answered).success
    assert.match(transactionId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    assert.deepEqual(success, { code: 200, servicesReturnedAreCatchAll: 'TRUE', serviceCount: 0, services: [] })
  })

  test('REST-019: a service with another role than the account is not shown', async () => {
    assert.deepEqual(await client.ids('byServiceId/123'), ['123'])
    assert.deepEqual(await client.ids('byServiceId/123', OTHER_ROLE), [])
  })

  test('REST-020: which ids are numbers and which are text', async () => {
    const [service = assert.fail()] = servicesIn(await client.get('byServiceId/123'))
    assert.equal(service.id, '123')
    assert.deepEqual(service['type'], { id: 14, name: 'Type 14' })
    assert.deepEqual([service['easting'], service['northing']], [north(3).easting, north(3).northing])
    assert.deepEqual(service['dispositions'], [{ id: 'DX28', name: 'Contact pharmacist' }])
    assert.deepEqual(service['referralRoles'], [{ id: '1', name: 'User' }])
    assert.deepEqual(service['symptomGroups'], [
      { id: 1011, name: 'Ankle or Foot Injury', symptomDiscriminators: [{ id: 4003, name: 'Assessment, minor' }] },
    ])
  })

  test('REST-021: eight rows of days, closed ones empty, hours and minutes of two digits', async () => {
    const [service = assert.fail()] = servicesIn(await client.get('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13/5'))
    const { days } = service['openingTimes'] as { days: readonly { day: string; sessions: readonly object[] }[] }
    assert.deepEqual(
      days.map(({ day }) => day),
      ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday', 'Bankholiday'],
    )
    const nineToHalfFive = { start: { hours: '09', minutes: '00' }, end: { hours: '17', minutes: '30' } }
    assert.deepEqual(days[0]?.sessions, [nineToHalfFive])
    assert.deepEqual(days[6]?.sessions, [])
  })

  test('REST-022: no search result has an email address', async () => {
    const answer = await client.get('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13,14/5')
    assert.doesNotMatch(answer.body, /email|secret-/)
    assert.match((await client.get('byServiceId/123')).body, /"email":"secret-123@example.nhs.uk"/)
  })
})

test('REST-013: services that list the practice come first, restricted ones for its patients only', async () => {
  const client = await startDirectory([
    PRACTICE,
    line(1, 1),
    line(2, 5, { restricted: true, referrals: ['L01329'] }),
    line(3, 2, { restricted: true, referrals: ['L99999'] }),
  ])
  assert.deepEqual(await client.ids('byServiceType/0/ZZ1%201AA/0/50/0/0/0/13/5'), ['2', '1'])
  assert.deepEqual(await client.ids('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13/5'), ['1'])
  await client.close()
})

test('REST-015: Red services are returned', async () => {
  const client = await startDirectory([line(1, 1, { capacity: { status: 'RED' } })])
  const [service = assert.fail()] = servicesIn(await client.get('byServiceType/0/ZZ1%201AA/0/0/0/0/0/13/5'))
  assert.deepEqual(service['capacity'], { status: { rag: 'RED', human: 'NONE', hex: '#ff0000' } })
  await client.close()
})
