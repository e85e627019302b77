/**
 * Postcodes as numbers, so that millions of them fit into typed arrays. The order of the numbers is the order of the
 * keys (`M337AB`) as PostgreSQL's "C" collation has it.
 */

/** Digits, letters and "nothing". */
const BASE = 37
const LONGEST = 7
const CODE_OF_0 = 48
const CODE_OF_A = 65

/** Packs a postcode key of up to seven capitals and digits. Undefined for any other text. */
export function packPostcode(key: string): number | undefined {
  if (key.length === 0 || key.length > LONGEST) return undefined
  let packed = 0
  for (let index = 0; index < LONGEST; index++) {
    const digit = index < key.length ? digitOf(key.charCodeAt(index)) : 0
    if (digit === undefined) return undefined
    packed = packed * BASE + digit
  }
  return packed
}

function digitOf(code: number): number | undefined {
  if (code >= CODE_OF_0 && code < CODE_OF_0 + 10) return code - CODE_OF_0 + 1
  return code >= CODE_OF_A && code < CODE_OF_A + 26 ? code - CODE_OF_A + 11 : undefined
}

/** A typed array that grows by half when it is full. */
export type GrowingNumbers = {
  push(value: number): void
  /** What was pushed so far, without room to spare. Shares the memory. */
  values(): Float64Array
}

export function growingNumbers(): GrowingNumbers {
  let numbers = new Float64Array(4096)
  let length = 0
  return {
    push(value) {
      if (length === numbers.length) {
        const larger = new Float64Array(Math.ceil(length * 1.5))
        larger.set(numbers)
        numbers = larger
      }
      numbers[length++] = value
    },
    values: () => numbers.subarray(0, length),
  }
}

/** Values that occur more than once. Sorts the array in place. */
export function repeated(values: Float64Array): ReadonlySet<number> {
  values.sort()
  const twice = new Set<number>()
  for (let index = 1; index < values.length; index++) {
    const value = values[index] ?? 0
    if (value === values[index - 1]) twice.add(value)
  }
  return twice
}
