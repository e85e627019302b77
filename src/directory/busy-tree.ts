/**
 * Busy times for every node of a tree of places: what is open below it, by kind of day, and for dates that are asked
 * about, by the date itself.
 *
 * On Christmas Day nearly all are closed by a date of their own, which the kinds of day do not know. So each date that
 * is searched begins with its kind and is made exact leaf by leaf, where a search looked in vain: the first one pays
 * for those that come after.
 */
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { DayNumber } from '#src/rules/london-time.ts'
import { type BusyTimes, DAY_KINDS, dayKindOf, WORDS } from './busy-times.ts'
import { forgetSpells, noSpells } from './open-spells.ts'
import type { PointTree } from './point-tree.ts'

export type BusyTree = {
  readonly tree: PointTree
  /** `WORDS` numbers for each kind of day and node. */
  readonly byKind: Uint32Array
  readonly byDay: Map<DayNumber, BusyDay>
}

/** One date. */
export type BusyDay = {
  /** `WORDS` numbers a node. */
  readonly times: Uint32Array
  /** 1 for leaves whose times are exact. */
  readonly exact: Uint8Array
  /** What single services have on the date (`open-spells.ts`). */
  readonly spells: Uint16Array
  readonly kind: number
  /** What the calendar said of the date and the day before; when it says something else the date begins anew. */
  readonly calendar: number
}

/** Dates kept at a time, five weeks; the one that came first goes. With 60,000 services a date takes up to 1.5 MB. */
const MAX_DAYS = 35
const NODE_WORDS = DAY_KINDS * WORDS

export function busyTree(tree: PointTree): BusyTree {
  return { tree, byKind: new Uint32Array(NODE_WORDS * tree.nodeCount), byDay: new Map() }
}

/** Counts a service in at the leaf, for `sumUp` to carry upwards. Only while the tree is being made. */
export const countIn = ({ byKind }: BusyTree, leaf: number, busy: BusyTimes): void => addTo(byKind, leaf, busy)

/** Carries what the leaves hold up to the root. */
export function sumUp({ tree, byKind }: BusyTree): void {
  for (let node = tree.firstLeaf - 1; node >= 0; node--) {
    const left = NODE_WORDS * (2 * node + 1)
    for (let word = 0; word < NODE_WORDS; word++) {
      byKind[NODE_WORDS * node + word] = (byKind[left + word] as number) | (byKind[left + NODE_WORDS + word] as number)
    }
  }
}

/** The busy times of a date, as far as they are known. */
export function busyOn({ tree, byKind, byDay }: BusyTree, day: DayNumber, holidays: HolidayCalendar): BusyDay {
  const calendar = calendarSays(day, holidays)
  const known = byDay.get(day)
  if (known?.calendar === calendar) return known
  const kind = dayKindOf(day, holidays)
  const times = new Uint32Array(WORDS * tree.nodeCount)
  for (let node = 0; node < tree.nodeCount; node++) {
    const from = NODE_WORDS * node + WORDS * kind
    for (let word = 0; word < WORDS; word++) times[WORDS * node + word] = byKind[from + word] as number
  }
  const fresh = { times, exact: new Uint8Array(tree.nodeCount), spells: noSpells(tree.size), kind, calendar }
  const [oldest] = byDay.keys()
  if (byDay.size >= MAX_DAYS && oldest !== undefined) byDay.delete(oldest)
  byDay.set(day, fresh)
  return fresh
}

const calendarSays = (day: DayNumber, holidays: HolidayCalendar): number =>
  (holidays.isBankHoliday(day) ? 1 : 0) |
  (holidays.isStatutory(day) ? 2 : 0) |
  (holidays.isBankHoliday(day - 1) ? 4 : 0) |
  (holidays.isStatutory(day - 1) ? 8 : 0)

/** Notes what the services of a leaf together have on the date (`WORDS` numbers), and what that means for those above. */
export function makeExact({ times, exact }: BusyDay, leaf: number, busy: readonly number[]): void {
  exact[leaf] = 1
  for (let word = 0; word < WORDS; word++) times[WORDS * leaf + word] = busy[word] ?? 0
  for (let node = leaf; node > 0; ) {
    node = (node - 1) >> 1
    if (!joinChildren(times, node)) return
  }
}

/** Whether what a node has changed. */
function joinChildren(times: Uint32Array, node: number): boolean {
  const left = WORDS * (2 * node + 1)
  let changed = false
  for (let word = 0; word < WORDS; word++) {
    const both = (times[left + word] as number) | (times[left + WORDS + word] as number)
    changed ||= times[WORDS * node + word] !== both
    times[WORDS * node + word] = both
  }
  return changed
}

/**
 * Takes notice of new hours at position `at`: adds its busy times to the leaf that holds it and to all above, for every
 * kind of day and every date. Times are taken away only where they are made exact.
 */
export function widen({ tree, byKind, byDay }: BusyTree, at: number, busy: BusyTimes): void {
  for (const { spells } of byDay.values()) forgetSpells(spells, at)
  for (let node = 0; ; ) {
    addTo(byKind, node, busy)
    for (const day of byDay.values()) widenDay(day, node, busy)
    if (node >= tree.firstLeaf) return
    const right = 2 * node + 2
    node = at < (tree.firstOf[right] as number) ? right - 1 : right
  }
}

function widenDay({ times, exact, kind }: BusyDay, node: number, busy: BusyTimes): void {
  exact[node] = 0
  for (let word = 0; word < WORDS; word++) {
    times[WORDS * node + word] = (times[WORDS * node + word] as number) | (busy[WORDS * kind + word] as number)
  }
}

function addTo(words: Uint32Array, node: number, busy: BusyTimes): void {
  const from = NODE_WORDS * node
  for (let word = 0; word < NODE_WORDS; word++)
    words[from + word] = (words[from + word] as number) | (busy[word] as number)
}
