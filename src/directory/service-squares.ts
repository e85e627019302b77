/**
 * Services in squares of the national grid, each with columns of bits: one column for each code that any service
 * carries, one bit in it for each service of the square. A search reads a few columns of the squares it covers, 32
 * services at a time, and looks only at the services whose bits are all set.
 *
 * The columns are a sieve: they may let through what the rules refuse, never the other way round. Every change of a
 * service is made in its square at once; nothing is rebuilt.
 */
import type { ClinicalProfile, GridPlace } from '#src/rules/triage.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Small enough that a search skips most of the country, large enough that it visits few squares. Measured. */
export const SQUARE_METRES = 20_000
/** Bits in a word. */
const WORD = 32

export type Square = {
  /** Of the south-west corner, in squares. */
  readonly x: number
  readonly y: number
  /** By slot; the first `count` are in use. */
  readonly services: UrgentCareService[]
  count: number
  /** By slot: what the search compares for every service it looks at. */
  eastings: Float64Array
  northings: Float64Array
  kinds: Uint16Array
  marks: Uint8Array
  /** Words a column. */
  words: number
  /** Column `c` is `bits[c * words]` up to `bits[(c + 1) * words]`; a column beyond the end is empty. */
  bits: Uint32Array
}

/** Marks of a slot: its standing depends on more than its distance. */
export const HAS_REFERRALS = 1
export const IS_PROMOTED = 2

export type ServiceSquares = {
  /** The square with this corner; undefined when no service lies in it. */
  at(x: number, y: number): Square | undefined
  /** Column numbers of codes; undefined when no service ever carried the code. */
  readonly columns: Columns
  /** A small number for a service type, from 0 on. */
  kindOf(typeId: number): number
  readonly kindCount: number
  put(service: UrgentCareService): void
  remove(uid: number): void
}

/** Numbers of columns: of each code that a search can ask for. */
export type Columns = {
  /** Of every Active service. */
  readonly active: number
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
  const kinds = new Map<number, number>()
  const registry = createRegistry()

  const kindOf = (typeId: number): number => {
    const known = kinds.get(typeId)
    if (known !== undefined) return known
    kinds.set(typeId, kinds.size)
    return kinds.size - 1
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
    square.eastings[slot] = service.easting
    square.northings[slot] = service.northing
    square.kinds[slot] = kindOf(service.typeId)
    square.marks[slot] =
      (service.clinical.referrals.size > 0 ? HAS_REFERRALS : 0) | (service.clinical.promotedTo ? IS_PROMOTED : 0)
    registry.setColumns(square, slot, service)
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
    kindOf,
    get kindCount() {
      return kinds.size
    },
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
  }
}

/** Squares of Great Britain lie within 35 by 65; others are told apart as well. */
const keyOf = (x: number, y: number): number => x * 65_536 + y

const emptySquare = (x: number, y: number): Square => ({
  x,
  y,
  services: [],
  count: 0,
  eastings: new Float64Array(WORD),
  northings: new Float64Array(WORD),
  kinds: new Uint16Array(WORD),
  marks: new Uint8Array(WORD),
  words: 1,
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
  square.bits = spread
  square.eastings = lengthened(new Float64Array(longer * WORD), square.eastings)
  square.northings = lengthened(new Float64Array(longer * WORD), square.northings)
  square.kinds = lengthened(new Uint16Array(longer * WORD), square.kinds)
  square.marks = lengthened(new Uint8Array(longer * WORD), square.marks)
}

function lengthened<Numbers extends Float64Array | Uint16Array | Uint8Array>(longer: Numbers, given: Numbers): Numbers {
  longer.set(given)
  return longer
}

function clearSlot({ bits, words }: Square, slot: number): void {
  const kept = ~(1 << (slot & 31))
  for (let word = slot >> 5; word < bits.length; word += words) bits[word] = (bits[word] as number) & kept
}

function setBit(square: Square, column: number, slot: number): void {
  const at = column * square.words + (slot >> 5)
  if (at >= square.bits.length) addColumns(square, column + 1)
  square.bits[at] = (square.bits[at] as number) | (1 << (slot & 31))
}

/** Room for columns up to `needed`, and some to spare: codes come in a row when services are loaded. */
function addColumns(square: Square, needed: number): void {
  const longer = new Uint32Array((needed + (needed >> 3)) * square.words)
  longer.set(square.bits)
  square.bits = longer
}

/** Hands out column numbers to codes, as services that carry them come. */
function createRegistry() {
  /** Column 0 says which services are Active. */
  const ACTIVE = 0
  let next = 1
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
    type: types.of,
    gender: genders.of,
    role: roles.of,
    disposition: dispositions.of,
    symptomGroup: groups.of,
    pair: (group, discriminator) => pairs.of(group * PAIR + discriminator),
  }
  const setColumns = (square: Square, slot: number, { isActive, typeId, clinical }: UrgentCareService): void => {
    if (isActive) setBit(square, ACTIVE, slot)
    setBit(square, types.give(typeId), slot)
    for (const column of genders.giveAll(clinical.genders)) setBit(square, column, slot)
    for (const column of roles.giveAll(clinical.roles)) setBit(square, column, slot)
    for (const column of dispositions.giveAll(clinical.dispositions)) setBit(square, column, slot)
    for (const column of columnsOfPairs(clinical.pairs)) setBit(square, column, slot)
  }
  return { columns, setColumns }
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
