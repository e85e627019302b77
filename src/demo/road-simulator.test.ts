import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLog } from '#src/platform/log.ts'
import { distanceMetres } from '#src/rules/distance.ts'
import { roadProvider } from '#src/urgent-care/road-distances.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { startRoadSimulator } from './road-simulator.ts'

const simulator = await startRoadSimulator()
after(() => simulator.close())

const SOUTHEND = { latitude: 51.54, longitude: 0.71 }
const SHEERNESS = { uid: 1, latitude: 51.44, longitude: 0.76 }
const LEEDS = { uid: 2, latitude: 53.8, longitude: -1.55 }
const WESTCLIFF = { uid: 3, latitude: 51.545, longitude: 0.69 }

test('speaks the contract: longer than the straight line, the same each time, no way across the estuary', async () => {
  const settings = { url: simulator.url, timeoutMs: 5000, token: undefined }
  const roads = roadProvider(settings, { clock: fixedClock(), log: createLog('silent') })
  const found = await roads.distances(SOUTHEND, [SHEERNESS, LEEDS, WESTCLIFF])
  assert.deepEqual([...(found?.keys() ?? [])], [2, 3])
  for (const place of [LEEDS, WESTCLIFF]) {
    const share = (found?.get(place.uid) ?? 0) / distanceMetres(SOUTHEND, place)
    assert.ok(share >= 1.19 && share <= 1.61, `${share}`)
  }
  assert.deepEqual(await roads.distances(SOUTHEND, [SHEERNESS, LEEDS, WESTCLIFF]), found)
  assert.equal((await roads.distances(LEEDS, [{ ...SOUTHEND, uid: 4 }]))?.get(4), found?.get(2))
})

const place = { reference: 'a', latitude: 51, longitude: 0 }
const refused: readonly (readonly [because: string, body: string])[] = [
  ['no JSON', '<a/>'],
  ['no destination', JSON.stringify({ transactionid: 'x', origin: place, destinations: [] })],
  ['3,001 destinations', JSON.stringify({ transactionid: 'x', origin: place, destinations: Array(3001).fill(place) })],
  [
    'a reference with a slash',
    JSON.stringify({ transactionid: 'x', origin: place, destinations: [{ ...place, reference: 'a/b' }] }),
  ],
]
for (const [because, body] of refused) {
  test(`answers 400 to ${because}`, async () => {
    assert.equal((await fetch(simulator.url, { method: 'POST', body })).status, 400)
  })
}
