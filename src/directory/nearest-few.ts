/** The nearest services of a box: all of them, or a few without putting all in order first. */
import { enterFew, fewBest, worstKey } from './few-best.ts'
import type { ServiceSquares } from './service-squares.ts'
import { type Box, type Sieve, sift } from './sift.ts'
import type { Found } from './triage-index.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/**
 * At most `limit` services that pass the sieve and that `accepts` lets through, nearest first; ties by uid. Meant for
 * small limits: each service that is found moves those behind it.
 */
export function nearestFew(
  squares: ServiceSquares,
  box: Box,
  sieve: Sieve | null,
  { limit, accepts }: { readonly limit: number; readonly accepts: (service: UrgentCareService) => boolean },
): readonly Found[] {
  if (!sieve || limit < 1) return []
  const few = fewBest(limit)
  sift(squares, box, sieve, ({ services }, slot, squareOfDistance) => {
    if (squareOfDistance > worstKey(few)) return
    const service = services[slot] as UrgentCareService
    if (accepts(service)) enterFew(few, service, squareOfDistance)
  })
  return few.services.map((service, index) => ({ service, distanceMetres: Math.sqrt(few.keys[index] as number) }))
}

/** Every service of the box that passes the sieve, nearest first; ties by uid. */
export function allInBox(squares: ServiceSquares, box: Box, sieve: Sieve | null): readonly Found[] {
  if (!sieve) return []
  const found: Found[] = []
  sift(squares, box, sieve, ({ services }, slot, squareOfDistance) => {
    found.push({ service: services[slot] as UrgentCareService, distanceMetres: Math.sqrt(squareOfDistance) })
  })
  return found.sort((a, b) => a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid)
}
