/**
 * The frozen part of the index: every findable service in one tree, and once more in a tree of its type, because a
 * search for one type in fifty should not walk past the other forty-nine.
 *
 * Frozen are the places. What else changes of a service (hours, phone) is replaced in its cell, which both trees share.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { isOpenAt } from '#src/rules/opening-times.ts'
import { type BusyHours, DAY_KINDS, dayKindOf, hourBit } from './busy-hours.ts'
import type { IndexedService } from './indexed-service.ts'
import { type NearestList, offer } from './nearest-list.ts'
import { growPointTree, type PointTree, setVector, sweepOutwards } from './point-tree.ts'

/** Where a service is kept. Emptied when the service is no longer found here: closed, moved or gone. */
export type Cell = {
  service: IndexedService | undefined
  /** Its positions in the frozen trees, -1 when it is in none. */
  inAll: number
  inType: number
}

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

export type Base = { readonly all: Placed; readonly byType: ReadonlyMap<number, Placed> }

/** One tree, its cells in tree order, and the busy hours below each node: `DAY_KINDS` numbers a node. */
type Placed = { readonly tree: PointTree; readonly cells: readonly Cell[]; readonly busy: Uint32Array }

/** Services handled between two pauses while growing. */
const STRIDE = 8192

/** Builds the trees in steps. The cells are not touched; `settle` writes their positions when the base is taken into use. */
export function* growBase(cells: readonly Cell[]): Generator<void, Base> {
  const all = yield* growPlaced(cells)
  const byType = new Map<number, Placed>()
  for (const [typeId, ofType] of Map.groupBy(cells, ({ service }) => service?.typeId ?? 0)) {
    byType.set(typeId, yield* growPlaced(ofType))
    yield
  }
  return { all, byType }
}

/** Tells the cells where they are, so that `replaceInBase` finds the nodes above them. */
export function settle({ all, byType }: Base): void {
  all.cells.forEach((cell, at) => {
    cell.inAll = at
  })
  for (const { cells } of byType.values()) {
    cells.forEach((cell, at) => {
      cell.inType = at
    })
  }
}

/** Puts new facts of the same place and type into a settled cell. */
export function replaceInBase({ all, byType }: Base, cell: Cell, service: IndexedService): void {
  cell.service = service
  widen(all, cell.inAll, service.busy)
  const ofType = byType.get(service.typeId)
  if (ofType) widen(ofType, cell.inType, service.busy)
}

/** Adds to `list` what the frozen trees hold near the place asked for. */
export function searchBase(base: Base, question: Question, holidays: HolidayCalendar, list: NearestList): void {
  if (!question.typeIds) {
    searchPlaced(base.all, question, holidays, list)
    return
  }
  for (const typeId of new Set(question.typeIds)) {
    const ofType = base.byType.get(typeId)
    if (ofType) searchPlaced(ofType, question, holidays, list)
  }
}

/** Whether the question lets a service through; its type was looked at before. */
export const wantedBy =
  ({ at, onlyOpen }: Question): ((service: IndexedService) => boolean) =>
  (service) =>
    !onlyOpen || isOpenAt(service.hours, at) === true

function searchPlaced(
  { tree, cells, busy }: Placed,
  question: Question,
  holidays: HolidayCalendar,
  list: NearestList,
): void {
  const from: Position = question
  const isWanted = wantedBy(question)
  const kind = dayKindOf(question.at.day, holidays)
  const hour = hourBit(question.at.minute)
  const vector = new Float64Array(3)
  setVector(vector, 0, from)
  const sweep = {
    x: vector[0] as number,
    y: vector[1] as number,
    z: vector[2] as number,
    reach: list.reach,
    mayHold: question.onlyOpen
      ? (node: number) => ((busy[DAY_KINDS * node + kind] as number) & hour) !== 0
      : () => true,
    visit(at: number) {
      const service = cells[at]?.service
      if (!service) return
      offer(list, from, service, isWanted)
      sweep.reach = list.reach
    },
  }
  sweepOutwards(tree, sweep)
}

function* growPlaced(cells: readonly Cell[]): Generator<void, Placed> {
  const given = new Float64Array(3 * cells.length)
  for (const [index, { service }] of cells.entries()) {
    if (service) setVector(given, index, service as Position)
    if (index % STRIDE === STRIDE - 1) yield
  }
  yield
  const tree = yield* growPointTree(given)
  const inOrder = Array.from(tree.order, (index) => cells[index] as Cell)
  yield
  return { tree, cells: inOrder, busy: summarise(tree, inOrder) }
}

function summarise(tree: PointTree, cells: readonly Cell[]): Uint32Array {
  const busy = new Uint32Array(DAY_KINDS * tree.nodeCount)
  for (let node = tree.nodeCount - 1; node >= tree.firstLeaf; node--) {
    const end = tree.endOf[node] as number
    for (let at = tree.firstOf[node] as number; at < end; at++) {
      const service = cells[at]?.service
      if (service) addTo(busy, node, service.busy)
    }
  }
  for (let word = DAY_KINDS * tree.firstLeaf - 1; word >= 0; word--) {
    const node = Math.floor(word / DAY_KINDS)
    const kind = word % DAY_KINDS
    const left = busy[DAY_KINDS * (2 * node + 1) + kind] as number
    busy[word] = left | (busy[DAY_KINDS * (2 * node + 2) + kind] as number)
  }
  return busy
}

function addTo(busy: Uint32Array, node: number, hours: BusyHours): void {
  for (let kind = 0; kind < DAY_KINDS; kind++) {
    const word = DAY_KINDS * node + kind
    busy[word] = (busy[word] as number) | (hours[kind] as number)
  }
}

/** Adds busy hours to the leaf that holds position `at`, and to every node above it. They shrink only with a new base. */
function widen({ tree, busy }: Placed, at: number, hours: BusyHours): void {
  if (at < 0) return
  for (let node = 0; ; ) {
    addTo(busy, node, hours)
    if (node >= tree.firstLeaf) return
    const right = 2 * node + 2
    node = at < (tree.firstOf[right] as number) ? right - 1 : right
  }
}
