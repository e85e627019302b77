/** Findable services in one frozen tree of places, searched outwards from a point. */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { addBusyOn, bitOf, WORDS, wordOf } from './busy-times.ts'
import { type BusyDay, type BusyTree, busyOn, busyTree, countIn, makeExact, sumUp, widen } from './busy-tree.ts'
import type { IndexedService } from './indexed-service.ts'
import { enter, mayEnter, type NearestList } from './nearest-list.ts'
import { isOpenThere } from './open-spells.ts'
import { growPointTree, setVector, sweepOutwards } from './point-tree.ts'

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

/** Cells, and latitudes and longitudes, in the order of the tree. */
export type Placed = BusyTree & { readonly cells: readonly Cell[]; readonly degrees: Float64Array }

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
  const inOrder = Array.from(tree.order, (index) => cells[index] as Cell)
  const placed = { ...busyTree(tree), cells: inOrder, degrees: new Float64Array(2 * cells.length) }
  yield* noteServices(placed)
  sumUp(placed)
  return placed
}

/** Fills in what each service adds to its leaf, and where it is. */
function* noteServices(placed: Placed): Generator<void> {
  const { tree, cells, degrees } = placed
  for (let leaf = tree.firstLeaf; leaf < tree.nodeCount; leaf++) {
    for (let at = tree.firstOf[leaf] as number; at < (tree.endOf[leaf] as number); at++) {
      const service = cells[at]?.service
      if (!service) continue
      countIn(placed, leaf, service.busy)
      degrees[2 * at] = service.latitude ?? Number.NaN
      degrees[2 * at + 1] = service.longitude ?? Number.NaN
    }
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
    visit: (position) => offer(placed, position, question, list),
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
    visit(position) {
      asked = true
      if (!isOpenThere(day.spells, position, at, serviceThere)) return list.reach
      found = true
      return offer(placed, position, question, list)
    },
    leave(leaf) {
      if (asked && !found && day.exact[leaf] === 0) lookThrough(placed, day, leaf, at.day)
      asked = false
      found = false
    },
  })
}

/** Takes what is at a position into the list if it is near enough. Answers with the reach from now on. */
function offer({ cells, degrees }: Placed, position: number, from: Position, list: NearestList): number {
  const there = { latitude: degrees[2 * position] as number, longitude: degrees[2 * position + 1] as number }
  const metres = distanceMetres(from, there)
  if (!mayEnter(list, metres)) return list.reach
  const service = cells[position]?.service
  if (service) enter(list, service, metres)
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
