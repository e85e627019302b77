/** The quality of a pharmacy in a line, for its hub. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { nextBestFix } from '#src/rules/quality-score.ts'
import { loadPharmacyQuality } from './scores.ts'

/** `90 of 100. Next: pharmacy without a phone number`. */
export async function loadQualityLine(
  db: Queryable,
  odsCode: string,
  day: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): Promise<string> {
  const { score } = await loadPharmacyQuality(db, odsCode, day)
  const next = nextBestFix(score, 'pharmacy')
  return next ? `${score.score} of 100. Next: ${next.name}` : `${score.score} of 100`
}
