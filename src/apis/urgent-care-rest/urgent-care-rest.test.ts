/** What the REST API answers to every kind of question, through the real app. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Answered,
  BASE,
  basic,
  FINDER,
  importLines,
  METRES_PER_MILE,
  ORIGIN,
  OTHER_ROLE,
  type RestClient,
  startDirectory,
  TWICE,
} from '#test/support/rest-client.ts'
import { aServiceLine } from '#test/support/service-lines.ts'

/** So many miles east and north of ZZ1 1AA. */
const at = (east: number, north: number) => ({
  easting: Math.round(ORIGIN.easting + east * METRES_PER_MILE),
  northing: Math.round(ORIGIN.northing + north * METRES_PER_MILE),
  latitude: undefined,
  longitude: undefined,
})
const line = (uid: number, given: object = {}) =>
  aServiceLine({ uid, name: `Service ${uid}`, odsCode: null, ...at(0, 1), sgsd: { 1011: [4003] }, ...given })

const DIRECTORY = [
  line(1, { ...at(37, 37) }),
  line(2, { ...at(0, 38) }),
  line(3, { typeId: 14, ...at(0, 0.3), genders: ['F'], ages: [[0, 364.25]] }),
  line(4, { typeId: 14, ...at(0, 0.2), odsCode: 'TP001', roles: [1, 2] }),
  line(5, { typeId: 46, ...at(0, 5), odsCode: 'TP001', referrals: ['L01329'] }),
  line(6, { typeId: 46, ...at(0, 4), odsCode: 'TP001', status: 'CLOSED' }),
  line(7, { typeId: 46, ...at(0, 3), restricted: true, referrals: ['l01329'] }),
  line(8, { typeId: 46, ...at(0, 2) }),
  line(50, { typeId: 100, odsCode: 'L01329', ...at(0, 90), roles: [] }),
  line(51, { typeId: 100, odsCode: null, ...at(0, 90), roles: [], status: 'CLOSED' }),
  line(60, { typeId: 6, odsCode: null }),
]
const ZZ = 'ZZ1%201AA'

const found: readonly (readonly [path: string, ids: string, because: string])[] = [
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13/0`, '1', 'the box is a square of 37.5 miles: its corner counts, 38 do not'],
  [`byServiceType/0/${ZZ}/38.1/0/0/0/0/13/0`, '2 1', 'nearest first: 38 miles north, then 52 to the corner'],
  [`byServiceType/0/${ZZ}/100/0/0/0/0/13/0`, '2 1', 'a hundred miles are the most'],
  [`byServiceType/0/${ZZ}/0.25/0/0/0/0/14/0`, '4', 'parts of a mile count'],
  [`byServiceType/0/${ZZ}/.25/0/0/0/0/14/0`, '4', 'a number may begin with its point'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/14,13/0`, '4 3 1', 'types in the order of the request'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13,14/0`, '1 4 3', 'types in the order of the request'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13%2C14/1`, '1 4', 'so many of each type, and a comma may be encoded'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/14,14,%2014/0`, '4 3', 'a type that is given twice counts once'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/9999/0`, '', 'a type that nobody has'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/6/0`, '', 'administrative services are no answer'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/46/0`, '8 5', 'not the closed one, and not the one for patients of a practice'],
  [`byServiceType/0/${ZZ}/0/50/0/0/0/46/0`, '7 5 8', 'those that list the practice lead, restricted or not'],
  [`byServiceType/0/${ZZ}/0/50/0/0/0/46/2`, '7 8', 'the nearest are chosen before the order is made'],
  [`byServiceType/0/${ZZ}/0/50/0/0/0/14,46/0`, '7 5 4 3 8', 'they lead the whole list'],
  [`byServiceType/0/${ZZ}/0/51/0/0/0/46/0`, '8 5', 'a practice without an ODS code is listed nowhere'],
  [`byServiceType/0/${ZZ}/0/0/4/0/0/14/0`, '4 3', 'babies'],
  [`byServiceType/0/${ZZ}/0/0/3/0/0/14/0`, '4', 'toddlers'],
  [`byServiceType/0/${ZZ}/0/0/8/0/0/14/0`, '4', 'older people'],
  [`byServiceType/0/${ZZ}/0/0/0/M/0/14/0`, '4', 'men'],
  [`byServiceType/0/${ZZ}/0/0/0/F/0/14/0`, '4 3', 'women'],
  ['byServiceType/0/zz11aa/0/0/0/0/0/14/0', '4 3', 'a postcode may be written small and without its space'],
  [`byServiceType/TEST/${ZZ}/0/0/0/0/DX08/14/0/`, '4 3', 'a final slash, a case id and a disposition change nothing'],
  [`byServiceType//${ZZ}//////14/`, '4 3', 'an empty part is one that is left out'],
  [`byServiceType/null/${ZZ}/null/null/null/null/null/14/null`, '4 3', 'so is the word null'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/14/1?limit=9`, '4', 'a query counts for nothing'],
  [`BYSERVICETYPE/0/${ZZ}/0/0/0/0/0/14/1`, '4', 'the endpoint in any case'],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/14/1000000`, '4 3', 'more of a type than there are'],
  [`byClinicalTerm/0/${ZZ}/1/0/0/0/0/1011=4003/0`, '4 3', 'by distance'],
  [`byClinicalTerm/0/${ZZ}/6/0/0/0/0/1011%3D4003/1`, '4 8', 'so many of each type, in order of distance'],
  [`byClinicalTerm/0/${ZZ}/6/50/0/0/0/1011=4003/0`, '7 5 4 3 8', 'those that list the practice lead'],
  [`byClinicalTerm/0/${ZZ}/5/0/0/0/0/1011=4052/0`, '', 'a pair that exists and nobody carries'],
  ['byOdsCode/tp001', '4 5', 'every Active service with the code, in any case'],
  ['byOdsCode/TP0', '', 'a part of a code is another code'],
  ['byOdsCode/', '', 'nobody has an empty code'],
  ['byServiceId/7', '7', 'restricted services are shown to whoever knows their id'],
  ['byServiceId/6', '', 'only Active ones'],
  ['byServiceId/50', '', 'it has no role'],
  ['byServiceId/99', '', 'nobody has this id'],
  ['byServiceId/999999999999999', '', 'nobody has this id either'],
]

const refused: readonly (readonly [path: string, status: number, says: RegExp])[] = [
  ['', 404, /^Not Found: There is no such endpoint/],
  ['byName/x', 404, /^Not Found: There is no such endpoint/],
  ['byServiceType', 400, /^Bad Request: The address must be byServiceType\/\{caseId\}\/\{postcode\}/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13`, 400, /The address must be/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13/5/6`, 400, /The address must be/],
  ['byOdsCode/A/B', 400, /The address must be/],
  ['byServiceId/abc', 400, /^Bad Request: The service ID must be a number$/],
  ['byServiceId/1.5', 400, /must be a number/],
  ['byServiceId/9999999999999999', 400, /must be a number/],
  [`byServiceType/0/${ZZ}/-1/0/0/0/0/13/5`, 400, /^Bad Request: Search distance must be numeric$/],
  [`byServiceType/0/${ZZ}/1e2/0/0/0/0/13/5`, 400, /must be numeric/],
  [`byServiceType/0/${ZZ}/100.1/0/0/0/0/13/5`, 400, /no more than 100/],
  [`byServiceType/0/${ZZ}/abc/0/9/x/0/13/5`, 400, /must be numeric/],
  [`byServiceType/0/XX99/0/999/9/x/0/y/z`, 400, /Invalid post code/],
  [`byServiceType/0/${ZZ}/0/999/9/x/0/13/5`, 400, /age group/],
  [`byServiceType/0/${ZZ}/0/999/0/x/0/13/5`, 400, /gender/],
  [`byServiceType/0/${ZZ}/0/L01329/0/0/0/13/5`, 400, /patient's practice does not exist/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/0/5`, 400, /^Bad Request: Service type ID must be provided$/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13,/5`, 400, /^Bad Request: Service type ID must be numeric$/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/${Array(101).fill(13)}/5`, 400, /No more than 100/],
  [`byServiceType/0/${ZZ}/0/0/0/0/0/13/-5`, 400, /number per type must be a number/],
  [`byClinicalTerm/0/${ZZ}/0/0/0/0/0/0/5`, 400, /Invalid "SymptomGroupId=SymptomDiscriminatorId"/],
  [`byClinicalTerm/0/${ZZ}/0/0/0/0/0/1011/5`, 400, /Invalid "Symptom/],
  [`byClinicalTerm/0/${ZZ}/0/0/0/0/0/1011=4003,1004=4027/5`, 400, /Invalid "Symptom/],
  [`byClinicalTerm/0/${ZZ}/0/0/0/0/0/1004=4003/5`, 400, /Invalid "Symptom/],
  ['byOdsCode/%ZZ', 400, /^Bad Request: /],
  ['byOdsCode/%', 400, /^Bad Request: /],
  ['byOdsCode/%C3%28', 400, /^Bad Request: /],
  [`byOdsCode/${'A'.repeat(1001)}`, 400, /^Bad Request: The address cannot be read$/],
  ['byOdsCode%2FTP001', 404, /no such endpoint/],
]

describe('the REST API', () => {
  let client: RestClient
  before(async () => {
    client = await startDirectory(DIRECTORY)
  })
  after(() => client.close())

  for (const [path, ids, because] of found) {
    test(`finds [${ids}] for ${path}: ${because}`, async () => {
      assert.equal((await client.ids(path)).join(' '), ids)
    })
  }

  for (const [path, status, says] of refused) {
    test(`answers ${status} to ${path.slice(0, 80)}`, async () => {
      const answer = await client.get(path)
      assert.equal(answer.status, status, answer.body)
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      const { error, ...nothing } = JSON.parse(answer.body)
      assert.deepEqual(nothing, {})
      assert.deepEqual(Object.keys(error), ['code', 'message'])
      assert.equal(error.code, status)
      assert.match(error.message, says)
    })
  }

  test('the catch-all flag is text, and says that nothing was found', async () => {
    const flagOf = async (path: string) => {
      const { success } = JSON.parse((await client.get(path)).body) as Answered
      return [success.servicesReturnedAreCatchAll, success.serviceCount]
    }
    assert.deepEqual(await flagOf('byServiceId/7'), ['FALSE', 1])
    assert.deepEqual(await flagOf(`byServiceType/0/${ZZ}/0/0/0/0/0/9999/0`), ['TRUE', 0])
  })

  test('the role of the account decides which services are found', async () => {
    assert.deepEqual(await client.ids(`byServiceType/0/${ZZ}/0/0/0/0/0/14/0`, OTHER_ROLE), ['4'])
    assert.deepEqual(await client.ids('byOdsCode/TP001', OTHER_ROLE), ['4'])
  })

  test('no answer may be kept, and each has an id of its own', async () => {
    const [one, two] = [await client.get('byServiceId/7'), await client.get('byServiceId/7')]
    assert.equal(one.headers['cache-control'], 'no-store')
    assert.equal((await client.get('byServiceId/x')).headers['cache-control'], 'no-store')
    assert.equal((await client.get('byServiceId/7', null)).headers['cache-control'], 'no-store')
    const idOf = ({ body }: { readonly body: string }) => (JSON.parse(body) as Answered).success.transactionId
    assert.notEqual(idOf(one), idOf(two))
  })

  test('an account over its limit is told to wait, others are not', async () => {
    assert.equal((await client.get('byServiceId/7', TWICE)).status, 200)
    assert.equal((await client.get('byServiceId/x', TWICE)).status, 400)
    const third = await client.get('byServiceId/7', TWICE)
    assert.equal(third.status, 429)
    assert.equal(third.headers['retry-after'], '60')
    assert.deepEqual(JSON.parse(third.body), {
      error: { code: 429, message: 'Too Many Requests: Wait 60 seconds, then ask again' },
    })
    assert.equal((await client.get('byServiceId/7')).status, 200)
  })

  test('only GET and HEAD are answered', async () => {
    const headers = { authorization: basic(FINDER) }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const answer = await client.app.inject({ method, url: `${BASE}byServiceId/7`, headers })
      assert.equal(answer.statusCode, 405)
      assert.equal(answer.headers.allow, 'GET, HEAD')
      assert.match(answer.json().error.message, /^Method Not Allowed: /)
    }
    const head = await client.app.inject({ method: 'HEAD', url: `${BASE}byServiceId/7`, headers })
    assert.deepEqual([head.statusCode, head.body], [200, ''])
  })

  const strangers: readonly (readonly [header: string | undefined, because: string])[] = [
    [undefined, 'nothing is sent'],
    ['', 'the header is empty'],
    ['Basic', 'the credentials are missing'],
    ['Basic ', 'the credentials are missing'],
    ['Basic !!!', 'it is not base64'],
    [`Basic ${Buffer.from('finder').toString('base64')}`, 'the password is missing'],
    [`Basic ${Buffer.from(':right: horse').toString('base64')}`, 'the name is missing'],
    [basic({ ...FINDER, password: 'wrong' }), 'the password is wrong'],
    [basic({ ...FINDER, password: '' }), 'the password is empty'],
    [basic({ ...FINDER, username: 'FINDER' }), 'names are compared letter by letter'],
    [basic({ ...FINDER, username: 'nobody' }), 'nobody has that name'],
    [basic({ username: 'a\0b', password: 'c\0' }), 'no database can hold that name'],
    [`Bearer ${Buffer.from('finder:right: horse').toString('base64')}`, 'it is another scheme'],
    [`Basic ${Buffer.from('finder:right: horse').toString('base64')} x`, 'something follows'],
    [`Basic ${'A'.repeat(5000)}`, 'it is far too long'],
  ]
  for (const [authorization, because] of strangers) {
    test(`answers 401 when ${because}`, async () => {
      const headers = authorization === undefined ? {} : { authorization }
      const answer = await client.app.inject({ url: `${BASE}byServiceId/7`, headers })
      assert.equal(answer.statusCode, 401)
      assert.match(String(answer.headers['www-authenticate']), /^Basic realm="/)
      assert.equal(answer.json().error.code, 401)
    })
  }

  test('the scheme may be written small and the password may hold colons', async () => {
    const authorization = basic(FINDER).replace('Basic', 'basic ')
    const answer = await client.app.inject({ url: `${BASE}byServiceId/7`, headers: { authorization } })
    assert.equal(answer.statusCode, 200)
  })

  test('any address below the base is answered in JSON of the right form, and never with 5xx', async () => {
    const url = await client.app.listen({ host: '127.0.0.1', port: 0 })
    const port = Number(new URL(url).port)
    const ask = async (path: string) => {
      const request = httpRequest({
        port,
        path: `${BASE}${path}`,
        headers: { authorization: basic(FINDER) },
        agent: false,
      }).end()
      const [response] = await once(request, 'response')
      return { status: response.statusCode as number, body: await text(response) }
    }
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
    const raw = fc.array(character, { maxLength: 20 }).map((characters) => characters.join(''))
    const likely = fc.constantFrom('0', '13', 'ZZ1%201AA', 'zz11aa', '1011=4003', '%', '%2F', '%00', '..', 'null', '5')
    const encoded = fc.string({ unit: 'grapheme', maxLength: 12 }).map(encodeURIComponent)
    const part = fc.oneof(likely, raw, encoded)
    const endpoint = fc.constantFrom('byServiceType', 'byClinicalTerm', 'byOdsCode', 'byServiceId', 'byNothing', '')
    const paths = fc.tuple(endpoint, fc.array(part, { maxLength: 11 }))
    await fc.assert(
      fc.asyncProperty(paths, async ([name, parts]) => {
        const { status, body } = await ask([name, ...parts].join('/'))
        const answer = JSON.parse(body)
        if (status === 200) {
          const { services, serviceCount } = (answer as Answered).success
          assert.equal(services.length, serviceCount)
          return
        }
        assert.ok(status === 400 || status === 404, `${status}`)
        assert.equal(answer.error.code, status)
        assert.equal(typeof answer.error.message, 'string')
      }),
      { numRuns: 400 },
    )
  })
})

describe('capacity', () => {
  const LINES = [
    line(1, { ...at(0, 1), capacity: { status: 'RED' } }),
    line(2, { ...at(0, 2), capacity: { status: 'RED', resetAt: '2026-07-01T12:00' } }),
    line(3, { ...at(0, 3), capacity: { status: 'AMBER', resetAt: '2026-07-03T12:00' } }),
    line(4, { ...at(0, 4), capacity: { status: 'GREEN' } }),
    line(5, { ...at(0, 5), capacity: undefined }),
  ]
  const ragsOf = async (client: RestClient) => {
    const { body } = await client.get(`byServiceType/0/${ZZ}/0/0/0/0/0/13/9`)
    return (JSON.parse(body) as Answered).success.services.map(
      ({ capacity }) => (capacity as { status: { rag: string } }).status.rag,
    )
  }
  const start = (settings: Readonly<Record<string, string>>) => startDirectory(LINES, settings, '2026-07-01')

  test('is shown for 24 hours after it was set, and Green again past its end', async () => {
    const client = await start({})
    const shown: Record<string, readonly string[]> = {}
    for (const moment of [
      '2026-07-01T10:59:00Z',
      '2026-07-01T11:00:00Z',
      '2026-07-02T08:34:00Z',
      '2026-07-02T08:35:00Z',
    ]) {
      client.clock.set(moment)
      shown[moment] = await ragsOf(client)
    }
    await client.close()
    assert.deepEqual(shown, {
      '2026-07-01T10:59:00Z': ['RED', 'RED', 'AMBER', 'GREEN', ''],
      '2026-07-01T11:00:00Z': ['RED', 'GREEN', 'AMBER', 'GREEN', ''],
      '2026-07-02T08:34:00Z': ['RED', 'GREEN', 'AMBER', 'GREEN', ''],
      '2026-07-02T08:35:00Z': ['', '', '', '', ''],
    })
  })

  test('is always shown where REST_RAG_24_HOURS is off', async () => {
    const client = await start({ REST_RAG_24_HOURS: 'off' })
    client.clock.set('2026-07-02T08:35:00Z')
    const rags = await ragsOf(client)
    await client.close()
    assert.deepEqual(rags, ['RED', 'GREEN', 'AMBER', 'GREEN', 'GREEN'])
  })

  test('says when it was set on London clocks, summer time included, also when the status is not shown', async () => {
    const client = await start({})
    client.clock.set('2026-07-03T10:00:00Z')
    const { body } = await client.get('byServiceId/1')
    await client.close()
    const [service] = (JSON.parse(body) as Answered).success.services
    assert.deepEqual(service?.['capacity'], {
      status: { rag: '', human: '', hex: '' },
      updated: { date: '01/07/2026', time: '09:34', by: '' },
    })
  })
})

test('without a postcode nothing is found where REST_MISSING_POSTCODE is empty', async () => {
  const client = await startDirectory(DIRECTORY, { REST_MISSING_POSTCODE: 'empty' })
  const { status, body } = await client.get('byServiceType/0/0/0/0/0/0/0/13/5')
  const wrong = await client.get('byServiceType/0/XX99%209XX/0/0/0/0/0/13/5')
  await client.close()
  assert.deepEqual([status, (JSON.parse(body) as Answered).success.serviceCount, wrong.status], [200, 0, 400])
})

test('what changed is in the next answer', async () => {
  const client = await startDirectory([line(1)])
  const path = `byServiceType/0/${ZZ}/0/0/0/0/0/13/0`
  assert.match((await client.get(path)).body, /"name":"Service 1"/)
  await importLines(client.db, [line(1, { name: 'Renamed' })], client.clock)
  const { change_seq: seq } = await client.db.pool
    .selectFrom('ledger_head')
    .select('change_seq')
    .executeTakeFirstOrThrow()
  await client.memory.ledger.reached(seq)
  const { body } = await client.get(path)
  await client.close()
  assert.match(body, /"name":"Renamed"/)
})

test('every search is recorded, with the sector of its postcode and never the postcode', async () => {
  const client = await startDirectory(DIRECTORY)
  await client.get(`byServiceType/case-7%00${'x'.repeat(99)}%F0%9F%98%80/${ZZ}/6/50/4/F/DX1/46/0`)
  await client.get(`byServiceType/MONITORING/${ZZ}/1/0/0/0/0/13/0`)
  await client.get('byClinicalTerm/TEST/XX99%209XX/1/0/0/0/0/1011=4003/0')
  await client.get(`byServiceType/case-8/0/${ZZ}/0/0/0/0/13/5`)
  await client.get('byServiceType/case-9')
  await client.get('byOdsCode/TP001')
  await client.app.close()
  const rows = await client.db.pool.selectFrom('search_audit').selectAll().orderBy('id').execute()
  await client.close()
  const seen = rows.map(({ api, version, operation, kind, postcode_sector, outcome, uids, username }) =>
    [username, api, version, operation, kind, postcode_sector, outcome, uids.join(' ')].join(),
  )
  assert.deepEqual(seen, [
    'finder,rest,1.0,byServiceType,live,ZZ1 1,ok,7 5 8',
    'finder,rest,1.0,byServiceType,monitoring,ZZ1 1,ok,',
    'finder,rest,1.0,byClinicalTerm,test,XX99 9,400,',
    'finder,rest,1.0,byServiceType,live,,400,',
    'finder,rest,1.0,byServiceType,live,,400,',
    'finder,rest,1.0,byOdsCode,live,,ok,4 5',
  ])
  assert.match(rows[0]?.case_id ?? '', /^case-7x+$/)
  assert.match(rows[0]?.transaction_id ?? '', /^[0-9A-F-]{36}$/)
  assert.deepEqual(rows[0]?.parameters, {
    ...{ searchDistance: '6', gpPracticeId: '50', age: '4', gender: 'F', disposition: 'DX1' },
    ...{ serviceTypeIds: '46', numberPerType: '0' },
  })
  const none = { age: '0', gender: '0', disposition: '0', gpPracticeId: '0' }
  assert.deepEqual(
    rows.slice(2, 5).map(({ case_id, parameters }) => [case_id, parameters]),
    [
      ['TEST', { ...none, searchDistance: '1', symptomGroupDiscriminatorCombos: '1011=4003', numberPerType: '0' }],
      ['case-8', { ...none, searchDistance: 'ZZ1 1', serviceTypeIds: '13', numberPerType: '5' }],
      [null, {}],
    ],
    'those that were refused as well; a postcode in the place of something else is cut',
  )
  const withoutOurIds = rows.map((row) => ({ ...row, transaction_id: null }))
  assert.doesNotMatch(JSON.stringify(withoutOurIds), /1AA|9XX/)
})
