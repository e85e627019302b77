/** What the Capacity Status API answers beyond its vectors: our own additions, bad input, closures, and what is logged. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { disableApiAccount } from '#src/accounts/save-api-account.ts'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import {
  type CapacityClient,
  EDITOR,
  GRANDPARENT,
  NOW,
  READER,
  STRANGER,
  startCapacity,
  statusOf,
  TWICE_A_MINUTE,
} from '#test/support/capacity-client.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const SEED = 20_260_805
const RED = { status: 'RED' }
type Body = Readonly<Record<string, unknown>>

describe('one app for every question', () => {
  let client: CapacityClient
  before(async () => {
    client = await startCapacity()
  })
  after(() => client.close())
  const inSearches = (uid: number) => client.memory.triage.service(uid)?.capacity.status

  test('a setting is in the searches before it is answered', async () => {
    await client.put(RED)
    assert.equal(inSearches(123), 'RED')
    await client.put({ status: 'green' })
    assert.equal(inSearches(123), 'GREEN')
  })

  test('with and without the final slash', async () => {
    assert.equal((await client.get('services/123/capacitystatus')).status, 200)
    assert.equal((await client.send('PUT', 'services/123/capacitystatus', { body: RED })).status, 200)
  })

  const taken: readonly (readonly [because: string, body: Body, expected: Body])[] = [
    ['the status in any letter case', { status: 'rEd' }, { status: 'RED' }],
    ['minutes as a text', { ...RED, resetStatusIn: '60' }, { resetDateTime: '2026-08-05T11:00:00Z' }],
    [
      'minutes with a point and nothing behind it',
      { ...RED, resetStatusIn: 60.0 },
      { resetDateTime: '2026-08-05T11:00:00Z' },
    ],
    ['a number as a note', { ...RED, notes: 42 }, { notes: 'Capacity status set by Capacity Status API - 42' }],
    [
      'a note in any letters',
      { ...RED, notes: 'Ŵyn 🏥' },
      { notes: 'Capacity status set by Capacity Status API - Ŵyn 🏥' },
    ],
    ['900 characters that take more than one unit each', { ...RED, notes: '🏥'.repeat(900) }, { status: 'RED' }],
    ['members that nobody knows', { ...RED, colour: 'mauve', __proto__: { notes: 1 } }, { status: 'RED' }],
    ['words that would be commands elsewhere', { ...RED, notes: "'); drop table service; --" }, { status: 'RED' }],
  ]
  for (const [because, body, expected] of taken) {
    test(`takes ${because}`, async () => {
      const answer = await client.put(body)
      assert.equal(answer.status, 200, answer.body)
      const json = answer.json as Body
      for (const [name, value] of Object.entries(expected)) assert.equal(json[name], value)
    })
  }

  const refused: readonly (readonly [because: string, body: unknown, status: number, field: string])[] = [
    ['a status of null', { status: null }, 400, 'status'],
    ['a status with blanks', { status: ' RED' }, 400, 'status'],
    ['a status that every object has', { status: 'constructor' }, 400, 'status'],
    ['minutes of null', { ...RED, resetStatusIn: null }, 400, 'resetStatusIn'],
    ['parts of a minute', { ...RED, resetStatusIn: 1.5 }, 400, 'resetStatusIn'],
    ['minutes beyond all numbers', '{"status":"RED","resetStatusIn":1e999}', 400, 'resetStatusIn'],
    ['minutes that are a list', { ...RED, resetStatusIn: [60] }, 400, 'resetStatusIn'],
    ['minutes that are true', { ...RED, resetStatusIn: true }, 400, 'resetStatusIn'],
    ['a note of null', { ...RED, notes: null }, 400, 'notes'],
    ['a note that is a list', { ...RED, notes: ['Full'] }, 400, 'notes'],
    ['a note with a null character', { ...RED, notes: 'a\0b' }, 400, 'notes'],
    ['a note with half a letter', '{"status":"RED","notes":"\\ud800"}', 400, 'notes'],
    ['a list', [RED], 400, 'non_field_errors'],
    ['null', 'null', 400, 'non_field_errors'],
    ['a text', '"RED"', 400, 'non_field_errors'],
    ['what is no JSON', '{"status":', 400, 'detail'],
    ['what is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'detail'],
    ['a body beyond all sizes', `{"status":"RED","notes":"${'x'.repeat(70_000)}"}`, 413, 'detail'],
    ['a later start of Green', { status: 'GREEN', startIn: 60 }, 400, 'startAt'],
    ['two later starts', { ...RED, startIn: 60, startAt: '2026-08-05T11:00:00Z' }, 400, 'startAt'],
    ['a start that is over', { ...RED, startAt: '2026-08-05T09:59:59Z' }, 400, 'startAt'],
    ['a start without a zone', { ...RED, startAt: '2026-08-05T11:00:00' }, 400, 'startAt'],
    ['a start on a date that does not exist', { ...RED, startAt: '2026-02-30T11:00:00Z' }, 400, 'startAt'],
    ['a start beyond four weeks', { ...RED, startIn: 40_321 }, 400, 'startIn'],
    ['a start that is no number', { ...RED, startIn: 'soon' }, 400, 'startIn'],
  ]
  for (const [because, body, status, field] of refused) {
    test(`refuses ${because}, in its own form`, async () => {
      const answer = await client.put(body)
      assert.equal(answer.status, status, answer.body)
      assert.deepEqual(Object.keys(answer.json as object), [field])
    })
  }

  test('refuses a body of another type, and takes one of none', async () => {
    const form = await client.put('status=RED', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    assert.deepEqual(
      [form.status, form.body],
      [415, '{"detail":"Unsupported media type \\"application/x-www-form-urlencoded\\" in request."}'],
    )
    const empty = await client.send('PUT', statusOf(123))
    assert.equal(empty.status, 400)
    assert.match(empty.body, /VAL-0001/)
    const patch = await client.put(RED, { headers: { 'content-type': 'application/merge-patch+json; charset=utf-8' } })
    assert.equal(patch.status, 200)
  })

  test('who may comes before what is said', async () => {
    assert.equal((await client.put('{', { token: STRANGER })).status, 403)
    assert.equal((await client.put('{', { token: null })).status, 401)
    assert.equal((await client.put('{', { uid: 999 })).status, 404)
    assert.equal((await client.put(RED, { token: READER })).status, 403, 'an account without the permission')
    assert.equal((await client.get(statusOf(123), READER)).status, 200)
  })

  const headers: readonly (readonly [header: string | undefined, status: number, detail: string])[] = [
    [undefined, 401, 'Authentication credentials were not provided.'],
    ['', 401, 'Authentication credentials were not provided.'],
    ['Basic ZWRpdG9yOmVkaXRvci1zZWNyZXQ=', 401, 'Authentication credentials were not provided.'],
    ['Token', 401, 'Invalid token header. No credentials provided.'],
    ['Token a b', 401, 'Invalid token header. Token string should not contain spaces.'],
    [`Token ${'x'.repeat(5000)}`, 401, 'Invalid token.'],
    ['Token editor:wrong', 401, 'Invalid token.'],
    ['Token nobody:editor-secret', 401, 'Invalid token.'],
    [`token ${EDITOR}`, 200, ''],
    [`Token editor:${EDITOR}`, 200, ''],
  ]
  for (const [authorization, status, detail] of headers) {
    test(`Authorization: ${authorization?.slice(0, 40)} gives ${status}`, async () => {
      const answer = await client.send('GET', statusOf(123), {
        token: null,
        headers: authorization === undefined ? {} : { authorization },
      })
      assert.equal(answer.status, status)
      if (status !== 401) return
      assert.equal(answer.body, JSON.stringify({ detail }))
      assert.equal(answer.headers['www-authenticate'], 'Token')
    })
  }

  test('other methods and addresses answer in its form', async () => {
    for (const method of ['POST', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const answer = await client.send(method, statusOf(123))
      assert.equal(answer.status, 405)
      assert.equal(answer.headers['allow'], 'GET, HEAD, PUT')
    }
    assert.equal((await client.send('POST', 'services/')).status, 405)
    assert.equal((await client.send('PATCH', statusOf(123), { token: null })).status, 401)
    for (const path of ['admin/', 'nowhere', 'services/123/']) {
      const answer = await client.get(path)
      assert.deepEqual([answer.status, Object.keys(answer.json as object)], [404, ['detail']], path)
    }
    for (const uid of ['abc', '-1', '99999999999999999999', '1e3', "1'--"]) {
      assert.equal((await client.get(statusOf(encodeURIComponent(uid)))).body, '"Given service does not exist"')
    }
    const health = await client.send('GET', '/api/health', { token: null })
    assert.deepEqual([health.status, health.body], [200, 'Health Okay from CS API'])
    const document = (await client.get('apidoc/', null)).json as { paths: object }
    assert.equal(Object.keys(document.paths).length, 4)
  })

  test('the number of a request comes back, and is in the audit with what the proxy of the program says', async () => {
    const answer = await client.put(RED, {
      headers: {
        'x-request-id': 'abc-123',
        'x-client-ip': '198.51.100.7',
        'x-request-received': '2026-08-05T09:59:59.5Z',
      },
    })
    assert.equal(answer.headers['x-request-id'], 'abc-123')
    const entry = await client.db.pool
      .selectFrom('audit')
      .select(['actor', 'action', 'target', 'detail'])
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    assert.deepEqual([entry.actor, entry.action, entry.target], ['account:editor', 'set-capacity', 'service:123'])
    const { requestId, clientIp, requestReceived } = JSON.parse(entry.detail) as Body
    assert.deepEqual([requestId, clientIp], ['abc-123', '198.51.100.7'])
    assert.equal(requestReceived, '2026-08-05T09:59:59.500Z')

    const strange = await client.put(RED, {
      headers: { 'x-request-id': 'a b\tc', 'x-client-ip': 'me', 'x-request-received': 'now' },
    })
    assert.equal(strange.status, 200)
    assert.match(String(strange.headers['x-request-id']), /^[0-9a-f-]{36}$/)
    assert.match(String((await client.get('nowhere')).headers['x-request-id']), /^[0-9a-f-]{36}$/)
  })

  test('an account with a limit is told to wait', async () => {
    const ask = () => client.get(statusOf(123), TWICE_A_MINUTE)
    assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200])
    const over = await ask()
    assert.deepEqual([over.status, over.headers['retry-after']], [429, '60'])
  })

  test('an account that was shut out is told so, and let in again it is served', async () => {
    const by = { by: 'command:test', now: client.clock.now() }
    await disableApiAccount(client.db, 'grandparent', by)
    await client.memory.apiAccounts.refresh()
    for (const method of ['GET', 'PUT'] as const) {
      const answer = await client.send(method, statusOf(123), { token: GRANDPARENT })
      assert.deepEqual([answer.status, answer.body], [401, '"Given Dos user does not have an active status"'])
    }
  })

  test('many at once: each is set or refused by itself', async () => {
    const long = { id: 151, ...RED, notes: 'x'.repeat(901) }
    const items = [
      { id: 150, status: 'amber', resetStatusIn: 60 },
      long,
      { id: 140, ...RED },
      { id: 130, ...RED },
      { id: 999, ...RED },
      { id: 150, ...RED },
      { ...RED },
      { id: '151', ...RED },
      null,
      { id: 123, ...RED, startIn: 5 },
    ]
    const answer = await client.send('PUT', 'services/', { body: items })
    assert.equal(answer.status, 207)
    const { results } = answer.json as { results: readonly Body[] }
    assert.deepEqual(
      results.map(({ code, id }) => [code, id]),
      [
        [200, 150],
        [400, 151],
        [403, 140],
        [404, 130],
        [404, 999],
        [400, 150],
        [400, null],
        [400, null],
        [400, null],
        [400, 123],
      ],
    )
    assert.deepEqual(results[0]?.['status'], 'AMBER')
    assert.equal(results[2]?.['errors'], 'Given DoS user does not have authority to edit the service')
    assert.equal(inSearches(150), 'AMBER')
    assert.equal(inSearches(151), 'GREEN')

    const all = await client.send('PUT', 'services', { body: [150, 151].map((id) => ({ id, ...RED })) })
    assert.equal(all.status, 200)
    assert.deepEqual([inSearches(150), inSearches(151)], ['RED', 'RED'])
    for (const body of [[], {}, '{}', Array(201).fill({ id: 150, ...RED }), '[']) {
      assert.equal((await client.send('PUT', 'services/', { body })).status, 400)
    }
  })

  test('an account sees which services it may set', async () => {
    const own = async (token: string) => {
      const { total, services } = (await client.get('services/', token)).json as {
        total: number
        services: readonly Body[]
      }
      return [total, services.map(({ id }) => id)]
    }
    assert.deepEqual(await own(EDITOR), [3, [123, 151, 150]])
    assert.deepEqual(await own(READER), [0, []])
    for (const query of ['?page=0', '?page=x']) assert.equal((await client.get(`services/${query}`)).status, 400)
  })

  test('a pharmacy shows all its active services', async () => {
    const answer = await client.get('pharmacies/fx123/')
    assert.equal(answer.status, 200)
    const { odsCode, services } = answer.json as { odsCode: string; services: readonly Body[] }
    assert.deepEqual(
      [odsCode, services.map(({ id, typeId }) => [id, typeId])],
      [
        'FX123',
        [
          [150, 13],
          [151, 132],
        ],
      ],
    )
    for (const code of ['FX999', 'x', 'FX123B', '%00', "' or 1=1"]) {
      assert.equal((await client.get(`pharmacies/${encodeURIComponent(code)}/`)).status, 404)
    }
  })

  test('a later start is noted, shown, and cancelled by the next setting; the history tells it all', async () => {
    await client.put({ status: 'GREEN' }, { uid: 151 })
    const later = await client.put({ ...RED, resetStatusIn: 60, startAt: '2026-08-06T09:00:00+01:00' }, { uid: 151 })
    assert.equal(later.status, 202)
    const { status, scheduled } = later.json as Body
    assert.equal(status, 'GREEN')
    const { startDateTime, resetDateTime } = scheduled as Body
    assert.deepEqual([startDateTime, resetDateTime], ['2026-08-06T08:00:00Z', '2026-08-06T09:00:00Z'])
    const history = async (query = '') => (await client.get(`services/151/history/${query}`)).json as Body
    assert.deepEqual((await history())['scheduled'], scheduled)
    await client.put({ status: 'AMBER', notes: 'Busy' }, { uid: 151 })
    const { history: past, ...now } = (await history('?limit=2')) as { history: readonly Body[] } & Body
    assert.equal(now['scheduled'], undefined)
    assert.deepEqual(
      past.map((entry) => [entry['status'], entry['endedDateTime'], entry['via'], entry['modifiedBy']]),
      [
        ['AMBER', undefined, 'api', 'editor'],
        ['GREEN', '2026-08-05T10:00:00Z', 'api', 'editor'],
      ],
    )
    for (const query of ['?limit=0', '?limit=101', '?limit=x', '?limit=1&limit=2']) {
      assert.equal((await client.get(`services/151/history/${query}`)).status, 400, query)
    }
    assert.equal((await client.get('services/999/history/')).status, 404)
  })

  test('a pharmacy that is shut is Red until it is expected to reopen, whatever a program sets', async () => {
    await client.put({ status: 'GREEN' }, { uid: 150 })
    const holidays = holidayCalendar([])
    const told = {
      ...{ id: 'c1', from: '2026-08-05T11:00', until: '2026-08-05T15:00', services: null },
      ...{ reason: 'Power or IT failure', advice: null, filledInBy: null, phone: '01632 960 999' },
    }
    const by = { actor: 'person:amina@nhs.example', via: 'profile-manager', askedAt: client.clock.now() } as const
    const closing = { db: client.db, clock: client.clock, issueReceipts, holidays: () => holidays }
    assert.ok((await closePharmacy(closing, 'FX123', told, by)).ok)
    const answer = await client.get(statusOf(150))
    assert.deepEqual(answer.json, {
      id: 150,
      name: 'Pharmacy: Hill & Sons, Sale',
      status: 'RED',
      resetDateTime: '2026-08-05T14:00:00Z',
      modifiedDate: '2026-08-05T10:00:00Z',
    })
    const set = await client.put({ status: 'GREEN' }, { uid: 150 })
    assert.deepEqual([set.status, (set.json as Body)['status']], [200, 'RED'])
  })

  test('whatever is sent gets an answer in its form, never a fault of ours', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('RED', 'amber', 240, 7201, -1, 1e21, '60', '', ' ', null, true, '\ud800', 'a\0b'),
      fc.string({ unit: 'binary', maxLength: 50 }),
    )
    const member = fc.constantFrom('status', 'resetStatusIn', 'notes', 'startIn', 'startAt', 'id', '__proto__')
    const body = fc.oneof(
      fc.dictionary(member, value).map((object) => JSON.stringify(object)),
      fc.array(fc.dictionary(member, value), { maxLength: 4 }).map((list) => JSON.stringify(list)),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    const path = fc.constantFrom(statusOf(123), statusOf(999), statusOf('x'), 'services/', 'services/123/history/')
    await fc.assert(
      fc.asyncProperty(path, body, async (address, sent) => {
        const { status, body: text } = await client.send('PUT', address, { body: sent })
        assert.ok([200, 202, 207, 400, 403, 404, 405].includes(status), `${status}: ${text}`)
        assert.doesNotThrow(() => JSON.parse(text))
      }),
      { seed: SEED, numRuns: 300 },
    )
    assert.deepEqual((await client.get()).status, 200)
    assert.equal(client.clock.now().toISOString(), NOW)
  })
})
