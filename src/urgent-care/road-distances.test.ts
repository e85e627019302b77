import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { createLog } from '#src/platform/log.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { type RoadDestination, roadProvider } from './road-distances.ts'

const log = createLog('silent')
const LEEDS = { latitude: 53.8, longitude: -1.55 }
const TWO: readonly RoadDestination[] = [
  { uid: 2000000001, latitude: 53.81, longitude: -1.56 },
  { uid: 2000000002, latitude: 53.9, longitude: -1.5 },
]
const BOTH = { status: 200, destinations: { 2000000001: 1500, 2000000002: 12_000.5 }, unreachable: [] }

type Asked = {
  readonly transactionid: string
  readonly origin: object
  readonly destinations: readonly { readonly reference: string }[]
}
type Answer = (response: ServerResponse, asked: Asked, request: IncomingMessage) => unknown

/** A provider that answers as the test says, and remembers what it was asked. */
async function provider(answer: Answer, options: { readonly token?: string; readonly timeoutMs?: number } = {}) {
  const requests: Asked[] = []
  const server = createServer(async (request, response) => {
    const asked = (await json(request)) as Asked
    requests.push(asked)
    await answer(response, asked, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const clock = fixedClock()
  const { port } = server.address() as AddressInfo
  const settings = { url: `http://127.0.0.1:${port}/`, timeoutMs: options.timeoutMs ?? 5000, token: options.token }
  const roads = roadProvider(settings, { clock, log })
  const gauge = (name: string) => roads.gauges().find((one) => one.name === `signpost_road_distance_${name}`)?.value
  return { roads, requests, clock, gauge }
}

const says =
  (body: unknown, status = 200): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))

test('asks as the contract says and gives metres by uid', async () => {
  let authorization: string | undefined
  const { roads, requests } = await provider(
    (response, asked, request) => {
      authorization = request.headers.authorization
      return says({ ...BOTH, transactionid: asked.transactionid })(response, asked, request)
    },
    { token: 'let-me-in' },
  )
  assert.deepEqual(
    await roads.distances(LEEDS, TWO),
    new Map([
      [2000000001, 1500],
      [2000000002, 12_000.5],
    ]),
  )
  const [{ transactionid, ...asked } = assert.fail()] = requests
  assert.match(transactionid, /^[0-9a-f-]{36}$/)
  assert.deepEqual(asked, {
    origin: { reference: 'origin', latitude: 53.8, longitude: -1.55 },
    destinations: [
      { reference: '2000000001', latitude: 53.81, longitude: -1.56 },
      { reference: '2000000002', latitude: 53.9, longitude: -1.5 },
    ],
  })
  assert.equal(authorization, 'Bearer let-me-in')
})

test('what cannot be reached is missing, whether it is named as text or as a number', async () => {
  for (const unreachable of [['2000000002'], [2000000002]]) {
    const { roads } = await provider(says({ status: 200, destinations: { 2000000001: 0 }, unreachable }))
    assert.deepEqual(await roads.distances(LEEDS, TWO), new Map([[2000000001, 0]]))
  }
})

const useless: readonly (readonly [because: string, answer: Answer])[] = [
  ['its schema check refused us', says({ status: 400, message: 'Validation error' }, 400)],
  ['it failed', says({ status: 500, message: 'no' }, 500)],
  ['it redirects', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['it does not speak JSON', says('<html>')],
  ['it sends nothing', says('')],
  ['it hides a failure in a 200', says({ ...BOTH, status: 500 })],
  ['a distance is text', says({ ...BOTH, destinations: { 2000000001: '1500', 2000000002: 1 } })],
  ['a distance is negative', says({ ...BOTH, destinations: { 2000000001: -1, 2000000002: 1 } })],
  ['it leaves a service out without a word', says({ ...BOTH, destinations: { 2000000001: 1 } })],
  ['distances are missing', says({ status: 200 })],
  ['it is a list', says([])],
  [
    'it ends in the middle of an answer',
    (response) => response.writeHead(200).write('{"sta', () => response.destroy()),
  ],
]
for (const [because, answer] of useless) {
  test(`stays with straight lines when ${because}`, async () => {
    const { roads, gauge } = await provider(answer)
    assert.equal(await roads.distances(LEEDS, TWO), undefined)
    assert.equal(gauge('failed'), 1)
  })
}

test('stays with straight lines when the answer does not come in time, headers or body', async () => {
  for (const answer of [() => {}, (response: ServerResponse) => response.writeHead(200).write('{"status"')]) {
    const { roads, gauge } = await provider(answer, { timeoutMs: 40 })
    const started = performance.now()
    assert.equal(await roads.distances(LEEDS, TWO), undefined)
    assert.ok(performance.now() - started < 2000)
    assert.equal(gauge('failed'), 1)
  }
})

test('stays with straight lines when nobody is there', async () => {
  const roads = roadProvider(
    { url: 'http://127.0.0.1:9/', timeoutMs: 1000, token: undefined },
    { clock: fixedClock(), log },
  )
  assert.equal(await roads.distances(LEEDS, TWO), undefined)
})

test('asks nobody about nothing', async () => {
  const { roads, requests } = await provider(says(BOTH))
  assert.deepEqual(await roads.distances(LEEDS, []), new Map())
  assert.equal(requests.length, 0)
})

test('leaves a provider alone that failed three times in a row, and tries again when the pause is over', async () => {
  let answer = says({}, 500)
  const { roads, requests, clock, gauge } = await provider((...given) => answer(...given))
  for (let time = 0; time < 5; time++) assert.equal(await roads.distances(LEEDS, TWO), undefined)
  assert.equal(requests.length, 3)
  assert.deepEqual([gauge('asked'), gauge('failed'), gauge('passed_over')], [3, 3, 2])

  clock.set('2026-12-11T10:34:31Z')
  const two = await Promise.all([roads.distances(LEEDS, TWO), roads.distances(LEEDS, TWO)])
  assert.deepEqual(two, [undefined, undefined])
  assert.equal(requests.length, 4, 'one search tries, the other goes on without')

  answer = says(BOTH)
  assert.equal(await roads.distances(LEEDS, TWO), undefined)
  clock.set('2026-12-11T10:35:02Z')
  assert.equal((await roads.distances(LEEDS, TWO))?.size, 2)
  assert.equal((await roads.distances(LEEDS, TWO))?.size, 2)
  assert.equal(requests.length, 6)
})

test('two failures do not count any more after a success', async () => {
  const answers = [says({}, 500), says({}, 500), says(BOTH), says({}, 500), says({}, 500), says(BOTH)]
  const { roads, requests } = await provider((...given) => answers.shift()?.(...given))
  const sizes: (number | undefined)[] = []
  for (let time = 0; time < 6; time++) sizes.push((await roads.distances(LEEDS, TWO))?.size)
  assert.deepEqual(sizes, [undefined, undefined, 2, undefined, undefined, 2])
  assert.equal(requests.length, 6)
})

test('asks about more than 3,000 in several questions', async () => {
  const many = Array.from({ length: 3001 }, (_, index) => ({ uid: index + 1, latitude: 53, longitude: -1 }))
  const { roads, requests } = await provider((response, asked, request) =>
    says({
      status: 200,
      destinations: Object.fromEntries(asked.destinations.map(({ reference }) => [reference, Number(reference)])),
    })(response, asked, request),
  )
  const found = await roads.distances(LEEDS, many)
  assert.equal(found?.size, 3001)
  assert.equal(found.get(3001), 3001)
  assert.deepEqual(requests.map(({ destinations }) => destinations.length).sort(), [1, 3000])
})
