/** Findable services in one frozen tree of places, searched outwards from a point. */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { addBusyOn, bitOf, WORDS, wordOf } from './busy-times.ts'
import { type BusyDay, type BusyTree, busyOn, busyTree, countIn, makeExact, sumUp, widen } from './busy-tree.ts'
import type { IndexedService } from './indexed-service.ts'
import { type Cell, enter, type NearestList } from './nearest-list.ts'
import { isOpenThere } from './open-spells.ts'
import { growPointTree, setVector, sweepOutwards } from './point-tree.ts'

export type Question = {
  readonly latitude: number
  readonly longitude: number
  /** Absent: every type. */
  readonly typeIds?: readonly number[] | undefined
  /** The London minute for `onlyOpen`. */
  readonly at: LondonTime
  /** Leaves out what is closed and what is unknown. */
  readonly onlyOpen: boolean
  /** Whether a service will do for whoever asks; absent: every one will. Asked of what is near, nearest ground first. */
  readonly accepts?: ((service: IndexedService) => boolean) | undefined
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
  yield
  const inOrder = Array.from(tree.order, (index) => cells[index] as Cell)
  yield
  const placed = { ...busyTree(tree), cells: inOrder }
  yield* countServices(placed)
  yield
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
  if (question.onlyOpen) searchOpen(placed, question, holidays, list)
  else searchAll(placed, question, list)
}

function searchAll(placed: Placed, question: Question, list: NearestList): void {
  sweepOutwards(placed.tree, {
    from: vectorOf(question),
    reach: list.reach,
    visit: (position, chord) => offer(placed, position, chord, list, question.accepts),
  })
}

function searchOpen(placed: Placed, question: Question, holidays: HolidayCalendar, list: NearestList): void {
  const { at } = question
  const day = busyOn(placed, at.day, holidays)
  const serviceThere = (position: number) => placed.cells[position]?.service
  let asked = false
  let found = false
  sweepOutwards(placed.tree, {
    from: vectorOf(question),
    reach: list.reach,
    marks: { words: day.times, stride: WORDS, word: wordOf(at.minute), bit: bitOf(at.minute) },
    visit(position, chord) {
      asked = true
      if (!isOpenThere(day.spells, position, at, serviceThere)) return list.reach
      found = true
      return offer(placed, position, chord, list, question.accepts)
    },
    leave(leaf) {
      if (asked && !found && day.exact[leaf] === 0) lookThrough(placed, day, leaf, at.day)
      asked = false
      found = false
    },
  })
}

/** Takes what is at a position into the list if it is near enough. Answers with the reach from now on. */
function offer(
  { cells }: Placed,
  position: number,
  chord: number,
  list: NearestList,
  accepts: Question['accepts'],
): number {
  const cell = cells[position] as Cell
  if (!accepts || (cell.service && accepts(cell.service))) enter(list, cell, chord)
  return list.reach
}

/** The unit vector of a place; used up before the next one is made. */
function vectorOf(place: Position): Float64Array {
  setVector(scratch, 0, place)
  return scratch
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
  sweepOutwards(tree, {
    from: vectorOf(place),
    reach: 0,
    visit(at) {
      if (cells[at] === cell) found = at
      return 0
    },
  })
  return found
}
