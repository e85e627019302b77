/** How many pharmacies had checked everything at the end of each day of a quarter. Pure. */
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import { dateOf, dayOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { completeAtOf, type VerifiedPharmacy } from './verification.ts'

export type DayOfQuarter = {
  readonly date: LocalDate
  /** Pharmacies that had checked everything by the end of the day. */
  readonly complete: number
  /** Of all pharmacies of the report, rounded down, so that 100% means all. */
  readonly percent: number
}

/** Every day of the quarter up to today, or its last. A report without pharmacies has no days. */
export function completeByDay(
  { starts, ends }: FinancialQuarter,
  pharmacies: readonly VerifiedPharmacy[],
  today: LocalDate,
): readonly DayOfQuarter[] {
  if (pharmacies.length === 0) return []
  const first = dayOf(starts)
  const days = Array.from({ length: Math.max(0, dayOf(today < ends ? today : ends) - first + 1) }, () => 0)
  for (const pharmacy of pharmacies) {
    const instant = completeAtOf(pharmacy)
    if (instant === null) continue
    const index = dayOf(londonDateOf(new Date(instant))) - first
    if (days[index] !== undefined) days[index] += 1
  }
  let complete = 0
  return days.map((more, index) => {
    complete += more
    return { date: dateOf(first + index), complete, percent: Math.floor((100 * complete) / pharmacies.length) }
  })
}
