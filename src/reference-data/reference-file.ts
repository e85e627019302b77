/** The reference file beside a services file: service types, codes, areas. */

import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { z } from 'zod'
import { buildTriageReference, type TriageReference } from '#src/directory/triage-reference.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dayOf, parseLocalDate } from '#src/rules/london-time.ts'
import { InputRefused } from './input-file.ts'
import { readJson } from './json-file.ts'
import { finishChanging, markChanging } from './reference-import.ts'

const whole = z.number().int()
const named = z.looseObject({ id: whole, name: z.string() })

/** What is relied upon is checked; everything else is kept as it was given. */
const layout = z.looseObject({
  types: z.array(named).min(1),
  pairs: z.record(z.string(), z.array(whole)).optional(),
  dispositions: z.array(z.looseObject({ id: whole, timeframe: z.number().nullable() })).optional(),
  roles: z.array(z.union([whole, z.looseObject({ id: whole })])).optional(),
  catchAllTypes: z.array(whole).optional(),
  catchAllKm: z.number().optional(),
  bankHolidays: z.array(z.string()).optional(),
})

export type Reference = z.infer<typeof layout>

/** Reads and checks the file. Throws `InputRefused`. */
export async function readReference(path: string): Promise<Reference> {
  const parsed = layout.safeParse(await readJson(path))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') || 'its outermost value'
  throw new InputRefused(`${basename(path)} is not a reference file: ${place}: ${issue?.message ?? 'wrong'}`)
}

/** The stored catalogue; undefined before the first import. */
export async function loadCatalogue(db: Queryable): Promise<Reference | undefined> {
  const row = await db.selectFrom('catalogue').select('reference').where('id', '=', 1).executeTakeFirst()
  return row && layout.parse(row.reference)
}

/** What the stored catalogue says to a triage search. */
export const loadTriageReference = async (db: Queryable): Promise<TriageReference> =>
  buildTriageReference((await loadCatalogue(db)) ?? {})

/** The catalogue after an import: the file's values, and types that only the stored one names. */
export function mergedCatalogue(stored: Reference | undefined, given: Reference): Reference {
  const ids = new Set(given.types.map(({ id }) => id))
  const others = (stored?.types ?? []).filter(({ id }) => !ids.has(id))
  return { ...stored, ...given, types: [...given.types, ...others].sort((a, b) => a.id - b.id) }
}

/** Stores the catalogue unless it is the stored one. */
export async function storeCatalogue(
  tx: Tx,
  catalogue: Reference,
  entry: { readonly actor: string; readonly action: string; readonly at: string },
): Promise<void> {
  const stored = await loadCatalogue(tx)
  if (isDeepStrictEqual(stored, catalogue)) return
  await sql`
    insert into catalogue (id, reference) values (1, ${JSON.stringify(catalogue)}::jsonb)
    on conflict (id) do update set reference = excluded.reference`.execute(tx)
  await markChanging(tx, 'catalogue', entry.at)
  await finishChanging(tx, 'catalogue', { ...entry, detail: { types: catalogue.types.length } })
}

/**
 * Dates on which the file's bank holidays and ours differ, within the years the file names. The official dates come
 * from `import bank-holidays`; these are only compared.
 */
export function differingHolidays({ bankHolidays = [] }: Reference, calendar: HolidayCalendar): readonly string[] {
  const years = new Set(bankHolidays.map((date) => date.slice(0, 4)))
  const unknown = bankHolidays.filter((text) => {
    const date = parseLocalDate(text)
    return !date || !calendar.isBankHoliday(dayOf(date))
  })
  const missing = [...years].flatMap((year) => {
    const [from, to] = [parseLocalDate(`${year}-01-01`), parseLocalDate(`${year}-12-31`)]
    if (!from || !to) return []
    const days = calendar
      .statutoryDays(dayOf(from), dayOf(to))
      .filter(({ date }) => calendar.isBankHoliday(dayOf(date)))
    return days.map(({ date }) => date).filter((date) => !bankHolidays.includes(date))
  })
  return [...unknown, ...missing].sort()
}
