/**
 * Since when a postcode is no longer in use, packed beside its easting: eastings of Great Britain leave eleven bits free,
 * so that a million withdrawn postcodes take no memory of their own.
 */
import { MONTH_NAMES } from '#src/rules/clock-time.ts'

/** Royal Mail has withdrawn the postcode. */
export type Termination = {
  /** `1996-06`; null where nobody said since when. */
  readonly since: string | null
}

/** `M33 1ZZ is no longer in use: Royal Mail withdrew it in June 1996.` */
export function terminationWords(postcode: string, { since }: Termination): string {
  const [year, month] = (since ?? '').split('-')
  const when = since === null ? '' : ` in ${MONTH_NAMES[(Number(month) - 1) as 0]} ${year}`
  return `${postcode} is no longer in use: Royal Mail withdrew it${when}.`
}

const EASTING_BITS = 20
const EASTING_MASK = 2 ** EASTING_BITS - 1
const MONTHS_A_YEAR = 12
const FIRST_YEAR = 1900
/** Stands for "withdrawn, nobody said when"; the months follow it. 0 is in use. */
const NO_MONTH = 1
const MOST = 2 ** (31 - EASTING_BITS) - 1
/** Stands where there is no grid reference. */
const NO_GRID = -2_147_483_648

/** A termination as a small number: from `199606`, from `1` for one without a month, or from nothing. */
export function packTermination(text: string): number {
  if (text === '') return 0
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(4))]
  const packed = NO_MONTH + (year - FIRST_YEAR) * MONTHS_A_YEAR + month
  return text.length === 6 && packed > NO_MONTH && packed <= MOST ? packed : NO_MONTH
}

function terminationOf(packed: number): Termination | null {
  if (packed === 0) return null
  if (packed === NO_MONTH) return { since: null }
  const months = packed - NO_MONTH - 1
  const month = String((months % MONTHS_A_YEAR) + 1).padStart(2, '0')
  return { since: `${FIRST_YEAR + Math.floor(months / MONTHS_A_YEAR)}-${month}` }
}

/** What stands in the two places of a postcode's grid reference; null for none. */
export function packGrid(grid: readonly [easting: number, northing: number] | null, termination: number) {
  if (!grid || grid[0] < 0 || grid[0] > EASTING_MASK) return [NO_GRID, termination] as const
  return [grid[0] + termination * 2 ** EASTING_BITS, grid[1]] as const
}

/** The grid reference (null for none) and the termination of what `packGrid` made. */
export function unpackGrid(first: number, second: number) {
  return first === NO_GRID
    ? { grid: null, termination: terminationOf(second) }
    : {
        grid: { easting: first & EASTING_MASK, northing: second },
        termination: terminationOf(first >>> EASTING_BITS),
      }
}
