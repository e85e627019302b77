/** One pharmacy checked as it stands, and what there is to compare with. Reads only. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { checkPlace, type RuleFound } from '#src/rules/quality-rules.ts'
import { loadPlaces } from './load-places.ts'

/** One pharmacy as it stands this moment; undefined when nothing has its code. Nothing is written. */
export async function checkNow(
  db: Queryable,
  odsCode: string,
  { today, holidays }: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): Promise<readonly RuleFound[]> {
  const { places, centreOf } = await loadPlaces(db, [odsCode], today)
  const compared = await comparableSources(db)
  return places.flatMap((place) => checkPlace(place, { today, holidays, centreOf, ...knownFiles(compared) }))
}

/** Which comparisons make sense. */
export const knownFiles = (compared: readonly string[]) => ({
  hasOdsFile: compared.includes('ods'),
  hasPostcodes: compared.includes('postcodes'),
})

/** The files of the NHS that are there to compare with. */
export async function comparableSources(db: Queryable): Promise<readonly string[]> {
  const { rows } = await sql<{ source: string }>`
    select source from (values
      ('ods', exists (select from ods_organisation)), ('list', exists (select from listed_pharmacy)),
      ('postcodes', exists (select from postcode))) as files (source, is_there) where is_there`.execute(db)
  return rows.map(({ source }) => source)
}
