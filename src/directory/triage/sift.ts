/** Walks over the services of a box whose columns hold what is asked for, cells near the middle first. */
import { type GridPlace, metresOf } from '#src/rules/triage.ts'
import { type BitColumns, SLOTS_A_WORD } from './bit-columns.ts'
import { ACTIVE, type Columns, IN_USE } from './code-columns.ts'
import { cellAt, inCells, leastSquareTo, stepsOutwards } from './grid-cells.ts'
import type { DayCover } from './open-columns.ts'
import { EASTING, FACTS, NORTHING, type ServicesOfType } from './services-of-type.ts'

export type Box = { readonly origin: GridPlace; readonly distanceKm: number }

/** Numbers of codes that services must carry: all of `all`, and at least one of `any` when it is given. */
export type WantedCodes = { readonly all: readonly number[]; readonly any?: readonly number[] | undefined }

/** Null: some code that is needed is carried by no service at all. */
export function wantedCodes(
  all: readonly (number | undefined)[],
  any?: readonly (number | undefined)[],
): WantedCodes | null {
  const either = any?.filter((code) => code !== undefined)
  return !isComplete(all) || either?.length === 0 ? null : { all, any: either }
}

const isComplete = (codes: readonly (number | undefined)[]): codes is readonly number[] => !codes.includes(undefined)

/** Which services pass: those in every column of `all`, and in at least one of `any` when it is given. */
export type Sieve = { readonly all: readonly number[]; readonly any?: readonly number[] | undefined }

/** What else is asked of those that pass. */
export type Limits = {
  /** When a service must be open; absent: at any time or never. */
  readonly open?: readonly DayCover[]
  /** Asked for each cell: nothing further away than this is wanted any more. Squared, in metres. */
  readonly reach: () => number
}

export const EVERY_SERVICE: Sieve = { all: [IN_USE] }

export const EVERY_ACTIVE_SERVICE: Sieve = { all: [ACTIVE] }

/** A sieve for Active services of a type with codes, of which some may have no column. Null: no service can pass. */
export function sieveFor(columns: Columns, wanted: WantedCodes): Sieve | null {
  const all: number[] = []
  for (const code of wanted.all) {
    const column = columns(code)
    if (column === undefined) return null
    all.push(column)
  }
  const any = wanted.any?.map(columns).filter((column) => column !== undefined)
  return any?.length === 0 ? null : { all, any }
}

/**
 * What is done with a service that passed, by its slot; the distance is along a straight line, squared, in metres.
 * `isOpen`: that it is open when it must be is certain, and need not be asked again.
 */
export type Visit = (slot: number, squareOfDistance: number, isOpen: boolean) => void

const NO_LIMITS: Limits = { reach: () => Number.POSITIVE_INFINITY }

/** Calls `visit` with each service of the box that passes the sieve and is within the limits. */
export function sift(services: ServicesOfType, box: Box, sieve: Sieve, visit: Visit, limits: Limits = NO_LIMITS): void {
  const { codes, wordCount, grid } = services.layout
  if (!hasColumns(codes, sieve.all)) return
  const { easting, northing } = box.origin
  const reach = metresOf(box.distanceKm)
  const west = inCells(grid, easting - reach)
  const east = inCells(grid, easting + reach)
  const south = inCells(grid, northing - reach)
  const north = inCells(grid, northing + reach)
  const x = inCells(grid, easting)
  const y = inCells(grid, northing)
  const steps = stepsOutwards(Math.max(east - x, x - west, north - y, y - south))
  for (let step = 0; step < steps.length; step += 3) {
    const atX = x + (steps[step] as number)
    const atY = y + (steps[step + 1] as number)
    if (atX < west || atX > east || atY < south || atY > north) continue
    const cell = cellAt(grid, atX, atY)
    if (wordCount[cell] === 0) continue
    const furthest = limits.reach()
    if ((steps[step + 2] as number) * grid.metres ** 2 > furthest) return
    if (leastSquareTo(grid, atX, atY, box.origin) > furthest) continue
    siftCell(services, cell, box, sieve, visit, limits)
  }
}

/** A column that is not there has no bit set. */
function hasColumns({ words, bits }: BitColumns, columns: readonly number[]): boolean {
  for (const column of columns) if ((column + 1) * words > bits.length) return false
  return true
}

function siftCell(services: ServicesOfType, cell: number, box: Box, sieve: Sieve, visit: Visit, limits: Limits): void {
  const { codes, firstWord, wordCount } = services.layout
  const first = firstWord[cell] as number
  const end = first + (wordCount[cell] as number)
  const { open } = limits
  for (let word = first; word < end; word++) {
    const found = passing(codes, sieve, word)
    if (found === 0) continue
    if (open === undefined) {
      visitSlots(services, word, found, false, box, visit)
      continue
    }
    const sure = openDuring(services, cell, open, 'sure', word, found)
    if (sure !== 0) visitSlots(services, word, sure, true, box, visit)
    if (sure === found) continue
    const perhaps = openDuring(services, cell, open, 'perhaps', word, found & ~sure)
    if (perhaps !== 0) visitSlots(services, word, perhaps, false, box, visit)
  }
}

function visitSlots(
  { layout }: ServicesOfType,
  word: number,
  bits: number,
  isOpen: boolean,
  { origin, distanceKm }: Box,
  visit: Visit,
): void {
  const { facts } = layout
  const reach = metresOf(distanceKm)
  for (let left = bits; left !== 0; left &= left - 1) {
    const slot = SLOTS_A_WORD * word + 31 - Math.clz32(left & -left)
    const eastwards = (facts[FACTS * slot + EASTING] as number) - origin.easting
    const northwards = (facts[FACTS * slot + NORTHING] as number) - origin.northing
    if (Math.abs(eastwards) > reach || Math.abs(northwards) > reach) continue
    visit(slot, eastwards * eastwards + northwards * northwards, isOpen)
  }
}

function passing({ words, bits }: BitColumns, { all, any }: Sieve, word: number): number {
  let found = -1
  for (let index = 0; found !== 0 && index < all.length; index++) {
    found &= bits[(all[index] as number) * words + word] as number
  }
  if (found === 0 || any === undefined) return found
  let either = 0
  for (const column of any) either |= bits[column * words + word] ?? 0
  return found & either
}

/** Which of these services have a bit in one of the columns of opening hours. */
function openDuring(
  services: ServicesOfType,
  cell: number,
  open: readonly DayCover[],
  how: 'sure' | 'perhaps',
  word: number,
  those: number,
): number {
  let left = those
  for (let index = 0; left !== 0 && index < open.length; index++) {
    const cover = open[index] as DayCover
    const columns = cover[how]
    if (columns.length === 0) continue
    const { bits, words } = services.openOn(cover.day, cell)
    for (let which = 0; left !== 0 && which < columns.length; which++) {
      left &= ~(bits[(columns[which] as number) * words + word] as number)
    }
  }
  return those & ~left
}
