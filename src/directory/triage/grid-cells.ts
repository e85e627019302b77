/** Grids of cells over Great Britain: where to look for services of a box. */
import type { GridPlace } from '#src/rules/triage.ts'

/** Cells of so many metres, `side` of them each way. What lies further out belongs to the cells on the edge. */
export type Grid = { readonly metres: number; readonly side: number }

/** The national grid is 700 km by 1,300 km. */
const EXTENT_METRES = 1_300_000
/** Services a grid is for, at most, and the size of its cells: few services a cell, and few cells in a box. Measured. */
const SIZES = [
  { services: 3_000, metres: 40_000 },
  { services: 15_000, metres: 20_000 },
  { services: Number.POSITIVE_INFINITY, metres: 10_000 },
] as const

const GRIDS: readonly Grid[] = SIZES.map(({ metres }) => ({ metres, side: Math.ceil(EXTENT_METRES / metres) }))

/** The grid that suits so many services. */
export const gridFor = (services: number): Grid => GRIDS[SIZES.findIndex((size) => services <= size.services)] as Grid

export const cellCount = ({ side }: Grid): number => side * side

export const cellAt = ({ side }: Grid, x: number, y: number): number => side * x + y

export const cellOf = (grid: Grid, { easting, northing }: GridPlace): number =>
  cellAt(grid, inCells(grid, easting), inCells(grid, northing))

/** The number of the row or column of cells that holds a coordinate in metres. */
export const inCells = (grid: Grid, metres: number): number =>
  Math.min(Math.max(Math.floor(metres / grid.metres), 0), grid.side - 1)

/** The square of the distance from a place to the nearest point of a cell; 0 inside. */
export function leastSquareTo(grid: Grid, x: number, y: number, { easting, northing }: GridPlace): number {
  const east = beyond(grid, x, easting)
  const north = beyond(grid, y, northing)
  return east * east + north * north
}

/** How far a coordinate is outside a row of cells; those on the edge have no end outwards. */
function beyond(grid: Grid, row: number, metres: number): number {
  const least = row === 0 ? Number.NEGATIVE_INFINITY : row * grid.metres
  const greatest = row === grid.side - 1 ? Number.POSITIVE_INFINITY : (row + 1) * grid.metres
  return Math.max(least - metres, metres - greatest, 0)
}

/**
 * Steps from a cell to those around it, the nearest first, in threes: x, y, and how far everything in that cell and in
 * those that come after it is away at the least, squared, in sides of a cell.
 */
export function stepsOutwards(radius: number): Float64Array {
  const known = STEPS[radius]
  if (known) return known
  const steps: (readonly [number, number, number])[] = []
  for (let x = -radius; x <= radius; x++) {
    for (let y = -radius; y <= radius; y++) steps.push([x, y, Math.max(Math.hypot(x, y) - DIAGONAL, 0) ** 2])
  }
  steps.sort(([a, b], [c, d]) => a * a + b * b - (c * c + d * d))
  const made = Float64Array.from(steps.flat())
  STEPS[radius] = made
  return made
}

/** Two places can be nearer by this than their cells are; a little more than the root of two. */
const DIAGONAL = 1.4143
const STEPS: Float64Array[] = []
