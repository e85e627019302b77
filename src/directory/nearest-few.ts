/** The few nearest services of a box, without putting all of them in order first. */
import type { ServiceSquares } from './service-squares.ts'
import { type Box, type Sieve, sift } from './sift.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

type Few = {
  /** Nearest first. */
  readonly services: UrgentCareService[]
  /** Squares of metres, beside `services`. */
  readonly distances: number[]
}

/**
 * At most `limit` services that pass the sieve and that `accepts` lets through, nearest first; ties by uid. Meant for
 * small limits: each service that is found moves those behind it.
 */
export function nearestFew(
  squares: ServiceSquares,
  box: Box,
  sieve: Sieve | null,
  { limit, accepts }: { readonly limit: number; readonly accepts: (service: UrgentCareService) => boolean },
): readonly { readonly service: UrgentCareService; readonly distanceMetres: number }[] {
  if (!sieve || limit === 0) return []
  const few: Few = { services: [], distances: [] }
  const reach = box.distanceKm * 1000
  // Whoever is further away than this is not among the few.
  let furthest = Number.POSITIVE_INFINITY
  sift(squares, box, sieve, ({ eastings, northings, services }, slot) => {
    const east = (eastings[slot] as number) - box.origin.easting
    const north = (northings[slot] as number) - box.origin.northing
    const distance = east * east + north * north
    if (distance > furthest || Math.abs(east) > reach || Math.abs(north) > reach) return
    const service = services[slot] as UrgentCareService
    if (!accepts(service)) return
    enter(few, service, distance, limit)
    if (few.services.length === limit) furthest = few.distances[limit - 1] as number
  })
  return few.services.map((service, index) => ({
    service,
    distanceMetres: Math.sqrt(few.distances[index] as number),
  }))
}

function enter({ services, distances }: Few, service: UrgentCareService, distance: number, limit: number): void {
  let at = services.length
  while (at > 0 && comesBefore(service, distance, services[at - 1] as UrgentCareService, distances[at - 1] as number))
    at--
  if (at === limit) return
  services.splice(at, 0, service)
  distances.splice(at, 0, distance)
  if (services.length > limit) {
    services.pop()
    distances.pop()
  }
}

const comesBefore = (service: UrgentCareService, distance: number, other: UrgentCareService, than: number): boolean =>
  distance < than || (distance === than && service.uid < other.uid)
