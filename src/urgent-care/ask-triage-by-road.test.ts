/** Triage searches by road, asked of a real provider on this machine. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { after, test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { createTriageIndex } from '#src/directory/triage/triage-index.ts'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import { createLog } from '#src/platform/log.ts'
import { toGps } from '#src/rules/national-grid.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { askTriage } from './ask-triage.ts'
import { roadProvider } from './road-distances.ts'
import type { TriageRequest } from './triage-request.ts'

const clock = fixedClock()
const log = createLog('silent')
const ORIGIN = { easting: 429_067, northing: 433_934 }
const PLACE = {
  postcode: parsePostcode('ZZ1 1AA') ?? assert.fail(),
  ...ORIGIN,
  ...toGps(ORIGIN),
  ...{ icbCode: null, localAuthorityCode: null, termination: null },
}
const REQUEST: TriageRequest = {
  version: '1.5',
  ...{ caseRef: null, caseId: 'TEST', postcode: 'ZZ1 1AA', surgery: null, age: '22', ageFormat: 'Years' },
  ...{ disposition: '1008', symptomGroup: '1011', symptomDiscriminators: ['4003'], searchDistance: null },
  ...{ forceSearchDistance: false, gender: 'F', searchDateTime: null },
}
const PROFILE = {
  ...{ genders: ['F'], ages: [[0, 47_481.5]], sgsd: { 1011: [4003] }, dispositions: [1008], roles: [4] },
}
const ALWAYS = { weekly: Array(7).fill([]), bankHoliday: [], openAllHours: true, specified: {} }

/** A match so many metres north of the postcode. */
const match = (uid: number, metres: number, given: Partial<ServiceRecord> = {}) => {
  const place = { ...ORIGIN, northing: ORIGIN.northing + metres }
  return toUrgentCare({ uid, odsCode: null, ...place, ...toGps(place), hours: ALWAYS, other: PROFILE, ...given })
}

type Asked = { readonly destinations: readonly { readonly reference: string }[] }

/** Asks about these services; `metresOf` is the provider: undefined cannot be reached, and no provider never answers. */
async function ask(
  services: readonly ReturnType<typeof match>[],
  metresOf: ((uid: number) => number | undefined) | undefined,
  request: Partial<TriageRequest> = {},
  permissions: readonly string[] = ['webService', 'roadDistance'],
) {
  const index = createTriageIndex()
  for (const service of services) index.take(service)
  const asked: Asked[] = []
  const server = createServer(async (incoming, response) => {
    const question = (await json(incoming)) as Asked
    asked.push(question)
    if (!metresOf) return
    const all = question.destinations.map(({ reference }) => [reference, metresOf(Number(reference))] as const)
    const reached = all.filter(([, metres]) => metres !== undefined)
    const unreachable = all.filter(([, metres]) => metres === undefined).map(([reference]) => reference)
    response.end(JSON.stringify({ status: 200, destinations: Object.fromEntries(reached), unreachable }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const reference = buildTriageReference({
    types: [13, 14, 100, 105].map((id) => ({ id, name: `Type ${id}`, rank: id === 105 ? 9 : 1, limit: 2 })),
    pairs: { 1011: [4003] },
    dispositions: [{ id: 1008, timeframe: 60 }],
  })
  const reply = await askTriage(
    {
      triage: index,
      roads: roadProvider({ url, timeoutMs: metresOf ? 5000 : 500, token: undefined }, { clock, log }),
      clock,
      reference: () => reference,
      gazetteer: { find: () => PLACE, size: 1 },
      settings: { catchAllTypes: undefined, legacyCatchAll: false },
    },
    { role: 4, permissions },
    { ...REQUEST, ...request },
  )
  assert.ok(reply.ok, JSON.stringify(reply))
  return { services: reply.answer.services, asked, uids: reply.answer.services.map(({ service }) => service.uid) }
}

const THREE = [match(1, 1000), match(2, 2000), match(3, 3000, { typeId: 14 })]

test('CCS-084: when the provider does not answer in time, the straight line decides', async () => {
  const { uids, asked, services } = await ask(THREE, undefined)
  assert.deepEqual(uids, [1, 2, 3])
  assert.equal(asked.length, 1)
  assert.equal(Math.round(services[0]?.distanceMetres ?? 0), 1000)
})

test('CCS-086: of 140 matches of a type a hundred are asked about, and the home surgery is among them', async () => {
  const pharmacies = Array.from({ length: 140 }, (_, index) =>
    match(index + 1, 100 * (index + 1), index === 119 ? { odsCode: 'L01329' } : {}),
  )
  const { uids, asked, services } = await ask(pharmacies, (uid) => 200 * (141 - uid), { surgery: 'L01329' })
  const references = asked[0]?.destinations.map(({ reference }) => Number(reference)) ?? []
  assert.equal(references.length, 100)
  assert.ok(references.includes(120))
  assert.deepEqual(
    references.filter((uid) => uid !== 120).sort((a, b) => a - b),
    Array.from({ length: 99 }, (_, index) => index + 1),
  )
  assert.deepEqual(uids, [120, 99], 'the home surgery first, then the nearest by road')
  assert.deepEqual(
    services.map(({ label, distanceMetres }) => [label, distanceMetres]),
    [
      ['Home', 4200],
      [null, 8400],
    ],
  )
})

test('the way by road decides, and what cannot be reached is left out', async () => {
  const metres: Record<number, number | undefined> = { 1: 9000, 2: undefined, 3: 500 }
  assert.deepEqual((await ask(THREE, (uid) => metres[uid])).uids, [3, 1])
})

test('a service that nobody can say the place of is left out', async () => {
  const lost = match(4, 500, { latitude: null, longitude: null })
  assert.deepEqual((await ask([...THREE, lost], (uid) => uid * 1000)).uids, [1, 2, 3])
})

test('when nothing can be reached, emergency departments are looked for', async () => {
  const { services } = await ask([...THREE, match(9, 20_000, { typeId: 105, other: {} })], () => undefined)
  assert.deepEqual(
    services.map(({ service, label }) => [service.uid, label]),
    [[9, 'Catch-all']],
  )
})

test('an account without the permission is answered by straight line, and nobody is asked', async () => {
  const { uids, asked } = await ask(THREE, (uid) => 10_000 - uid, {}, ['webService'])
  assert.deepEqual(uids, [1, 2, 3])
  assert.equal(asked.length, 0)
})
