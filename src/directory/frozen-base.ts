/**
 * The frozen part of the index: every findable service in one tree, and once more in a tree of its type, because a
 * search for one type in fifty should not walk past the other forty-nine. Frozen are places and types, not the rest.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Cell, NearestList } from './nearest-list.ts'
import { growPlaced, noticeHours, type Placed, type Question, STRIDE, searchPlaced } from './placed-services.ts'

export type Base = { readonly all: Placed; readonly byType: ReadonlyMap<number, Placed> }

/** Builds the trees, in steps, over those of the cells that hold a findable service. */
export function* growBase(cells: Iterable<Cell>, isWanted: (cell: Cell) => boolean): Generator<void, Base> {
  const wanted: Cell[] = []
  const ofTypes = new Map<number, Cell[]>()
  let seen = 0
  for (const cell of cells) {
    if (++seen % STRIDE === 0) yield
    if (!cell.service || !isWanted(cell)) continue
    wanted.push(cell)
    const ofType = ofTypes.get(cell.service.typeId)
    if (ofType) ofType.push(cell)
    else ofTypes.set(cell.service.typeId, [cell])
  }
  const all = yield* growPlaced(wanted)
  const byType = new Map<number, Placed>()
  for (const [typeId, ofType] of ofTypes) {
    byType.set(typeId, yield* growPlaced(ofType))
    yield
  }
  return { all, byType }
}

/** Takes notice that the service of a cell, in the same place and of the same type, now has other hours. */
export function noticeHoursInBase({ all, byType }: Base, cell: Cell): void {
  noticeHours(all, cell)
  const ofType = cell.service && byType.get(cell.service.typeId)
  if (ofType) noticeHours(ofType, cell)
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
