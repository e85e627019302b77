/**
 * Every DoS service in memory: by uid, by pharmacy, and the nearest to a place. Searches never touch the database.
 *
 * A frozen base and a small overlay. Whatever changes of a service where it stands is replaced in its cell at once; only
 * what is new, moved, reopened or of another type goes to the overlay, which every search reads as well. When the
 * overlay has grown, a new base grows in the background, in steps of about a millisecond, and takes its place.
 */
import type { Queryable } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { isOpenAt } from '#src/rules/compiled-hours.ts'
import type { Position } from '#src/rules/distance.ts'
import { digestOf, type IndexDigest } from './directory-digest.ts'
import { type Base, growBase, noticeHoursInBase, searchBase } from './frozen-base.ts'
import { type IndexedService, isFindable, pharmacyOf, type ReadService, serviceReader } from './indexed-service.ts'
import { type Cell, enter, type Found, foundIn, type NearestList, nearestList } from './nearest-list.ts'
import type { Question } from './placed-services.ts'
import { setVector } from './point-tree.ts'
import type { ServiceRow } from './service-row.ts'
import { readAllServices, readServicesAfter } from './service-rows.ts'

export type { Found, IndexedService, Question }

export type ServiceIndex = {
  /** Every change up to this ledger number is in the index. */
  readonly seq: number
  readonly size: number
  /** The service with this uid, whatever its status. */
  service(uid: number): IndexedService | undefined
  /** The services of a pharmacy, whatever their status, by uid. `odsCode` is its five-character code. */
  byPharmacy(odsCode: string): readonly IndexedService[]
  /** The nearest findable services: whole metres along a great circle, then uid. */
  nearest(question: Question): readonly Found[]
  /** Fills an empty index with every service there is. Call once. */
  load(db: Queryable): Promise<void>
  /** Takes over every service whose last change has a number above `from`; afterwards `seq` is at least `to`. */
  refresh(db: Queryable, from: number, to: number): Promise<void>
  /** What the index holds, in a form that can be compared with the database (`compare-with-database.ts`). */
  digest(): Promise<IndexDigest>
  /** Resolves when no new base is growing. */
  merged(): Promise<void>
}

/** An overlay of up to this many services is left alone; a larger one is merged when it passes an eighth of the base. */
const DEFAULT_MERGE_ABOVE = 256
const BASE_SHARE = 8

/** An empty index. `holidays` is asked at every search, so that its answers may change. */
export function createServiceIndex(
  holidays: HolidayCalendar,
  {
    mergeAbove = DEFAULT_MERGE_ABOVE,
    alsoTake,
  }: {
    readonly mergeAbove?: number
    /** What else is kept in memory of each service, from the same reading: made once for each batch. */
    readonly alsoTake?: (() => (read: ReadService) => void) | undefined
  } = {},
): ServiceIndex {
  const cells = new Map<number, Cell>()
  const pharmacies = new Map<string, number[]>()
  const overlay = new Map<Cell, Vector>()
  let base: Base = growNow([])
  let growing: Growing | undefined
  let seq = 0
  /** What is loaded goes to the base in one go, and is not found before. */
  let isLoading = false

  const take = (service: IndexedService): void => {
    const cell = cells.get(service.uid)
    const before = cell?.service
    if (cell && before && standsWhere(before, service)) {
      replace(cell, service)
    } else {
      if (cell) retire(cell)
      place(service)
    }
    if (!before || pharmacyOf(before) !== pharmacyOf(service)) reassign(pharmacies, before, service)
  }
  const replace = (cell: Cell, service: IndexedService): void => {
    cell.service = service
    if (isFindable(service) && !overlay.has(cell)) noticeHoursInBase(base, cell)
    growing?.touched.add(cell)
  }
  const retire = (cell: Cell): void => {
    overlay.delete(cell)
    cell.service = undefined
  }
  const place = (service: IndexedService): void => {
    const cell: Cell = { service }
    cells.set(service.uid, cell)
    if (!isLoading && isFindable(service)) overlay.set(cell, vectorOf(service as Position))
  }

  const mergeWhenDue = (): void => {
    if (growing || overlay.size <= Math.max(mergeAbove, base.all.cells.length / BASE_SHARE)) return
    // What comes to the overlay from now on waits for the next base.
    const merged = new Set(overlay.keys())
    const steps = growBase(cells.values(), (cell) => isPlaced(cell) && (merged.has(cell) || !overlay.has(cell)))
    const { promise, resolve } = Promise.withResolvers<void>()
    growing = { touched: new Set(), done: promise }
    const step = (): void => {
      const { done, value } = steps.next()
      if (!done) {
        setImmediate(step)
        return
      }
      base = value
      for (const cell of merged) overlay.delete(cell)
      for (const cell of growing?.touched ?? []) noticeHoursInBase(base, cell)
      growing = undefined
      resolve()
      mergeWhenDue()
    }
    setImmediate(step)
  }

  const rowTaker = (): ((row: ServiceRow) => void) => {
    const read = serviceReader(holidays)
    const takeElsewhere = alsoTake?.()
    return (row) => {
      const taken = read(row)
      take(taken.service)
      takeElsewhere?.(taken)
    }
  }

  return {
    get seq() {
      return seq
    },
    get size() {
      return cells.size
    },
    service: (uid) => cells.get(uid)?.service,
    byPharmacy: (odsCode) => (pharmacies.get(odsCode) ?? []).flatMap((uid) => cells.get(uid)?.service ?? []),
    nearest(question) {
      const list = nearestList(question.limit)
      searchBase(base, question, holidays, list)
      if (overlay.size > 0) searchOverlay(overlay, question, list)
      return foundIn(list)
    },
    async load(db) {
      const to = await ledgerHead(db)
      const takeRow = rowTaker()
      isLoading = true
      for await (const rows of readAllServices(db)) for (const row of rows) takeRow(row)
      isLoading = false
      base = growNow(cells.values())
      seq = to
    },
    async refresh(db, from, to) {
      const takeRow = rowTaker()
      for await (const rows of readServicesAfter(db, from)) for (const row of rows) takeRow(row)
      seq = Math.max(seq, to)
      mergeWhenDue()
    },
    digest: () =>
      digestOf(
        [...cells.values()].flatMap(({ service }) => service ?? []),
        countFindable(base, overlay),
      ),
    async merged() {
      while (growing) await growing.done
    },
  }
}

type Growing = {
  /** Cells that got new facts while the new base grew: its busy times may have been summed up before. */
  readonly touched: Set<Cell>
  readonly done: Promise<void>
}

const isPlaced = ({ service }: Cell): boolean => service !== undefined && isFindable(service)

function growNow(cells: Iterable<Cell>): Base {
  const steps = growBase(cells, isPlaced)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Whether the service is found in the same place, by the same type, as before. */
const standsWhere = (before: IndexedService, after: IndexedService): boolean =>
  before.latitude === after.latitude &&
  before.longitude === after.longitude &&
  before.typeId === after.typeId &&
  isFindable(before) === isFindable(after)

type Vector = { readonly x: number; readonly y: number; readonly z: number }

function vectorOf(place: Position): Vector {
  const vector = new Float64Array(3)
  setVector(vector, 0, place)
  return { x: vector[0] as number, y: vector[1] as number, z: vector[2] as number }
}

function searchOverlay(overlay: ReadonlyMap<Cell, Vector>, question: Question, list: NearestList): void {
  const { x, y, z } = vectorOf(question)
  const { typeIds, onlyOpen, at, accepts } = question
  const isAsked = (service: IndexedService): boolean =>
    (!typeIds || typeIds.includes(service.typeId)) && (!accepts || accepts(service))
  for (const [cell, there] of overlay) {
    const chord = (there.x - x) ** 2 + (there.y - y) ** 2 + (there.z - z) ** 2
    const { service } = cell
    if (!service || chord > list.reach || !isAsked(service)) continue
    if (!onlyOpen || isOpenAt(service.hours, at) === true) enter(list, cell, chord)
  }
}

/** Moves a uid from the list of the pharmacy it belonged to into that of the pharmacy it belongs to, in order. */
function reassign(pharmacies: Map<string, number[]>, before: IndexedService | undefined, after: IndexedService): void {
  const from = before && pharmacyOf(before)
  if (from !== undefined) {
    const left = pharmacies.get(from)?.filter((uid) => uid !== after.uid) ?? []
    if (left.length > 0) pharmacies.set(from, left)
    else pharmacies.delete(from)
  }
  const to = pharmacyOf(after)
  if (to === undefined) return
  const uids = pharmacies.get(to)
  if (uids) uids.splice(uids.findLastIndex((uid) => uid < after.uid) + 1, 0, after.uid)
  else pharmacies.set(to, [after.uid])
}

/** How many services a search can reach, counted where searches look. Null when the trees of types disagree. */
function countFindable(base: Base, overlay: ReadonlyMap<Cell, Vector>): number | null {
  const alive = (cells: readonly Cell[]): number => cells.filter(({ service }) => service !== undefined).length
  const byType = [...base.byType.values()].reduce((sum, { cells }) => sum + alive(cells), 0)
  const all = alive(base.all.cells)
  return all === byType ? all + overlay.size : null
}

async function ledgerHead(db: Queryable): Promise<number> {
  const head = await db.selectFrom('ledger_head').select('change_seq').where('id', '=', 1).executeTakeFirstOrThrow()
  return head.change_seq
}
