/** The best few so far of a search by distance. Order: whole metres, then uid; ties at the end of the list included. */
import { distanceMetres, type Position } from '#src/rules/distance.ts'
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

/** Takes the service into the list if it is among the nearest so far. */
export function offer(list: NearestList, from: Position, service: IndexedService): void {
  const metres = distanceMetres(from, service as Position)
  if (list.found.length === list.limit && !isBefore(metres, service.uid, list.found[list.limit - 1] as Found)) return
  insert(list, { service, distanceMetres: metres })
}

function insert(list: NearestList, entry: Found): void {
  const { found, limit } = list
  if (found.length === limit) found.pop()
  let at = found.length
  found.push(entry)
  while (at > 0 && isBefore(entry.distanceMetres, entry.service.uid, found[at - 1] as Found)) {
    found[at] = found[at - 1] as Found
    at--
  }
  found[at] = entry
  const last = found[limit - 1]
  if (last) list.reach = chordSquared(last.distanceMetres + 0.5 + SLACK_METRES)
}

const isBefore = (metres: number, uid: number, other: Found): boolean =>
  metres < other.distanceMetres || (metres === other.distanceMetres && uid < other.service.uid)

/** The squared chord, on the unit sphere, of a distance along the ground. */
function chordSquared(metres: number): number {
  const half = Math.min(Math.PI / 2, metres / (2 * EARTH_RADIUS_METRES))
  return 4 * Math.sin(half) ** 2
}
