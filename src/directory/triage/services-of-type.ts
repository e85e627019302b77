/**
 * The services of one type, laid out for searching: each has a slot, the slots of a cell of the grid lie side by side,
 * and there is a column of bits for each code that any of them carries. A search reads a few columns of the cells that it
 * covers, 32 services at a time, and looks only at services whose bits are all set. Everything lies close together in
 * memory, because a search of the whole country spends its time waiting for memory.
 *
 * Every change of a service is made in its slot at once; nothing is rebuilt for it.
 */
import { type BitColumns, bitColumns, clearSlot, clearWords, copyWords, SLOTS_A_WORD, setBit } from './bit-columns.ts'
import { type CodeColumns, createCodeColumns, IN_USE, type SharedNumbers, type SlotFacts } from './code-columns.ts'
import { cellCount, cellOf, type Grid, gridFor } from './grid-cells.ts'
import { markOpen, OPEN_COLUMNS } from './open-columns.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Numbers kept for each slot, side by side, because a search reads them together. */
export const FACTS = 4
export const EASTING = 0
export const NORTHING = 1
export const MARKS = 2
export const AGE_BANDS = 3

/** When services are open on a day: columns of `open-columns.ts`, for the cells that were asked for. */
type OpenDay = { readonly day: number; readonly open: BitColumns; readonly known: Uint8Array }

/** Most callers ask about today and tomorrow, some a month ahead. The days asked for last are kept, at `day % DAYS_KEPT`. */
const DAYS_KEPT = 32

export type Layout = {
  /** By slot. */
  services: (UrgentCareService | undefined)[]
  /** `FACTS` numbers a slot. */
  facts: Float64Array
  /** The columns of `code-columns.ts`. */
  codes: BitColumns
  grid: Grid
  /** By cell: its words, in one stretch. */
  firstWord: Int32Array
  wordCount: Int32Array
}

export type ServicesOfType = Pick<CodeColumns, 'columns'> & {
  readonly typeId: number
  readonly layout: Layout
  put(service: UrgentCareService): void
  /** Will be put when everything is tidied; for when many come at once. */
  expect(service: UrgentCareService): void
  remove(uid: number): void
  /** The columns of opening hours for a day, complete for one cell: worked out when first asked for. */
  openOn(day: number, cell: number): BitColumns
  /** Bank holidays have changed: when services are open is worked out again. */
  forgetOpenDays(): void
  /** Chooses a grid that suits the number of services, and puts neighbours side by side; for when many have come at once. */
  tidy(): void
}

const emptyLayout = (grid: Grid): Layout => ({
  services: [],
  facts: new Float64Array(0),
  codes: bitColumns(0, 0),
  grid,
  firstWord: new Int32Array(cellCount(grid)),
  wordCount: new Int32Array(cellCount(grid)),
})

/** None yet. */
export function createServicesOfType(typeId: number, shared: SharedNumbers): ServicesOfType {
  const slots = new Map<number, number>()
  const codes = createCodeColumns(shared)
  const openDays: (OpenDay | undefined)[] = new Array(DAYS_KEPT).fill(undefined)
  const forgetOpenDays = (): void => {
    openDays.fill(undefined)
  }
  const layout = emptyLayout(gridFor(0))
  let usedWords = 0

  /** Empty room for so many words. */
  const setRoom = (words: number, columnCount: number): void => {
    layout.codes = bitColumns(words, columnCount)
    layout.facts = new Float64Array(FACTS * SLOTS_A_WORD * words)
    layout.services = new Array(SLOTS_A_WORD * words).fill(undefined)
    forgetOpenDays()
  }
  /** Makes room for `spare` more words at the end, and puts the words of a cell in one stretch again. */
  const makeRoom = (spare: number): void => {
    const { codes: old, facts: oldFacts, services: oldServices, firstWord, wordCount } = layout
    const total = wordCount.reduce((sum, count) => sum + count, 0) + spare
    const columnCount = old.words === 0 ? 0 : old.bits.length / old.words
    setRoom(total, columnCount)
    usedWords = 0
    for (let cell = 0; cell < wordCount.length; cell++) {
      const count = wordCount[cell] as number
      if (count === 0) continue
      moveWords({ codes: old, facts: oldFacts, services: oldServices }, firstWord[cell] as number, count)
      firstWord[cell] = usedWords - count
    }
  }
  /** Copies a stretch of words to the end of what is used. */
  const moveWords = (from: Pick<Layout, 'codes' | 'facts' | 'services'>, first: number, count: number): void => {
    copyWords(from.codes, first, layout.codes, usedWords, count)
    const [fromSlot, toSlot] = [SLOTS_A_WORD * first, SLOTS_A_WORD * usedWords]
    const slotCount = SLOTS_A_WORD * count
    layout.facts.set(from.facts.subarray(FACTS * fromSlot, FACTS * (fromSlot + slotCount)), FACTS * toSlot)
    for (let index = 0; index < slotCount; index++) {
      const service = from.services[fromSlot + index]
      layout.services[toSlot + index] = service
      if (service) slots.set(service.uid, toSlot + index)
    }
    usedWords += count
  }
  /** Gives a full cell more words, at the end. */
  const extend = (cell: number): void => {
    const { firstWord, wordCount } = layout
    const count = wordCount[cell] as number
    const more = count + (count >> 2) + 1
    if (usedWords + more > layout.codes.words) makeRoom(more + (layout.codes.words >> 1))
    const first = firstWord[cell] as number
    firstWord[cell] = usedWords
    wordCount[cell] = more
    if (count > 0) {
      moveWords(layout, first, count)
      clearWords(layout.codes, first, count)
      layout.services.fill(undefined, SLOTS_A_WORD * first, SLOTS_A_WORD * (first + count))
    }
    usedWords = (firstWord[cell] as number) + more
    for (const kept of openDays) if (kept) kept.known[cell] = 0
  }
  const freeSlotIn = (cell: number): number => {
    const { codes, firstWord, wordCount } = layout
    const first = firstWord[cell] as number
    for (let word = first; word < first + (wordCount[cell] as number); word++) {
      const free = ~(codes.bits[IN_USE * codes.words + word] ?? 0)
      if (free !== 0) return SLOTS_A_WORD * word + 31 - Math.clz32(free & -free)
    }
    extend(cell)
    return freeSlotIn(cell)
  }
  const write = (slot: number, service: UrgentCareService, { marks, ageBands, columns }: SlotFacts): void => {
    slots.set(service.uid, slot)
    layout.services[slot] = service
    const { facts } = layout
    facts[FACTS * slot + EASTING] = service.easting
    facts[FACTS * slot + NORTHING] = service.northing
    facts[FACTS * slot + MARKS] = marks
    facts[FACTS * slot + AGE_BANDS] = ageBands
    for (const list of columns) for (const column of list) setBit(layout.codes, column, slot)
  }
  const fill = (slot: number, service: UrgentCareService, cell: number): void => {
    write(slot, service, codes.factsOf(service))
    for (const kept of openDays) if (kept && kept.known[cell] === 1) markOpen(kept.open, slot, service.hours, kept.day)
  }
  const empty = (slot: number): void => {
    layout.services[slot] = undefined
    clearSlot(layout.codes, slot)
    for (const kept of openDays) if (kept) clearSlot(kept.open, slot)
  }
  const remove = (uid: number): void => {
    const slot = slots.get(uid)
    if (slot === undefined) return
    slots.delete(uid)
    empty(slot)
  }

  const put = (service: UrgentCareService): void => {
    const cell = cellOf(layout.grid, service)
    const slot = slots.get(service.uid)
    const before = slot === undefined ? undefined : layout.services[slot]
    if (slot !== undefined && before && cellOf(layout.grid, before) === cell) {
      empty(slot)
      fill(slot, service, cell)
      return
    }
    remove(service.uid)
    fill(freeSlotIn(cell), service, cell)
  }
  let expected: UrgentCareService[] = []
  const tidy = (): void => {
    const services = [...layout.services.filter((service) => service !== undefined), ...expected]
    expected = []
    layOut(services.sort((a, b) => a.uid - b.uid))
  }
  /** Begins anew with these services, in order of uid: as many words as each cell needs, and as many columns as there are. */
  const layOut = (services: readonly UrgentCareService[]): void => {
    const grid = gridFor(services.length)
    const cells = Int32Array.from(services, (service) => cellOf(grid, service))
    const facts = services.map(codes.factsOf)
    Object.assign(layout, emptyLayout(grid))
    const { firstWord, wordCount } = layout
    const counts = new Int32Array(wordCount.length)
    for (const cell of cells) counts[cell] = (counts[cell] as number) + 1
    usedWords = 0
    for (let cell = 0; cell < counts.length; cell++) {
      firstWord[cell] = usedWords
      wordCount[cell] = Math.ceil((counts[cell] as number) / SLOTS_A_WORD)
      usedWords += wordCount[cell] as number
    }
    slots.clear()
    setRoom(usedWords + (usedWords >> 4), codes.count)
    const nextSlots = firstWord.map((word) => SLOTS_A_WORD * word)
    for (const [index, service] of services.entries()) {
      const cell = cells[index] as number
      write(nextSlots[cell] as number, service, facts[index] as SlotFacts)
      nextSlots[cell] = (nextSlots[cell] as number) + 1
    }
  }

  return {
    typeId,
    columns: codes.columns,
    layout,
    put,
    expect: (service) => void expected.push(service),
    remove,
    openOn(day, cell) {
      let kept = openDays[day % DAYS_KEPT]
      if (kept?.day !== day) {
        kept = {
          day,
          open: bitColumns(layout.codes.words, OPEN_COLUMNS),
          known: new Uint8Array(layout.wordCount.length),
        }
        openDays[day % DAYS_KEPT] = kept
      }
      if (kept.known[cell] === 0) {
        const first = SLOTS_A_WORD * (layout.firstWord[cell] as number)
        const end = first + SLOTS_A_WORD * (layout.wordCount[cell] as number)
        for (let slot = first; slot < end; slot++) {
          const hours = layout.services[slot]?.hours
          if (hours) markOpen(kept.open, slot, hours, day)
        }
        kept.known[cell] = 1
      }
      return kept.open
    },
    forgetOpenDays,
    tidy,
  }
}
