/**
 * Which services a search of the REST API returns, and in which order.
 *
 * Source: DoS REST API v1.0, search rules and response of byServiceType and byClinicalTerm.
 */
import type { Found, TriageIndex } from '#src/directory/triage/triage-index.ts'
import { METRES_PER_MILE } from '#src/rules/distance.ts'
import { passesFilters, type ServiceFilters } from '#src/rules/service-filters.ts'
import { isCommissionedBy } from '#src/rules/triage.ts'
import type { ServiceSearch } from './rest-request.ts'

/** From so many of a type on, putting all in order is quicker than keeping the few nearest. */
const A_FEW = 50
/** An answer must not grow without end: those that come after this many are left out. */
const MOST_SERVICES = 2000

/**
 * The nearest services of each type: by type in the order of the request, or for a pair of codes all by distance. Those
 * that list the patient's surgery come before all others. `role` is the account's.
 */
export function findServices(
  { place, distanceMiles, age, gender, surgery, limit, wanted }: ServiceSearch,
  role: number | null,
  index: Pick<TriageIndex, 'nearestOfType' | 'ofTypes' | 'withPair'>,
): readonly Found[] {
  if (place === null || role === null) return []
  const filters: ServiceFilters = { role, gender, age, surgery }
  const accepts = (service: Found['service']): boolean => passesFilters(service, filters)
  const box = { origin: place, distanceKm: (distanceMiles * METRES_PER_MILE) / 1000 }
  const nearestOf = (typeId: number): readonly Found[] =>
    limit <= A_FEW
      ? index.nearestOfType(typeId, box, { limit, filters })
      : index
          .ofTypes([typeId], box)
          .filter(({ service }) => accepts(service))
          .slice(0, limit)
  const found =
    'typeIds' in wanted
      ? wanted.typeIds.flatMap(nearestOf)
      : atMostOfEachType(
          index.withPair(wanted.symptomGroup, wanted.discriminator, box).filter(({ service }) => accepts(service)),
          limit,
        )
  return commissionedFirst(found, surgery).slice(0, MOST_SERVICES)
}

function atMostOfEachType(found: readonly Found[], limit: number): readonly Found[] {
  const counts = new Map<number, number>()
  return found.filter(({ service: { typeId } }) => {
    const count = (counts.get(typeId) ?? 0) + 1
    counts.set(typeId, count)
    return count <= limit
  })
}

function commissionedFirst(found: readonly Found[], surgery: string | null): readonly Found[] {
  if (surgery === null) return found
  const isListed = ({ service }: Found): boolean => isCommissionedBy(service.clinical, surgery)
  return [...found.filter(isListed), ...found.filter((one) => !isListed(one))]
}
