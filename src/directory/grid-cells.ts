/** The cells of a grid over Great Britain: where to look for services of a box. */
import type { GridPlace } from '#src/rules/triage.ts'

/** Small enough that a search skips most of the country, large enough that it visits few cells. Measured. */
export const CELL_METRES = 30_000
/** Cells a side. What lies further out belongs to the cells on the edge, which have no end outwards. */
const SIDE = 64
export const CELLS = SIDE * SIDE

export const cellAt = (x: number, y: number): number => SIDE * x + y

export const cellOf = ({ easting, northing }: GridPlace): number => cellAt(inCells(easting), inCells(northing))

/** The number of the row or column of cells that holds a coordinate in metres. */
export const inCells = (metres: number): number => Math.min(Math.max(Math.floor(metres / CELL_METRES), 0), SIDE - 1)

/** The square of the distance from a place to the nearest point of a cell; 0 inside. */
export function leastSquareTo(x: number, y: number, { easting, northing }: GridPlace): number {
  const east = beyond(x, easting)
  const north = beyond(y, northing)
  return east * east + north * north
}

/** How far a coordinate is outside a row of cells. */
function beyond(row: number, metres: number): number {
  const least = row === 0 ? Number.NEGATIVE_INFINITY : row * CELL_METRES
  const greatest = row === SIDE - 1 ? Number.POSITIVE_INFINITY : (row + 1) * CELL_METRES
  return Math.max(least - metres, metres - greatest, 0)
}

/** Steps from a cell to those around it, in pairs (x, y), the nearest first. */
export function stepsOutwards(radius: number): Int16Array {
  const known = STEPS[radius]
  if (known) return known
  const pairs: (readonly [number, number])[] = []
  for (let x = -radius; x <= radius; x++) for (let y = -radius; y <= radius; y++) pairs.push([x, y])
  pairs.sort(([a, b], [c, d]) => a * a + b * b - (c * c + d * d))
  const made = Int16Array.from(pairs.flat())
  STEPS[radius] = made
  return made
}

const STEPS: Int16Array[] = []
