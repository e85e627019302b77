/** The best few so far of a search by distance. Order: whole metres, then uid; ties at the end of the list included. */
import type { IndexedService } from './indexed-service.ts'

export type Found = { readonly service: IndexedService; readonly distanceMetres: number }

export type NearestList = {
  readonly found: Found[]
  readonly limit: number
  /** The squared chord beyond which no place can enter the list any more. */
  reach: number
}

/** Beyond the squared chord between opposite ends of the earth, 4. */
const WHOLE_GLOBE = 5
const EARTH_RADIUS_METRES = 6_371_000
/** Larger than any rounding of either way to measure, far smaller than a metre. */
const SLACK_METRES = 0.01

/** An empty list for the nearest `limit`. */
export const nearestList = (limit: number): NearestList => ({ found: [], limit, reach: WHOLE_GLOBE })

/** Whether a place may enter the list: it is nearer than the last one, or as near and the uid will decide. */
export const mayEnter = ({ found, limit }: NearestList, metres: number): boolean =>
  found.length < limit || metres <= (found[limit - 1] as Found).distanceMetres

/** Takes the service into the list if it is among the nearest so far. */
export function enter(list: NearestList, service: IndexedService, metres: number): void {
  const { found, limit } = list
  if (found.length === limit && !isBefore(metres, service, found[limit - 1] as Found)) return
  if (found.length === limit) found.pop()
  const entry = { service, distanceMetres: metres }
  let at = found.length
  found.push(entry)
  while (at > 0 && isBefore(metres, service, found[at - 1] as Found)) {
    found[at] = found[at - 1] as Found
    at--
  }
  found[at] = entry
  const last = found[limit - 1]
  if (last) list.reach = chordSquared(last.distanceMetres + 0.5 + SLACK_METRES)
}

const isBefore = (metres: number, service: IndexedService, other: Found): boolean =>
  metres < other.distanceMetres || (metres === other.distanceMetres && service.uid < other.service.uid)

/** The squared chord, on the unit sphere, of a distance along the ground. */
function chordSquared(metres: number): number {
  const half = Math.min(Math.PI / 2, metres / (2 * EARTH_RADIUS_METRES))
  return 4 * Math.sin(half) ** 2
}
