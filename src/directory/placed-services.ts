/** Findable services in one frozen tree of places, searched outwards from a point. */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { isOpenAt } from '#src/rules/opening-times.ts'
import { addBusyOn, bitOf, WORDS, wordOf } from './busy-times.ts'
import { type BusyDay, type BusyTree, busyOn, busyTree, countIn, makeExact, sumUp, widen } from './busy-tree.ts'
import type { IndexedService } from './indexed-service.ts'
import { type NearestList, offer } from './nearest-list.ts'
import { growPointTree, type Sweep, setVector, sweepOutwards } from './point-tree.ts'

/**
 * Where a service is kept, shared by everything that holds it. What changes of a service in its place is replaced here;
 * the cell is emptied when the service is no longer found in this place by this type.
 */
export type Cell = { service: IndexedService | undefined }

export type Question = {
  readonly latitude: number
  readonly longitude: number
  /** Absent: every type. */
  readonly typeIds?: readonly number[] | undefined
  /** The London minute for `onlyOpen`. */
  readonly at: LondonTime
  /** Leaves out what is closed and what is unknown. */
  readonly onlyOpen: boolean
  readonly limit: number
}

/** Cells in the order of the tree. */
export type Placed = BusyTree & { readonly cells: readonly Cell[] }

/** Services looked at between two pauses of growing: they lie scattered in memory, and cost more than numbers. */
export const STRIDE = 1024
const LEAVES = 128

/** Builds a tree over the cells in steps of about a millisecond. */
export function* growPlaced(cells: readonly Cell[]): Generator<void, Placed> {
  const given = new Float64Array(3 * cells.length)
  for (const [index, { service }] of cells.entries()) {
    if (service) setVector(given, index, service as Position)
    if (index % STRIDE === STRIDE - 1) yield
  }
  const tree = yield* growPointTree(given)
  const placed = { ...busyTree(tree), cells: Array.from(tree.order, (index) => cells[index] as Cell) }
  yield* countServices(placed)
  sumUp(placed)
  return placed
}

function* countServices(placed: Placed): Generator<void> {
  const { firstLeaf, nodeCount } = placed.tree
  for (let leaf = firstLeaf; leaf < nodeCount; leaf++) {
    for (const { service } of cellsOf(placed, leaf)) if (service) countIn(placed, leaf, service.busy)
    if (leaf % LEAVES === 0) yield
  }
}

/** Takes notice that a service in the tree now has other hours: they count from the next search on. */
export function noticeHours(placed: Placed, cell: Cell): void {
  const { service } = cell
  if (!service) return
  const at = positionOf(placed, cell, service as Position)
  if (at !== undefined) widen(placed, at, service.busy)
}

/** Adds to `list` what lies near the place asked for. Types are not looked at. */
export function searchPlaced(placed: Placed, question: Question, holidays: HolidayCalendar, list: NearestList): void {
  const { onlyOpen, at } = question
  if (!onlyOpen) {
    const sweep: Sweep = {
      ...startOf(question, list),
      visit(position) {
        const service = placed.cells[position]?.service
        if (service) offer(list, question, service)
        sweep.reach = list.reach
      },
    }
    sweepOutwards(placed.tree, sweep)
    return
  }
  const day = busyOn(placed, at.day, holidays)
  const { times } = day
  const word = wordOf(at.minute)
  const bit = bitOf(at.minute)
  let inVain = 0
  const sweep: Sweep = {
    ...startOf(question, list),
    mayHold: (node) => ((times[WORDS * node + word] as number) & bit) !== 0,
    visit(position) {
      const service = placed.cells[position]?.service
      inVain++
      if (!service || isOpenAt(service.hours, at) !== true) return
      inVain = Number.NEGATIVE_INFINITY
      offer(list, question, service)
      sweep.reach = list.reach
    },
    leave(leaf) {
      if (inVain > 0 && day.exact[leaf] === 0) lookThrough(placed, day, leaf, at.day)
      inVain = 0
    },
  }
  sweepOutwards(placed.tree, sweep)
}

/** A walk that begins at the place asked for and wants everything within the reach of the list. */
function startOf(from: Position, list: NearestList): Sweep {
  setVector(scratch, 0, from)
  const [x = 0, y = 0, z = 0] = scratch
  return { x, y, z, reach: list.reach, mayHold: () => true, visit: () => {}, leave: () => {} }
}

const scratch = new Float64Array(3)

/** Works out exactly what a leaf has on a date, so that the next search need not look there in vain. */
function lookThrough(placed: Placed, day: BusyDay, leaf: number, date: number): void {
  const busy = new Array<number>(WORDS).fill(0)
  for (const { service } of cellsOf(placed, leaf)) if (service) addBusyOn(busy, service.hours, date)
  makeExact(day, leaf, busy)
}

const cellsOf = ({ tree, cells }: Placed, leaf: number): readonly Cell[] =>
  cells.slice(tree.firstOf[leaf], tree.endOf[leaf])

/** Where in the tree a cell is; undefined when it is not there. Several may share a point. */
function positionOf({ tree, cells }: Placed, cell: Cell, place: Position): number | undefined {
  let found: number | undefined
  const sweep: Sweep = {
    ...startOf(place, { found: [], limit: 0, reach: 0 }),
    visit(at) {
      if (cells[at] === cell) found = at
    },
  }
  sweepOutwards(tree, sweep)
  return found
}
