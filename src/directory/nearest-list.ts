/** The best few so far of a search by distance. Order: whole metres, then uid; ties at the end of the list included. */
import type { IndexedService } from './indexed-service.ts'

export type Found = { readonly service: IndexedService; readonly distanceMetres: number }

/**
 * Where a service is kept, shared by everything that holds it. What changes of a service in its place is replaced here;
 * the cell is emptied when the service is no longer found in this place by this type.
 */
export type Cell = { service: IndexedService | undefined }

/** Side by side, in order: the cells found and their distances. */
export type NearestList = {
  readonly cells: Cell[]
  readonly metres: number[]
  readonly limit: number
  /** The squared chord, on the unit sphere, beyond which no place can enter the list any more. */
  reach: number
}

/** Beyond the squared chord between opposite ends of the earth, 4. */
const WHOLE_GLOBE = 5
/** As in `rules/distance.ts`: the distances are the same. */
const EARTH_RADIUS_METRES = 6_371_000
/** Larger than any rounding of either way to measure, far smaller than a metre. */
const SLACK_METRES = 0.01

/** An empty list for the nearest `limit`. */
export const nearestList = (limit: number): NearestList => ({ cells: [], metres: [], limit, reach: WHOLE_GLOBE })

/** Takes a cell into the list if its service, at this squared chord, is among the nearest so far. */
export function enter(list: NearestList, cell: Cell, chord: number): void {
  const { cells, metres, limit } = list
  const distance = metresOf(chord)
  if (cell.service === undefined) return
  if (cells.length === limit) {
    if (!isBefore(distance, cell, metres[limit - 1] as number, cells[limit - 1] as Cell)) return
    cells.pop()
    metres.pop()
  }
  let at = cells.length
  cells.push(cell)
  metres.push(distance)
  while (at > 0 && isBefore(distance, cell, metres[at - 1] as number, cells[at - 1] as Cell)) {
    cells[at] = cells[at - 1] as Cell
    metres[at] = metres[at - 1] as number
    at--
  }
  cells[at] = cell
  metres[at] = distance
  if (cells.length === limit) list.reach = chordOf((metres[limit - 1] as number) + 0.5 + SLACK_METRES)
}

/** What was found, nearest first. */
export function foundIn({ cells, metres }: NearestList): readonly Found[] {
  return cells.map(({ service }, index) => ({
    service: service as IndexedService,
    distanceMetres: metres[index] as number,
  }))
}

const isBefore = (metres: number, cell: Cell, otherMetres: number, other: Cell): boolean =>
  metres < otherMetres || (metres === otherMetres && uidOf(cell) < uidOf(other))

const uidOf = ({ service }: Cell): number => service?.uid ?? 0

/** Whole metres along the ground for a squared chord. */
const metresOf = (chord: number): number =>
  Math.round(2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord) / 2)))

function chordOf(metres: number): number {
  const half = Math.min(Math.PI / 2, metres / (2 * EARTH_RADIUS_METRES))
  return 4 * Math.sin(half) ** 2
}
