/** Grids of cells over Great Britain: where to look for services of a box. */
import type { GridPlace } from '#src/rules/triage.ts'

/** Cells of so many metres, `side` of them each way; each kind of grid has a number. What lies further out belongs to the cells on the edge. */
export type Grid = { readonly metres: number; readonly side: number; readonly number: number }

/** The national grid is 700 km by 1,300 km. */
const EXTENT_METRES = 1_300_000
/** Services a grid is for, at most, and the size of its cells: few services a cell, and few cells in a box. Measured. */
const SIZES = [
  { services: 3_000, metres: 40_000 },
  { services: 15_000, metres: 20_000 },
  { services: Number.POSITIVE_INFINITY, metres: 10_000 },
] as const

const GRIDS: readonly Grid[] = SIZES.map(({ metres }, number) => ({
  metres,
  side: Math.ceil(EXTENT_METRES / metres),
  number,
}))

/** The grid that suits so many services. */
export const gridFor = (services: number): Grid => GRIDS[SIZES.findIndex((size) => services <= size.services)] as Grid

export const cellCount = ({ side }: Grid): number => side * side

const cellAt = ({ side }: Grid, x: number, y: number): number => side * x + y

export const cellOf = (grid: Grid, { easting, northing }: GridPlace): number =>
  cellAt(grid, inCells(grid, easting), inCells(grid, northing))

/** The number of the row or column of cells that holds a coordinate in metres. */
const inCells = (grid: Grid, metres: number): number =>
  Math.min(Math.max(Math.floor(metres / grid.metres), 0), grid.side - 1)

/** The cells that a box covers, those near its middle first. */
export type CoveredCells = {
  readonly cells: readonly number[]
  /** For each of the cells the square of the distance from the middle to its nearest point, in metres; 0 inside. */
  readonly leastSquares: readonly number[]
}

/** The cells of a box that reaches so many metres from a place each way. */
export function cellsAround(grid: Grid, origin: GridPlace, reach: number): CoveredCells {
  const { easting, northing } = origin
  const west = inCells(grid, easting - reach)
  const east = inCells(grid, easting + reach)
  const south = inCells(grid, northing - reach)
  const north = inCells(grid, northing + reach)
  const x = inCells(grid, easting)
  const y = inCells(grid, northing)
  const steps = stepsOutwards(Math.max(east - x, x - west, north - y, y - south))
  const cells: number[] = []
  const leastSquares: number[] = []
  for (let step = 0; step < steps.length; step += 2) {
    const atX = x + (steps[step] as number)
    const atY = y + (steps[step + 1] as number)
    if (atX < west || atX > east || atY < south || atY > north) continue
    cells.push(cellAt(grid, atX, atY))
    leastSquares.push(leastSquareTo(grid, atX, atY, origin))
  }
  return { cells, leastSquares }
}

function leastSquareTo(grid: Grid, x: number, y: number, { easting, northing }: GridPlace): number {
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

/** Steps from a cell to those around it, in pairs (x, y), the nearest first. */
function stepsOutwards(radius: number): Int16Array {
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
