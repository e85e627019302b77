/** The recorded and documented behaviour of the Capacity Status API, vector by vector, through the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type CapacityAnswer,
  type CapacityClient,
  EDITOR,
  GRANDPARENT,
  NOW,
  STRANGER,
  startCapacity,
  statusOf,
} from '#test/support/capacity-client.ts'

const NOTE = 'Capacity status set by Capacity Status API'
const RED = { status: 'RED' }

/** The codes of a 400, by field. */
const codesIn = ({ json }: CapacityAnswer): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(json as Record<string, readonly string[]>).map(([field, faults]) => [
      field,
      faults.map((fault) => /^VAL-\d{4} - (?=.)/.exec(fault)?.[0].slice(0, 8) ?? fault),
    ]),
  )

describe('with an account that may set service 123', () => {
  let client: CapacityClient
  before(async () => {
    client = await startCapacity()
  })
  after(() => client.close())

  test('CAP-001: four hours and our own note unless told otherwise', async () => {
    const answer = await client.put({ status: 'amber' })
    assert.equal(answer.status, 200)
    assert.equal(
      answer.body,
      JSON.stringify({
        id: 123,
        name: 'Emergency department',
        status: 'AMBER',
        resetDateTime: '2026-08-05T14:00:00Z',
        notes: NOTE,
        modifiedBy: 'editor',
        modifiedDate: '2026-08-05T10:00:00Z',
      }),
    )
    assert.deepEqual((await client.get()).json, answer.json)
  })

  test('CAP-002: the note of the caller comes after ours', async () => {
    const { json } = await client.put({ ...RED, resetStatusIn: 60, notes: 'Full' })
    const { notes, resetDateTime } = json as Record<string, string>
    assert.deepEqual([notes, resetDateTime], [`${NOTE} - Full`, '2026-08-05T11:00:00Z'])
  })

  test('CAP-003: Green has no end', async () => {
    const { status, json } = await client.put({ status: 'GREEN', resetStatusIn: 60 })
    assert.equal(status, 200)
    assert.equal(Object.hasOwn(json as object, 'resetDateTime'), false)
  })

  const faults: readonly (readonly [
    vector: string,
    body: object,
    codes: Record<string, readonly string[]>,
    because: string,
  ])[] = [
    ['CAP-004', {}, { status: ['VAL-0001'] }, 'a status is needed'],
    ['CAP-005', { status: 'PURPLE' }, { status: ['VAL-0002'] }, 'there are three'],
    ['CAP-005', { status: '' }, { status: ['VAL-0002'] }, 'nothing is none of them'],
    ['CAP-005', { status: 30 }, { status: ['VAL-0002'] }, 'nor is a number'],
    ['CAP-006', { ...RED, resetStatusIn: 'soon' }, { resetStatusIn: ['VAL-0003'] }, 'minutes are a whole number'],
    ['CAP-007', { ...RED, resetStatusIn: 7201 }, { resetStatusIn: ['VAL-0004'] }, 'five days are the longest'],
    ['CAP-007', { ...RED, resetStatusIn: -1 }, { resetStatusIn: ['VAL-0004'] }, 'time does not run back'],
    ['CAP-008', { ...RED, notes: 'x'.repeat(901) }, { notes: ['VAL-0005'] }, 'notes have 900 characters'],
    ['CAP-009', { ...RED, notes: ' ' }, { notes: ['VAL-0006'] }, 'a note says something'],
    [
      'CAP-010',
      { resetStatusIn: 'x', notes: '' },
      { status: ['VAL-0001'], resetStatusIn: ['VAL-0003'], notes: ['VAL-0006'] },
      'faults are gathered',
    ],
  ]
  for (const [vector, body, codes, because] of faults) {
    test(`${vector}: ${JSON.stringify(body).slice(0, 50)} is refused, because ${because}`, async () => {
      const answer = await client.put(body)
      assert.equal(answer.status, 400)
      assert.deepEqual(codesIn(answer), codes)
    })
  }

  const taken: readonly (readonly [vector: string, body: object, because: string])[] = [
    ['CAP-007', { ...RED, resetStatusIn: 0 }, 'none at all is a number of minutes'],
    ['CAP-007', { ...RED, resetStatusIn: 7200 }, 'five days are five days'],
    ['CAP-008', { ...RED, notes: 'x'.repeat(900) }, '900 are 900'],
  ]
  for (const [vector, body, because] of taken) {
    test(`${vector}: ${JSON.stringify(body).slice(0, 50)} is taken, because ${because}`, async () => {
      assert.equal((await client.put(body)).status, 200)
    })
  }

  const refusals: readonly (readonly [
    vector: string,
    given: { readonly token?: string | null; readonly uid?: number; readonly body?: unknown },
    status: number,
    text: string,
  ])[] = [
    ['CAP-011', { token: null }, 401, '{"detail":"Authentication credentials were not provided."}'],
    ['CAP-012', { token: 'bad' }, 401, '{"detail":"Invalid token."}'],
    ['CAP-013', { token: STRANGER, body: {} }, 403, '"Given DoS user does not have authority to edit the service"'],
    ['CAP-015', { uid: 999 }, 404, '"Given service does not exist"'],
    ['CAP-015', { uid: 130 }, 404, '"Given service does not have an active status"'],
    ['CAP-015', { uid: 999, token: STRANGER, body: {} }, 404, '"Given service does not exist"'],
    ['CAP-015', { uid: 130, token: EDITOR, body: {} }, 404, '"Given service does not have an active status"'],
  ]
  for (const [vector, { token = EDITOR, uid = 123, body }, status, text] of refusals) {
    test(`${vector}: ${body ? 'PUT' : 'GET'} ${uid} with ${token}: ${text}`, async () => {
      const answer = await client.send(body ? 'PUT' : 'GET', statusOf(uid), { token, body })
      assert.deepEqual([answer.status, answer.body], [status, text])
    })
  }

  test('CAP-014: rights reach down from a grandparent', async () => {
    assert.equal((await client.put(RED, { token: GRANDPARENT })).status, 200)
  })

  test('CAP-016: PATCH is not a method of it', async () => {
    const answer = await client.send('PATCH', statusOf(123), { body: RED })
    assert.equal(answer.status, 405)
    assert.equal(answer.body, '{"detail":"Method \\"PATCH\\" not allowed. Please use \\"PUT\\" instead."}')
  })

  test('CAP-017: when its time is over it is Green for whoever reads', async () => {
    await client.put({ ...RED, resetStatusIn: 30 })
    client.clock.set('2026-08-05T10:29:59.999Z')
    assert.match((await client.get()).body, /"status":"RED"/)
    client.clock.set('2026-08-05T10:30:00.000Z')
    const { json } = await client.get()
    assert.deepEqual(
      [(json as Record<string, unknown>)['status'], Object.hasOwn(json as object, 'resetDateTime')],
      ['GREEN', false],
    )
    client.clock.set(NOW)
  })
})

test('CAP-018: of ten requests at one instant nine are served; a third of a second makes room for one', async () => {
  const client = await startCapacity({ RATE_LIMIT_CAPACITY: '3' })
  const all = await Promise.all(Array.from({ length: 10 }, () => client.get()))
  assert.deepEqual(
    all.map(({ status }) => status),
    [...Array(9).fill(200), 503],
  )
  assert.equal(all[9]?.headers['retry-after'], '1')
  assert.equal((await client.get(statusOf(123), null)).status, 503, 'a stranger is counted like anybody')
  assert.equal((await client.send('GET', '/api/health')).status, 200, 'whoever watches us is not')
  client.clock.set('2026-08-05T10:00:00.334Z')
  assert.deepEqual([(await client.get()).status, (await client.get()).status], [200, 503])
  client.clock.set('2026-08-05T10:00:10.000Z')
  const later = await Promise.all(Array.from({ length: 10 }, () => client.get()))
  assert.equal(later.filter(({ status }) => status === 200).length, 9, 'after a pause it is as at the beginning')
  await client.close()
})
