/** The nearest services of a box: all of them, or a few without putting all in order first. */
import { enterFew, fewBest, worstKey } from './few-best.ts'
import type { ServicesOfType } from './services-of-type.ts'
import { type Box, EVERY_ACTIVE_SERVICE, type Sieve, sift } from './sift.ts'
import type { Found } from './triage-index.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/**
 * At most `limit` Active services of some types that `accepts` lets through, nearest first; ties by uid. Meant for
 * small limits: each service that is found moves those behind it.
 */
export function nearestFew(
  ofTypes: readonly ServicesOfType[],
  box: Box,
  { limit, accepts }: { readonly limit: number; readonly accepts: (service: UrgentCareService) => boolean },
): readonly Found[] {
  if (limit < 1) return []
  const few = fewBest(limit)
  const sieve = { ...EVERY_ACTIVE_SERVICE, reach: () => worstKey(few) }
  for (const ofType of ofTypes) {
    sift(ofType, box, sieve, (slot, squareOfDistance) => {
      if (squareOfDistance > worstKey(few)) return
      const service = ofType.layout.services[slot] as UrgentCareService
      if (accepts(service)) enterFew(few, service, squareOfDistance)
    })
  }
  return few.services.map((service, index) => ({ service, distanceMetres: Math.sqrt(few.keys[index] as number) }))
}

/** Every service of the box that passes the sieve that `sieveOf` makes for its type, nearest first; ties by uid. */
export function allInBox(
  ofTypes: Iterable<ServicesOfType>,
  box: Box,
  sieveOf: (ofType: ServicesOfType) => Sieve | null,
): readonly Found[] {
  const found: Found[] = []
  for (const ofType of ofTypes) {
    const sieve = sieveOf(ofType)
    if (!sieve) continue
    sift(ofType, box, sieve, (slot, squareOfDistance) => {
      found.push({
        service: ofType.layout.services[slot] as UrgentCareService,
        distanceMetres: Math.sqrt(squareOfDistance),
      })
    })
  }
  return found.sort((a, b) => a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid)
}
