/**
 * How far a triage search looks, and who said so.
 *
 * Source: DoS web services, Check Capacity Summary search logic 1.5, "Validate Search Distance".
 */

export type StoredDistance = { readonly km: number; readonly source: 'Postcode' | 'Sector' | 'District' }

/** In the words of the web services; clients compare them. */
export type SearchDistance = {
  readonly km: number
  readonly source: StoredDistance['source'] | 'Override' | 'Web Service' | 'National'
}

/** `distance-missing`: it was to override what is stored, but was not given. `distance`: not a whole number from 1 to 99. */
export type DistanceProblem = 'distance-missing' | 'distance'

export type DistanceChosen =
  | { readonly ok: true; readonly distance: SearchDistance }
  | { readonly ok: false; readonly code: DistanceProblem }

const LEAST_KM = 1
const MOST_KM = 99

/**
 * The distance of a search. `given` is text as the request has it, null when it has none; `stored` is what is kept for
 * the postcode, its sector or its district. A distance that cannot be is a problem only when it would be used.
 */
export function chooseDistance(
  given: string | null,
  force: boolean,
  stored: StoredDistance | undefined,
  nationalKm: number,
): DistanceChosen {
  if (force) return given === null ? { ok: false, code: 'distance-missing' } : asGiven(given, 'Override')
  if (stored) return { ok: true, distance: stored }
  if (given !== null) return asGiven(given, 'Web Service')
  return { ok: true, distance: { km: nationalKm, source: 'National' } }
}

function asGiven(given: string, source: 'Override' | 'Web Service'): DistanceChosen {
  const km = /^\+?\d{1,9}$/.test(given) ? Number(given) : 0
  return km >= LEAST_KM && km <= MOST_KM ? { ok: true, distance: { km, source } } : { ok: false, code: 'distance' }
}
