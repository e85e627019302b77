/** The nearest services of a box: all of them, or a few without putting all in order first. */
import type { ServiceFilters } from '#src/rules/service-filters.ts'
import { takesPatientsOf } from '#src/rules/triage.ts'
import { type CodeNumbers, NEEDS_TESTS, rememberAges } from './code-columns.ts'
import { enterFew, fewBest, worstKey } from './few-best.ts'
import { AGE_BANDS, FACTS, MARKS, type ServicesOfType } from './services-of-type.ts'
import {
  type Box,
  EVERY_ACTIVE_SERVICE,
  type Sieve,
  sieveFor,
  sift,
  type Visit,
  type WantedCodes,
  wantedCodes,
} from './sift.ts'
import type { Found } from './triage-index.ts'
import type { SearchedServices } from './triage-search.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Without filters every Active service is wanted. */
export type Few = { readonly limit: number; readonly filters?: ServiceFilters }

const NO_FILTERS = { age: null, surgery: null } as const

/**
 * At most `limit` Active services of some types that pass the filters, nearest first; ties by uid. Meant for small
 * limits: each service that is found moves those behind it.
 */
export function nearestFew(
  { ageBands, codes }: Pick<SearchedServices, 'ageBands' | 'codes'>,
  ofTypes: readonly ServicesOfType[],
  box: Box,
  { limit, filters }: Few,
): readonly Found[] {
  const wanted = filters && codesOfFilters(codes, filters)
  if (limit < 1 || wanted === null) return []
  const few = fewBest(limit)
  const reach = (): number => worstKey(few)
  const { age, surgery } = filters ?? NO_FILTERS
  const takesAgeBands = rememberAges(ageBands, age)
  for (const ofType of ofTypes) {
    const sieve = wanted === undefined ? EVERY_ACTIVE_SERVICE : sieveFor(ofType.columns, wanted)
    if (!sieve) continue
    const { facts, services } = ofType.layout
    const visit: Visit = (slot, squareOfDistance) => {
      if (squareOfDistance > reach() || !takesAgeBands(facts[FACTS * slot + AGE_BANDS] as number)) return
      const service = services[slot] as UrgentCareService
      // To look at services costs most: only those that are marked may be for patients of some surgeries alone.
      const isMarked = filters !== undefined && ((facts[FACTS * slot + MARKS] as number) & NEEDS_TESTS) !== 0
      if (!isMarked || takesPatientsOf(service.clinical, surgery)) enterFew(few, service, squareOfDistance)
    }
    sift(ofType, box, sieve, visit, { reach })
  }
  return few.services.map((service, index) => ({ service, distanceMetres: Math.sqrt(few.keys[index] as number) }))
}

/** Codes that say the same as the filters of role and gender. Null: no service passes. */
function codesOfFilters(codes: CodeNumbers, { role, gender }: ServiceFilters): WantedCodes | null {
  if (role === null) return null
  return wantedCodes(gender === null ? [codes.role(role)] : [codes.role(role), codes.gender(gender)])
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
  return found.sort(nearestFirst)
}

/** Which of two services is nearer; ties by uid. */
export const nearestFirst = (a: Found, b: Found): number =>
  a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid
