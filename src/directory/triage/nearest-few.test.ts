import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { createTriageIndex } from './triage-index.ts'

const places = fc.record({
  easting: fc.integer({ min: 380_000, max: 480_000 }).map((metres) => metres - (metres % 5000)),
  northing: fc.integer({ min: 250_000, max: 350_000 }).map((metres) => metres - (metres % 5000)),
})
const someServices = fc.array(
  fc.record({
    place: places,
    typeId: fc.constantFrom(13, 14),
    status: fc.constantFrom('ACTIVE' as const, 'CLOSED' as const),
  }),
  { maxLength: 80 },
)

test('the few nearest are the first of all, for any limit, with what is not accepted left out', () => {
  const limits = fc.integer({ min: 0, max: 12 })
  const distances = fc.constantFrom(1, 30, 99)
  fc.assert(
    fc.property(someServices, places, limits, distances, (services, origin, limit, distanceKm) => {
      const index = createTriageIndex()
      for (const [number, { place, typeId, status }] of services.entries()) {
        index.take(toUrgentCare({ uid: number + 1, typeId, status, ...place }))
      }
      const box = { origin, distanceKm }
      const accepts = ({ uid }: { readonly uid: number }) => uid % 3 !== 0
      const all = index.ofTypes([13], box).filter(({ service }) => accepts(service))
      assert.deepEqual(index.nearestOfType(13, box, { limit, accepts }), all.slice(0, limit))
    }),
  )
})
