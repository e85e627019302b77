/**
 * Services in squares of the national grid, each with columns of bits: one column for each code that any service
 * carries, one bit in it for each service of the square. A search reads a few columns of the squares it covers, 32
 * services at a time, and looks only at the services whose bits are all set.
 *
 * The columns are a sieve: they may let through what the rules refuse, never the other way round. Every change of a
 * service is made in its square at once; nothing is rebuilt.
 */
import type { AgeRange, ClinicalProfile, GridPlace } from '#src/rules/triage.ts'
import { markOpen, OPEN_COLUMNS } from './open-columns.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Small enough that a search skips most of the country, large enough that it visits few squares. Measured. */
export const SQUARE_METRES = 30_000
/** Bits in a word. */
const WORD = 32

export type Square = {
  /** Of the south-west corner, in squares. */
  readonly x: number
  readonly y: number
  /** By slot; the first `count` are in use. */
  readonly services: UrgentCareService[]
  count: number
  /** `FACTS` numbers a slot, side by side: what a search compares for every service it looks at. */
  facts: Float64Array
  /** Words a column. */
  words: number
  /** When its services are open, by day, as far as it was asked for (`open-columns.ts`). */
  readonly openOn: Map<number, Uint32Array>
  /** Column `c` is `bits[c * words]` up to `bits[(c + 1) * words]`; a column beyond the end is empty. */
  bits: Uint32Array
}

/** Easting, northing, column of the type, marks, number of the age bands, uid. */
export const FACTS = 6

/** Marks of a slot. Its standing depends on more than its distance. */
export const STANDS_APART = 1
/** Some tests that every other service passes must be made. */
export const NEEDS_TESTS = 2

export type ServiceSquares = {
  /** The square with this corner; undefined when no service lies in it. */
  at(x: number, y: number): Square | undefined
  /** Column numbers of codes; undefined when no service ever carried the code. */
  readonly columns: Columns
  /** The age bands that services have, by their number. */
  readonly ageBands: readonly (readonly AgeRange[])[]
  put(service: UrgentCareService): void
  remove(uid: number): void
  /** The columns of a square for one day, worked out when first asked for. */
  openOn(square: Square, day: number): Uint32Array
  /** Works out again on which days services are open: bank holidays have changed. */
  forgetOpenDays(): void
}

/** Days whose columns are kept: a month ahead, though most callers ask about today. */
const DAYS_KEPT = 40

/** Numbers of columns: of each code that a search can ask for. */
export type Columns = {
  /** Of every Active service. */
  readonly active: number
  /** Of those that stand apart. */
  readonly marked: number
  type(typeId: number): number | undefined
  gender(gender: string): number | undefined
  role(role: number): number | undefined
  disposition(id: number): number | undefined
  symptomGroup(group: number): number | undefined
  pair(group: number, discriminator: number): number | undefined
}

/** A symptom group and a discriminator as one number. */
const PAIR = 10_000_000

export function createServiceSquares(): ServiceSquares {
  const squares = new Map<number, Square>()
  const places = new Map<number, { readonly square: Square; slot: number }>()
  const registry = createRegistry()

  /** The day that was asked for first, longest ago, makes room for a new one. */
  const daysKept = new Set<number>()
  const keepDay = (day: number): void => {
    if (daysKept.has(day)) return
    daysKept.add(day)
    if (daysKept.size <= DAYS_KEPT) return
    const [oldest] = daysKept
    if (oldest === undefined) return
    daysKept.delete(oldest)
    for (const square of squares.values()) square.openOn.delete(oldest)
  }

  const squareFor = ({ easting, northing }: GridPlace): Square => {
    const x = Math.floor(easting / SQUARE_METRES)
    const y = Math.floor(northing / SQUARE_METRES)
    const known = squares.get(keyOf(x, y))
    if (known) return known
    const made = emptySquare(x, y)
    squares.set(keyOf(x, y), made)
    return made
  }

  const write = (square: Square, slot: number, service: UrgentCareService): void => {
    square.services[slot] = service
    const { easting, northing, uid } = service
    const { typeColumn, ageBands, marks } = registry.factsOf(service)
    square.facts.set([easting, northing, typeColumn, marks, ageBands, uid], FACTS * slot)
    registry.setColumns(square, slot, service)
    for (const [day, bits] of square.openOn) markOpen(bits, square.words, slot, service.hours, day)
  }

  const remove = (uid: number): void => {
    const place = places.get(uid)
    if (!place) return
    places.delete(uid)
    const { square, slot } = place
    const last = --square.count
    const moved = square.services[last]
    if (slot !== last && moved) {
      clearSlot(square, slot)
      write(square, slot, moved)
      const itsPlace = places.get(moved.uid)
      if (itsPlace) itsPlace.slot = slot
    }
    square.services.length = last
    clearSlot(square, last)
  }

  return {
    at: (x, y) => squares.get(keyOf(x, y)),
    columns: registry.columns,
    ageBands: registry.ageBands,
    put(service) {
      const place = places.get(service.uid)
      const square = squareFor(service)
      if (place?.square === square) {
        clearSlot(square, place.slot)
        write(square, place.slot, service)
        return
      }
      remove(service.uid)
      const slot = square.count++
      makeRoom(square)
      places.set(service.uid, { square, slot })
      write(square, slot, service)
    },
    remove,
    openOn(square, day) {
      const known = square.openOn.get(day)
      if (known) return known
      keepDay(day)
      const bits = new Uint32Array(OPEN_COLUMNS * square.words)
      for (let slot = 0; slot < square.count; slot++) {
        markOpen(bits, square.words, slot, (square.services[slot] as UrgentCareService).hours, day)
      }
      square.openOn.set(day, bits)
      return bits
    },
    forgetOpenDays() {
      daysKept.clear()
      for (const square of squares.values()) square.openOn.clear()
    },
  }
}

/** Squares of Great Britain lie within 35 by 65; others are told apart as well. */
const keyOf = (x: number, y: number): number => x * 65_536 + y

const emptySquare = (x: number, y: number): Square => ({
  x,
  y,
  services: [],
  count: 0,
  facts: new Float64Array(FACTS * WORD),
  words: 1,
  openOn: new Map(),
  bits: new Uint32Array(0),
})

/** Makes the columns longer when there are more services than bits. */
function makeRoom(square: Square): void {
  const { count, words, bits } = square
  if (count <= words * WORD) return
  const longer = Math.ceil(words * 1.25) + 1
  const columns = bits.length / words
  const spread = new Uint32Array(columns * longer)
  for (let column = 0; column < columns; column++) {
    spread.set(bits.subarray(column * words, (column + 1) * words), column * longer)
  }
  square.words = longer
  square.openOn.clear()
  square.bits = spread
  const facts = new Float64Array(FACTS * longer * WORD)
  facts.set(square.facts)
  square.facts = facts
}

function clearSlot({ bits, words, openOn }: Square, slot: number): void {
  clearIn(bits, words, slot)
  for (const open of openOn.values()) clearIn(open, words, slot)
}

function clearIn(bits: Uint32Array, words: number, slot: number): void {
  const kept = ~(1 << (slot & 31))
  for (let word = slot >> 5; word < bits.length; word += words) bits[word] = (bits[word] as number) & kept
}

/** Makes sure that the column is there, so that a search may read it. */
function setBit(square: Square, column: number, slot: number, value: 0 | 1 = 1): void {
  const at = column * square.words + (slot >> 5)
  if (at >= square.bits.length) addColumns(square, column + 1)
  square.bits[at] = (square.bits[at] as number) | (value << (slot & 31))
}

/** Room for columns up to `needed`, and some to spare: codes come in a row when services are loaded. */
function addColumns(square: Square, needed: number): void {
  const longer = new Uint32Array((needed + (needed >> 3)) * square.words)
  longer.set(square.bits)
  square.bits = longer
}

const standsApart = ({ referrals, promotedTo }: ClinicalProfile): boolean => referrals.size > 0 || promotedTo !== null

function marksOf({ clinical, capacity }: UrgentCareService): number {
  const { restricted, limitedTo, returnIfOpenMinutes } = clinical
  const needsTests = restricted || limitedTo !== null || returnIfOpenMinutes !== null || capacity.status !== 'GREEN'
  return (standsApart(clinical) ? STANDS_APART : 0) | (needsTests ? NEEDS_TESTS : 0)
}

/** Hands out column numbers to codes, as services that carry them come. */
function createRegistry() {
  /** Columns that no code has. */
  const ACTIVE = 0
  const MARKED = 1
  let next = 2
  const numbering = <Code>() => {
    const numbers = new Map<Code, number>()
    const give = (code: Code): number => {
      const known = numbers.get(code)
      if (known !== undefined) return known
      numbers.set(code, next)
      return next++
    }
    return {
      of: (code: Code): number | undefined => numbers.get(code),
      give,
      giveAll: remembering((codes: ReadonlySet<Code>): readonly number[] => Array.from(codes, give)),
    }
  }
  const types = numbering<number>()
  const genders = numbering<string>()
  const roles = numbering<number>()
  const dispositions = numbering<number>()
  const groups = numbering<number>()
  const pairs = numbering<number>()

  const columnsOfPairs = remembering((profiled: ClinicalProfile['pairs']): readonly number[] => {
    const found: number[] = []
    for (const [group, discriminators] of profiled) {
      found.push(groups.give(group))
      for (const discriminator of discriminators) found.push(pairs.give(group * PAIR + discriminator))
    }
    return found
  })

  const columns: Columns = {
    active: ACTIVE,
    marked: MARKED,
    type: types.of,
    gender: genders.of,
    role: roles.of,
    disposition: dispositions.of,
    symptomGroup: groups.of,
    pair: (group, discriminator) => pairs.of(group * PAIR + discriminator),
  }
  const setColumns = (square: Square, slot: number, { isActive, typeId, clinical }: UrgentCareService): void => {
    if (isActive) setBit(square, ACTIVE, slot)
    setBit(square, MARKED, slot, standsApart(clinical) ? 1 : 0)
    setBit(square, types.give(typeId), slot)
    for (const column of genders.giveAll(clinical.genders)) setBit(square, column, slot)
    for (const column of roles.giveAll(clinical.roles)) setBit(square, column, slot)
    for (const column of dispositions.giveAll(clinical.dispositions)) setBit(square, column, slot)
    for (const column of columnsOfPairs(clinical.pairs)) setBit(square, column, slot)
  }
  const ageBands: (readonly AgeRange[])[] = []
  const ageNumbers = new Map<readonly AgeRange[], number>()
  const numberOf = (ages: readonly AgeRange[]): number => {
    const known = ageNumbers.get(ages)
    if (known !== undefined) return known
    ageNumbers.set(ages, ageBands.length)
    return ageBands.push(ages) - 1
  }
  const factsOf = (service: UrgentCareService) => ({
    typeColumn: types.give(service.typeId),
    ageBands: numberOf(service.clinical.ages),
    marks: marksOf(service),
  })
  return { columns, setColumns, factsOf, ageBands }
}

/** Parts of clinical profiles are shared by many services: what was found for one is found for all. */
function remembering<Part extends object>(find: (part: Part) => readonly number[]): (part: Part) => readonly number[] {
  const known = new WeakMap<Part, readonly number[]>()
  return (part) => {
    const before = known.get(part)
    if (before) return before
    const found = find(part)
    known.set(part, found)
    return found
  }
}
