/** Walks over the services of a box whose columns hold what is asked for, squares near the middle first. */
import type { GridPlace } from '#src/rules/triage.ts'
import type { DayCover } from './open-columns.ts'
import { FACTS, type ServiceSquares, SQUARE_METRES, type Square } from './service-squares.ts'

export type Box = { readonly origin: GridPlace; readonly distanceKm: number }

/** Which columns a service must be in: every one of `all`, and at least one of `any` (when it is not empty). */
export type Sieve = {
  readonly all: readonly number[]
  readonly any: readonly number[]
  /** When a service must be open; absent: at any time or never. */
  readonly open?: readonly DayCover[]
  /**
   * Asked for each square, with the square of the least distance to it: columns whose services are no longer wanted
   * there, unless something besides their distance counts (`Columns.marked`).
   */
  readonly settled?: (leastSquareOfDistance: number) => readonly number[]
}

/** What is done with a service that passed, by its slot; the distance is straight, squared, in metres. */
export type Visit = (square: Square, slot: number, squareOfDistance: number) => void

type OpenOn = ServiceSquares['openOn']

/** Puts a sieve together from columns that may not exist. Null: a column that is needed does not, so nothing can match. */
export function sieveOf(all: readonly (number | undefined)[], any?: readonly (number | undefined)[]): Sieve | null {
  const needed = all.filter((column) => column !== undefined)
  const either = (any ?? []).filter((column) => column !== undefined)
  if (needed.length < all.length || (any !== undefined && either.length === 0)) return null
  return { all: needed, any: either }
}

/** Calls `visit` with each service of the box that passes the sieve. */
export function sift(squares: ServiceSquares, box: Box, sieve: Sieve, visit: Visit): void {
  const { easting, northing } = box.origin
  const reach = box.distanceKm * 1000
  const inSquares = (metres: number): number => Math.floor(metres / SQUARE_METRES)
  const west = inSquares(easting - reach)
  const east = inSquares(easting + reach)
  const south = inSquares(northing - reach)
  const north = inSquares(northing + reach)
  const x = inSquares(easting)
  const y = inSquares(northing)
  const steps = stepsOutwards(Math.ceil(reach / SQUARE_METRES))
  for (let step = 0; step < steps.length; step += 2) {
    const atX = x + (steps[step] as number)
    const atY = y + (steps[step + 1] as number)
    if (atX < west || atX > east || atY < south || atY > north) continue
    const square = squares.at(atX, atY)
    if (square) siftSquare(squares, square, box, sieve, visit)
  }
}

function siftSquare(squares: ServiceSquares, square: Square, box: Box, sieve: Sieve, visit: Visit): void {
  const { words, bits, count, facts } = square
  for (const column of sieve.all) if ((column + 1) * words > bits.length) return
  const { easting, northing } = box.origin
  const reach = box.distanceKm * 1000
  const settled = sieve.settled?.(leastSquareTo(square, box.origin)) ?? NONE
  const inUse = (count + 31) >> 5
  for (let word = 0; word < inUse; word++) {
    let found = passing(square, sieve, word)
    if (found !== 0 && settled.length > 0) {
      found &= ~eitherOf(square, settled, word) | (bits[squares.columns.marked * words + word] as number)
    }
    if (found !== 0 && sieve.open) found &= openDuring(square, sieve.open, squares.openOn, word)
    while (found !== 0) {
      const slot = word * 32 + 31 - Math.clz32(found & -found)
      found &= found - 1
      const eastwards = (facts[FACTS * slot] as number) - easting
      const northwards = (facts[FACTS * slot + 1] as number) - northing
      if (Math.abs(eastwards) > reach || Math.abs(northwards) > reach) continue
      visit(square, slot, eastwards * eastwards + northwards * northwards)
    }
  }
}

const NONE: readonly number[] = []

/** The square of the distance from a place to the nearest point of a square; 0 inside. */
function leastSquareTo({ x, y }: Square, { easting, northing }: GridPlace): number {
  const east = Math.max(x * SQUARE_METRES - easting, easting - (x + 1) * SQUARE_METRES, 0)
  const north = Math.max(y * SQUARE_METRES - northing, northing - (y + 1) * SQUARE_METRES, 0)
  return east * east + north * north
}

function passing(square: Square, { all, any }: Sieve, word: number): number {
  const { words, bits, count } = square
  let found = any.length === 0 ? slotsInUse(count - 32 * word) : eitherOf(square, any, word)
  for (let index = 0; found !== 0 && index < all.length; index++) {
    found &= bits[(all[index] as number) * words + word] as number
  }
  return found
}

function openDuring(square: Square, open: readonly DayCover[], openOn: OpenOn, word: number): number {
  const { words } = square
  let found = 0
  for (let index = 0; index < open.length; index++) {
    const { day, columns } = open[index] as DayCover
    const bits = openOn(square, day)
    for (let which = 0; which < columns.length; which++) {
      found |= bits[(columns[which] as number) * words + word] as number
    }
  }
  return found
}

/** The bits of a word in which `count` slots are in use. */
const slotsInUse = (count: number): number => (count >= 32 ? -1 : (1 << count) - 1)

function eitherOf({ words, bits }: Square, any: readonly number[], word: number): number {
  let found = 0
  for (const column of any) {
    const at = column * words + word
    if (at < bits.length) found |= bits[at] as number
  }
  return found
}

/** Steps from a square to those around it, in pairs (x, y), the nearest first. */
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
