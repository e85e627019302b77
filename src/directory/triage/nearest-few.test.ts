import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { passesFilters } from '#src/rules/service-filters.ts'
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
    other: fc.record({
      genders: fc.subarray(['F', 'M'], { minLength: 1 }),
      roles: fc.subarray([1, 2]),
      ages: fc.constantFrom([[0, 1000]], [[2000, 9000]]),
      restricted: fc.boolean(),
      referrals: fc.subarray(['P84001']),
    }),
  }),
  { maxLength: 80 },
)

test('the few nearest are the first of all, for any limit, with what the filters refuse left out', () => {
  const limits = fc.integer({ min: 0, max: 12 })
  const distances = fc.constantFrom(1, 30, 99)
  const someFilters = fc.record({
    role: fc.constantFrom(1, 2, null),
    gender: fc.constantFrom('F' as const, 'I' as const, null),
    age: fc.constantFrom([500, 500] as const, null),
    surgery: fc.constantFrom('P84001', null),
  })
  fc.assert(
    fc.property(
      someServices,
      places,
      limits,
      distances,
      someFilters,
      (services, origin, limit, distanceKm, filters) => {
        const index = createTriageIndex()
        for (const [number, { place, ...given }] of services.entries()) {
          index.take(toUrgentCare({ uid: number + 1, ...given, ...place }))
        }
        const box = { origin, distanceKm }
        const all = index.ofTypes([13], box).filter(({ service }) => passesFilters(service, filters))
        assert.deepEqual(index.nearestOfType(13, box, { limit, filters }), all.slice(0, limit))
      },
    ),
  )
})
