/** Numbers of columns: one for each code that any service of a type carries and a search can ask for. */
import { type AgeRange, type ClinicalProfile, takesAge } from '#src/rules/triage.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Undefined: no Active service of the type ever carried the code. */
export type Columns = {
  gender(gender: string): number | undefined
  role(role: number): number | undefined
  disposition(id: number): number | undefined
  symptomGroup(group: number): number | undefined
  pair(group: number, discriminator: number): number | undefined
}

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
  /** Told of each pair (`pairCode`) that a service of the type is the first to carry. */
  readonly noticePair: (pair: number) => void
}

/** Hands out column numbers to codes, as services that carry them come. */
export function createCodeColumns({ ageBands, noticePair }: SharedNumbers): CodeColumns {
  let next = FIRST_FREE
  const numbering = <Code>(notice?: (code: Code) => void) => {
    const numbers = new Map<Code, number>()
    const give = (code: Code): number => {
      const known = numbers.get(code)
      if (known !== undefined) return known
      numbers.set(code, next)
      notice?.(code)
      return next++
    }
    return {
      of: (code: Code): number | undefined => numbers.get(code),
      give,
      giveAll: remembering((codes: ReadonlySet<Code>): readonly number[] => Array.from(codes, give)),
    }
  }
  const genders = numbering<string>()
  const roles = numbering<number>()
  const dispositions = numbering<number>()
  const groups = numbering<number>()
  const pairs = numbering<number>(noticePair)
  const columnsOfPairs = remembering((profiled: ClinicalProfile['pairs']): readonly number[] =>
    [...profiled].flatMap(([group, discriminators]) => [
      groups.give(group),
      ...Array.from(discriminators, (discriminator) => pairs.give(pairCode(group, discriminator))),
    ]),
  )

  const columnsOf = ({ isActive, clinical }: UrgentCareService): SlotFacts['columns'] =>
    isActive
      ? [
          OF_ACTIVE_ONES,
          genders.giveAll(clinical.genders),
          roles.giveAll(clinical.roles),
          dispositions.giveAll(clinical.dispositions),
          columnsOfPairs(clinical.pairs),
        ]
      : OF_OTHERS

  return {
    get count() {
      return next
    },
    columns: {
      gender: genders.of,
      role: roles.of,
      disposition: dispositions.of,
      symptomGroup: groups.of,
      pair: (group, discriminator) => pairs.of(pairCode(group, discriminator)),
    },
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
export const pairCode = (group: number, discriminator: number): number => group * 10_000_000 + discriminator

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
