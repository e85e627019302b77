/** The middle of the known postcodes of an outcode, asked of the gazetteer's sorted arrays. */
import type { Position } from '#src/rules/distance.ts'
import { packPostcode } from './packed-postcodes.ts'

const BASE = 37
const LONGEST_KEY = 7
const INWARD_LENGTH = 3
const MICRO = 1e6

/**
 * The median latitude and longitude of the postcodes of an outcode (`M3`: not those of `M33`), undefined when none is
 * known. `keys` are packed postcodes in order; `microdegrees` holds a latitude and a longitude for each.
 */
export function middleOfOutcode(keys: Float64Array, microdegrees: Int32Array, outcode: string): Position | undefined {
  const first = packPostcode(`${outcode}0`)
  const last = packPostcode(`${outcode}9ZZ`)
  const spare = LONGEST_KEY - INWARD_LENGTH - outcode.length
  if (first === undefined || last === undefined || spare < 0) return undefined
  const latitudes: number[] = []
  const longitudes: number[] = []
  for (let at = firstFrom(keys, first); at < keys.length && (keys[at] ?? 0) <= last; at++) {
    if (!hasSpare(keys[at] ?? 0, spare)) continue
    latitudes.push((microdegrees[2 * at] ?? 0) / MICRO)
    longitudes.push((microdegrees[2 * at + 1] ?? 0) / MICRO)
  }
  return latitudes.length === 0 ? undefined : { latitude: median(latitudes), longitude: median(longitudes) }
}

/** Whether exactly `spare` places at the end of a packed key are unused, which tells `M3 3AB` from `M33 7AB`. */
const hasSpare = (key: number, spare: number): boolean => key % BASE ** spare === 0 && key % BASE ** (spare + 1) !== 0

function firstFrom(keys: Float64Array, key: number): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? 0) < key) low = middle + 1
    else high = middle
  }
  return low
}

function median(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[values.length >> 1] ?? 0
}
