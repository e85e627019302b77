/**
 * How old a patient is, in days, as a search compares it with the ages that services are profiled for.
 *
 * Source: DoS web services, Check Capacity Summary search logic 1.5 and 1.3, "Check Age Format and Match on Age".
 */
import type { AgeRange } from './triage.ts'

export const AGE_FORMATS = ['Days', 'Months', 'Years', 'AgeGroup'] as const
export type AgeFormat = (typeof AGE_FORMATS)[number]

/** What is wrong with an age: missing or not a whole number, outside what its format allows, or no known format. */
export type AgeProblem = 'age' | 'age-days' | 'age-months' | 'age-years' | 'age-group' | 'age-format'

/** `range` null: the age is not asked for. `days` null: it is not known to the day. */
export type PatientAge = { readonly range: AgeRange | null; readonly days: number | null }

export type AgeRead =
  | { readonly ok: true; readonly age: PatientAge }
  | { readonly ok: false; readonly code: AgeProblem }

export const DAYS_PER_MONTH = 30.4375
export const DAYS_PER_YEAR = 365.25
/** The last day of the oldest age that can be profiled: 129 years and their last day. */
const OLDEST = 47_481.5
/** Overlaps no range: an age group that does not exist matches nobody. */
const NOBODY: AgeRange = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** Neonate and infant 4, toddler 3, child 2, adult 1; older people 8 in version 1.3 and REST only. */
const GROUPS: ReadonlyMap<number, AgeRange> = new Map<number, AgeRange>([
  [4, [0, 364.25]],
  [3, [365.25, 1825.25]],
  [2, [1826.25, 5843]],
  [1, [5844, OLDEST]],
  [8, [65 * DAYS_PER_YEAR, OLDEST]],
])
const OLDER_PEOPLE = 8

type Unit = { readonly days: number; readonly least: number; readonly most: number; readonly problem: AgeProblem }
const UNITS: Readonly<Record<Exclude<AgeFormat, 'AgeGroup'>, Unit>> = {
  Days: { days: 1, least: 0, most: 31, problem: 'age-days' },
  Months: { days: DAYS_PER_MONTH, least: 1, most: 23, problem: 'age-months' },
  Years: { days: DAYS_PER_YEAR, least: 2, most: 129, problem: 'age-years' },
}

/** The ages of a group, in days; undefined when there is no such group. */
export const ageGroup = (id: number): AgeRange | undefined => GROUPS.get(id)

/** Reads an age as version 1.5 does: both fields are mandatory, and the days are never rounded. */
export function readAge(age: string | null, format: string | null): AgeRead {
  const value = wholeNumber(age)
  if (value === undefined) return { ok: false, code: 'age' }
  const known = formatOf(format)
  if (!known) return { ok: false, code: 'age-format' }
  if (known === 'AgeGroup') {
    const range = value === OLDER_PEOPLE ? undefined : GROUPS.get(value)
    return range ? { ok: true, age: { range, days: null } } : { ok: false, code: 'age-group' }
  }
  const { least, most, problem } = UNITS[known]
  return value >= least && value <= most ? exactly(known, value) : { ok: false, code: problem }
}

/**
 * Reads an age as version 1.3 does: without a format, or with years that cannot be, it is not asked for; a group that
 * does not exist matches nobody. Only an unknown format is a problem.
 */
export function readAgeLoosely(age: string | null, format: string | null): AgeRead {
  if (format === null) return { ok: true, age: { range: null, days: null } }
  const known = formatOf(format)
  if (!known) return { ok: false, code: 'age-format' }
  const value = wholeNumber(age)
  if (known === 'AgeGroup') {
    return { ok: true, age: { range: (value === undefined ? undefined : GROUPS.get(value)) ?? NOBODY, days: null } }
  }
  if (value === undefined || value < 0 || value > UNITS[known].most)
    return { ok: true, age: { range: null, days: null } }
  return exactly(known, value)
}

function exactly(format: keyof typeof UNITS, value: number): AgeRead {
  const days = value * UNITS[format].days
  return { ok: true, age: { range: [days, days], days } }
}

const formatOf = (text: string | null): AgeFormat | undefined => AGE_FORMATS.find((format) => format === text)

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^[+-]?\d{1,9}$/.test(text) ? Number(text) : undefined
