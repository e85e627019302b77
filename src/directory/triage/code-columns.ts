/**
 * Numbers of codes, the same for all types, and of columns: each type has one for each code that any of its services
 * carries. A search looks its codes up once, and finds their columns in each type by number.
 */
import { type AgeRange, type ClinicalProfile, takesAge } from '#src/rules/triage.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** The numbers of codes. Undefined: no Active service ever carried the code. */
export type CodeNumbers = {
  gender(gender: string): number | undefined
  role(role: number): number | undefined
  disposition(id: number): number | undefined
  symptomGroup(group: number): number | undefined
  pair(group: number, discriminator: number): number | undefined
}

/** The column of a code by its number. Undefined: no Active service of the type ever carried it. */
export type Columns = (code: number) => number | undefined

/** Columns that no code has: whether a slot is in use, and whether its service is Active. Codes are of Active ones only. */
export const IN_USE = 0
export const ACTIVE = 1
const FIRST_FREE = 2
const OF_ACTIVE_ONES = [IN_USE, ACTIVE]
const OF_OTHERS = [[IN_USE]]

/** Marks of a slot: the service is promoted to some areas. */
export const IS_PROMOTED = 1
/** Tests that every other service passes must be made. */
export const NEEDS_TESTS = 2

/** What is written to a slot besides the service itself. Lists of columns are shared by all that carry the same codes. */
export type SlotFacts = {
  readonly marks: number
  readonly ageBands: number
  readonly columns: readonly (readonly number[])[]
}

export type CodeColumns = {
  readonly columns: Columns
  /** How many columns there are so far. */
  readonly count: number
  /** What is written to the slot of a service. Codes that come for the first time get columns. */
  factsOf(service: UrgentCareService): SlotFacts
}

/** What the types have in common. */
export type SharedNumbers = {
  readonly ageBands: AgeBands
  readonly codes: NumberedCodes
  /** Told of each pair, by its number, that a service of the type is the first to carry. */
  readonly noticePair: (pair: number) => void
}

export type NumberedCodes = ReturnType<typeof createNumberedCodes>

/** Hands out numbers to codes, as services that carry them come. */
export function createNumberedCodes() {
  let next = 0
  const numbering = <Code>() => {
    const numbers = new Map<Code, number>()
    return {
      of: (code: Code): number | undefined => numbers.get(code),
      give(code: Code): number {
        const known = numbers.get(code)
        if (known !== undefined) return known
        numbers.set(code, next)
        return next++
      },
    }
  }
  const [genders, roles, dispositions] = [numbering<string>(), numbering<number>(), numbering<number>()]
  const [groups, pairs] = [numbering<number>(), numbering<number>()]
  const numbers: CodeNumbers = {
    gender: genders.of,
    role: roles.of,
    disposition: dispositions.of,
    symptomGroup: groups.of,
    pair: (group, discriminator) => pairs.of(pairCode(group, discriminator)),
  }
  return { numbers, genders, roles, dispositions, groups, pairs }
}

/** Hands out columns to the codes of a type, as services that carry them come. */
export function createCodeColumns({ ageBands, codes, noticePair }: SharedNumbers): CodeColumns {
  let next = FIRST_FREE
  /** By the number of the code; 0 is none. */
  let columnOf = new Int32Array(0)
  const give = (code: number): number => {
    if (code >= columnOf.length) {
      const longer = new Int32Array(code + (code >> 3) + 1)
      longer.set(columnOf)
      columnOf = longer
    }
    const known = columnOf[code] as number
    if (known !== 0) return known
    columnOf[code] = next
    return next++
  }
  const givePair = (pair: number): number => {
    const before = next
    const column = give(pair)
    if (column === before) noticePair(pair)
    return column
  }
  const givingAll = <Code>(kind: { give(code: Code): number }) =>
    remembering((given: ReadonlySet<Code>): readonly number[] => Array.from(given, (code) => give(kind.give(code))))
  const columnsOfGenders = givingAll(codes.genders)
  const columnsOfRoles = givingAll(codes.roles)
  const columnsOfDispositions = givingAll(codes.dispositions)
  const columnsOfPairs = remembering((profiled: ClinicalProfile['pairs']): readonly number[] =>
    [...profiled].flatMap(([group, discriminators]) => [
      give(codes.groups.give(group)),
      ...Array.from(discriminators, (discriminator) => givePair(codes.pairs.give(pairCode(group, discriminator)))),
    ]),
  )

  const columnsOf = ({ isActive, clinical }: UrgentCareService): SlotFacts['columns'] =>
    isActive
      ? [
          OF_ACTIVE_ONES,
          columnsOfGenders(clinical.genders),
          columnsOfRoles(clinical.roles),
          columnsOfDispositions(clinical.dispositions),
          columnsOfPairs(clinical.pairs),
        ]
      : OF_OTHERS

  return {
    get count() {
      return next
    },
    columns: (code) => columnOf[code] || undefined,
    factsOf: (service) => ({
      marks: marksOf(service),
      ageBands: ageBands.numberOf(service.clinical.ages),
      columns: columnsOf(service),
    }),
  }
}

/** The age bands that services have, each once, with a number. */
export type AgeBands = {
  numberOf(ages: readonly AgeRange[]): number
  /** The bands of a number that was given. */
  bands(number: number): readonly AgeRange[]
}

export function createAgeBands(): AgeBands {
  const known: (readonly AgeRange[])[] = []
  const numbers = new Map<string, number>()
  return {
    numberOf: remembering((ages: readonly AgeRange[]): number => {
      const text = JSON.stringify(ages)
      const number = numbers.get(text) ?? known.push(ages) - 1
      numbers.set(text, number)
      return number
    }),
    bands: (number) => known[number] as readonly AgeRange[],
  }
}

/** Whether services with age bands of a number take the patient's age; worked out once for each. */
export function rememberAges(ageBands: AgeBands, age: AgeRange | null): (bands: number) => boolean {
  if (age === null) return () => true
  const verdicts: boolean[] = []
  return (bands) => {
    const known = verdicts[bands]
    if (known !== undefined) return known
    const verdict = takesAge(ageBands.bands(bands), age)
    verdicts[bands] = verdict
    return verdict
  }
}

/** A symptom group and a discriminator as one number. */
const pairCode = (group: number, discriminator: number): number => group * 10_000_000 + discriminator

function marksOf({ clinical, capacity }: UrgentCareService): number {
  const { restricted, limitedTo, returnIfOpenMinutes } = clinical
  const mayBeRed = capacity.status !== 'GREEN' || capacity.closed !== undefined
  const needsTests = restricted || limitedTo !== null || returnIfOpenMinutes !== null || mayBeRed
  return (clinical.promotedTo ? IS_PROMOTED : 0) | (needsTests ? NEEDS_TESTS : 0)
}

/** Parts of clinical profiles are shared by many services: what was found for one is found for all. */
function remembering<Part extends object, Found>(find: (part: Part) => Found): (part: Part) => Found {
  const known = new WeakMap<Part, Found>()
  return (part) => {
    const before = known.get(part)
    if (before !== undefined) return before
    const found = find(part)
    known.set(part, found)
    return found
  }
}
