/** Quarters of the financial year, 1 April to 31 March: the rhythm in which pharmacies verify their profiles. */
import { MONTH_NAMES } from './clock-time.ts'
import { dateOf, dayOf, type LocalDate } from './london-time.ts'

/** `2026-27-Q3` is October to December 2026. */
export type QuarterId = `${number}-${string}-Q${1 | 2 | 3 | 4}`

export type FinancialQuarter = {
  readonly id: QuarterId
  /** `October to December 2026`. */
  readonly name: string
  readonly starts: LocalDate
  /** The last day, included; also the deadline of the quarter's verification. */
  readonly ends: LocalDate
}

/**
 * The quarter a date lies in: Q1 is April to June, Q4 January to March of the financial year that began the April before.
 *
 * Source: NHS pharmacy terms of service: profiles are verified at least once in each quarter of the financial year.
 */
export function quarterOf(date: LocalDate): FinancialQuarter {
  const [year, month] = date.split('-').map(Number) as [number, number]
  return quarterFrom(month >= 4 ? year : year - 1, (((month + 8) % 12) / 3) | 0)
}

/** Reads `2026-27-Q3`; undefined when malformed or when the two years do not follow each other. */
export function parseQuarter(text: string): FinancialQuarter | undefined {
  const match = /^((?:19|20|21)\d\d)-(\d\d)-Q([1-4])$/.exec(text)
  if (!match) return undefined
  const quarter = quarterFrom(Number(match[1]), Number(match[3]) - 1)
  return quarter.id === text ? quarter : undefined
}

export const quarterAfter = (quarter: FinancialQuarter): FinancialQuarter => quarterOf(dateOf(dayOf(quarter.ends) + 1))

export const quarterBefore = (quarter: FinancialQuarter): FinancialQuarter =>
  quarterOf(dateOf(dayOf(quarter.starts) - 1))

/** `startYear` is the year of the financial year's April, `index` 0 for Q1 to 3 for Q4. */
function quarterFrom(startYear: number, index: number): FinancialQuarter {
  const year = index === 3 ? startYear + 1 : startYear
  const month = (index * 3 + 3) % 12
  return {
    id: `${startYear}-${String((startYear + 1) % 100).padStart(2, '0')}-Q${(index + 1) as 1}`,
    name: `${MONTH_NAMES[month as 0]} to ${MONTH_NAMES[(month + 2) as 0]} ${year}`,
    starts: isoDate(year, month, 1),
    ends: isoDate(year, month + 3, 0),
  }
}

/** `month` counts from 0; day 0 is the last day of the month before. */
const isoDate = (year: number, month: number, day: number): LocalDate =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10) as LocalDate
