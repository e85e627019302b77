/** The documented behaviour of the Service Finder's search, vector by vector, through the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import { type RestClient, startDirectory } from '#test/support/rest-client.ts'
import { aServiceLine } from '#test/support/service-lines.ts'

const BASE = '/dosapi/dosservices'
const CLIENT = { username: 'finder@nhs.example', password: 'correct horse' }
/** Half a mile north of ZZ1 1AA. */
const HALF_A_MILE = { easting: 429_067, northing: 434_739, latitude: 53.80834, longitude: -1.56022 }
const HCP = { roles: [1, 2] }
const LINES = [
  aServiceLine({ uid: 11, name: 'Pharmacy: Hill, Leeds', nonPublicPhone: '0113 496 0199', ...HCP }),
  aServiceLine({ uid: 12, name: 'Boots Pharmacy', odsCode: 'FZ002', ...HALF_A_MILE, ...HCP }),
  aServiceLine({ uid: 13, name: 'Public Pharmacy', odsCode: 'FZ003' }),
  aServiceLine({ uid: 14, name: 'Closed Pharmacy', odsCode: 'FZ004', status: 'CLOSED', ...HCP }),
  aServiceLine({ uid: 15, name: 'Chemist', odsCode: 'FZ005', postcode: 'XX9', ...HALF_A_MILE, ...HCP }),
]
type Found = { u_id: string; distance: number | null; non_public_phone_number: string; postcode: string }
type Answer = { status: number; json: Record<string, unknown>; ids: string[]; services: Found[] }

describe('the search of the Service Finder', () => {
  let started: RestClient
  let token = ''
  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    started.app.inject({ method: 'POST', url, payload, headers })
  const ask = async (query: string, version = 'v0.0.1', authorization = `Bearer ${token}`): Promise<Answer> => {
    const url = `${BASE}/${version}/services/byfuzzysearch?${query}`
    const { statusCode: status, body } = await started.app.inject({
      url,
      headers: authorization ? { authorization } : {},
    })
    const json = JSON.parse(body) as Record<string, unknown>
    const services = (json['search_results'] as { services: Found[] } | undefined)?.services ?? []
    return { status, json, services, ids: services.map(({ u_id }) => u_id) }
  }
  before(async () => {
    started = await startDirectory(LINES)
    const by = { by: 'command:client create', now: started.clock.now(), pepper: started.config.secretsPepper }
    assert.ok((await saveApiAccount(started.db, { api: 'professional', ...CLIENT }, by)).ok)
    await started.memory.apiAccounts.refresh()
    const signedIn = await post('/authentication/login', { emailAddress: CLIENT.username, password: CLIENT.password })
    token = signedIn.json<{ accessToken: string }>().accessToken
  })
  after(() => started.close())

  const refused: readonly (readonly [id: string, query: string, status: number, code: string, because: string])[] = [
    ['FUZ-001', '', 404, 'VAL-001', 'no term'],
    ['', 'search_term=%20', 404, 'VAL-001', 'a term of nothing is none'],
    ['FUZ-002', 'search_term=abc&'.repeat(21), 404, 'VAL-002', 'at most 20 terms'],
    ['FUZ-003', 'search_term=ab', 404, 'VAL-003', 'at least three letters'],
    ['', 'search_term=pharmacy&search_location=QQ99', 404, 'VAL-004', 'a place that nobody knows'],
    ['', 'search_term=nonesuch', 404, 'VAL-006', 'nothing is called so'],
  ]
  for (const [id, query, status, code, because] of refused) {
    test(`${id} ${because}: ${status} ${code}`, async () => {
      const answer = await ask(query)
      assert.deepEqual([answer.status, answer.json['validationCode']], [status, code])
      assert.match(String(answer.json['message']), /\w/)
    })
  }

  test('FUZ-004: a slip is forgiven, the nearest comes first, distances are miles with two decimals', async () => {
    const answer = await ask('search_term=pharmcy&search_latitude=53.80111&search_longitude=-1.56022')
    assert.deepEqual(answer.ids, ['11', '12'])
    assert.deepEqual(
      answer.services.map(({ distance }) => distance),
      [0, 0.5],
    )
    assert.equal(answer.services[0]?.non_public_phone_number, '0113 496 0199')
    const echo = answer.json['search_parameters'] as Record<string, unknown>
    assert.deepEqual([echo['search_criteria'], echo['fuzz_level'], echo['distance_range']], [['pharmcy'], 2, 60])
  })

  test('FUZ-005: a service that no professional refers to is not returned, nor one that is closed', async () => {
    assert.deepEqual((await ask('search_term=pharmacy')).ids.toSorted(), ['11', '12'])
  })

  test('FUZ-006: version 2 needs a place', async () => {
    const answer = await ask('search_term=pharmacy', 'v2')
    assert.deepEqual([answer.status, answer.json['validationCode']], [400, 'PMA-VAL005'])
    const place = 'search_location=ZZ1%201AA&search_latitude=53.80111&search_longitude=-1.56022'
    assert.deepEqual((await ask(`search_term=pharmacy&${place}`, 'v2')).ids, ['11', '12'])
  })

  test('FUZ-008: without a token, with a wrong one and with one for another use nobody is answered', async () => {
    const other = await post('/authentication/login', { emailAddress: CLIENT.username, password: CLIENT.password })
    const { refreshToken } = other.json<{ refreshToken: string }>()
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x.y',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${refreshToken}`,
    ]) {
      assert.equal((await ask('search_term=gp', 'v0.0.1', authorization)).status, 401)
    }
    const refreshed = await post('/authentication/refresh', {}, { 'refresh-token': refreshToken })
    const fresh = refreshed.json<{ accessToken: string }>().accessToken
    assert.equal((await ask('search_term=pharmacy', 'v0.0.1', `Bearer ${fresh}`)).status, 200)
    assert.equal(
      (await post('/authentication/login', { emailAddress: CLIENT.username, password: 'wrong' })).statusCode,
      401,
    )
    assert.equal((await post('/authentication/login', { emailAddress: 7 })).statusCode, 400)
  })

  const asked: readonly (readonly [query: string, ids: string[], because: string])[] = [
    ['search_term=chemist', ['15'], 'a service whose postcode is odd is found'],
    ['search_term=hill,leeds', ['11'], 'terms with a comma are two, and both must be there'],
    ['search_term=pharm', ['12', '11'], 'a word that is begun; the shorter name says more'],
    ['search_term=pharmacy&max_number_of_services_to_return=1', ['12'], 'as many as were asked for, not half'],
    ['search_term=pharmacy&search_location=zz11aa&distance_range=0.2', ['11'], 'within the distance'],
    [
      'search_term=leeds&name_priority=0&public_name_priority=0&search_location=ZZ1',
      ['11', '12', '15'],
      'priorities count: the address alone',
    ],
    [`search_term=${'hill '.repeat(400)}`, ['11'], 'a term that nobody types is read as far as a term goes'],
  ]
  for (const [query, ids, because] of asked) {
    test(`finds ${ids.join(', ') || 'nothing'}: ${because}`, async () => {
      assert.deepEqual((await ask(query)).ids, ids)
    })
  }

  test('a token ends after its hour, and with the secret it was got with', async () => {
    const ends = new Date(started.clock.now().getTime() + 3_600_000)
    started.clock.set(ends.toISOString())
    assert.equal((await ask('search_term=pharmacy')).status, 401)
  })
})
