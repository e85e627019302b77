/** Walks over the services of a box whose columns hold what is asked for, squares near the middle first. */
import type { GridPlace } from '#src/rules/triage.ts'
import { type ServiceSquares, SQUARE_METRES, type Square } from './service-squares.ts'

export type Box = { readonly origin: GridPlace; readonly distanceKm: number }

/** Which columns a service must be in: every one of `all`, and at least one of `any` (when it is not empty). */
export type Sieve = { readonly all: readonly number[]; readonly any: readonly number[] }

/** Puts a sieve together from columns that may not exist. Null: a column that is needed does not, so nothing can match. */
export function sieveOf(all: readonly (number | undefined)[], any?: readonly (number | undefined)[]): Sieve | null {
  const needed = all.filter((column) => column !== undefined)
  const either = (any ?? []).filter((column) => column !== undefined)
  if (needed.length < all.length || (any !== undefined && either.length === 0)) return null
  return { all: needed, any: either }
}

/** Calls `visit` with each slot that passes the sieve. Slots outside the box, in squares on its edge, are visited too. */
export function sift(
  squares: ServiceSquares,
  { origin, distanceKm }: Box,
  sieve: Sieve,
  visit: (square: Square, slot: number) => void,
): void {
  const reach = distanceKm * 1000
  const west = Math.floor((origin.easting - reach) / SQUARE_METRES)
  const east = Math.floor((origin.easting + reach) / SQUARE_METRES)
  const south = Math.floor((origin.northing - reach) / SQUARE_METRES)
  const north = Math.floor((origin.northing + reach) / SQUARE_METRES)
  const x = Math.floor(origin.easting / SQUARE_METRES)
  const y = Math.floor(origin.northing / SQUARE_METRES)
  const steps = stepsOutwards(Math.ceil(reach / SQUARE_METRES))
  for (let step = 0; step < steps.length; step += 2) {
    const atX = x + (steps[step] as number)
    const atY = y + (steps[step + 1] as number)
    if (atX < west || atX > east || atY < south || atY > north) continue
    const square = squares.at(atX, atY)
    if (square) siftSquare(square, sieve, visit)
  }
}

function siftSquare(square: Square, { all, any }: Sieve, visit: (square: Square, slot: number) => void): void {
  const { words, bits, count } = square
  for (const column of all) if ((column + 1) * words > bits.length) return
  const inUse = (count + 31) >> 5
  for (let word = 0; word < inUse; word++) {
    let found = any.length === 0 ? slotsInUse(count - 32 * word) : eitherOf(square, any, word)
    for (let index = 0; found !== 0 && index < all.length; index++) {
      found &= bits[(all[index] as number) * words + word] as number
    }
    while (found !== 0) {
      const bit = 31 - Math.clz32(found & -found)
      found &= found - 1
      visit(square, word * 32 + bit)
    }
  }
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
