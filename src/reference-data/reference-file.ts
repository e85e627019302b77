/** The reference file, by itself or beside a services file: service types, codes, areas, ranks and search distances. */

import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { z } from 'zod'
import { AREA_KINDS, buildTriageReference, type TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { parsePostcodeUnit } from '#src/rules/postcode-unit.ts'
import { LAST_RANK } from '#src/rules/service-types.ts'
import { InputRefused } from './input-file.ts'
import { readJson } from './json-file.ts'
import { finishChanging, markChanging } from './reference-import.ts'

/** Search distances are at most this; km. Source: Check Capacity Summary, search distance. */
const MOST_KM = 99

const RANK = `a rank must be a whole number from 1 to ${LAST_RANK}`
const DISTANCE = `a distance must be more than 0 and at most ${MOST_KM} km, with one decimal at most`
const AREA = `an area must be a list of postcodes, or an object with a kind (${AREA_KINDS.join(', ')}) and postcodes`
const ROLE = 'a role must be a number, or an object with a number as its id'

const whole = z.number().int()
const named = z.looseObject({ id: whole, name: z.string() })
const areaCode = z.string().regex(/\S/, 'the code of an area is empty')
const numberKey = z.string().regex(/^-?\d{1,9}$/, 'a number must stand here')
const rank = z.number(RANK).int(RANK).min(1, RANK).max(LAST_RANK, RANK)
const unit = z.string().refine((text) => parsePostcodeUnit(text) !== undefined, {
  error: ({ input }) => `“${String(input).slice(0, 20)}” is not a postcode, a sector or a district`,
})
const type = z.looseObject({ ...named.shape, rank: rank.optional(), limit: whole.min(1).optional() })
const role = z.union([whole, z.looseObject({ id: whole, name: z.string().optional() })], ROLE)
const listedArea = z.looseObject({
  kind: z.enum(AREA_KINDS),
  name: z.string().optional(),
  postcodes: z.array(unit),
})
const kilometres = z
  .number(DISTANCE)
  .refine((km) => km > 0 && km <= MOST_KM && Math.abs(km * 10 - Math.round(km * 10)) < 1e-9, DISTANCE)

/** What is relied upon is checked; everything else is kept as it was given. */
const layout = z.looseObject({
  types: z
    .array(type)
    .min(1)
    .refine((types) => new Set(types.map(({ id }) => id)).size === types.length, 'an id occurs twice')
    .default([]),
  pairs: z.record(numberKey, z.array(whole)).optional(),
  symptomGroups: z.array(named).optional(),
  discriminators: z.array(named).optional(),
  dispositions: z
    .array(z.looseObject({ id: whole, timeframe: z.number().min(0).nullable(), name: z.string().optional() }))
    .optional(),
  roles: z.array(role).optional(),
  areas: z.record(areaCode, z.union([z.array(unit), listedArea], AREA)).optional(),
  rankings: z.record(areaCode, z.record(numberKey, rank)).optional(),
  searchDistances: z.record(unit, kilometres).optional(),
  catchAllTypes: z.array(whole).optional(),
  catchAllKm: z.number().positive().optional(),
  bankHolidays: z.array(z.string()).optional(),
})

export type Reference = z.infer<typeof layout>

const KNOWN_KEYS: readonly string[] = Object.keys(layout.shape)

/** Reads and checks the file. Throws `InputRefused`, one line. */
export async function readReference(path: string): Promise<Reference> {
  const given = await readJson(path)
  const refused = (fault: string) => new InputRefused(`${basename(path)} is not a reference file: ${fault}`)
  const parsed = layout.safeParse(given)
  if (!parsed.success) throw refused(firstFault(parsed.error))
  if (!KNOWN_KEYS.some((key) => Object.hasOwn(given as object, key))) {
    throw refused(`it has none of ${KNOWN_KEYS.join(', ')}`)
  }
  return parsed.data
}

function firstFault({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join('.') || 'its outermost value'
  const reason = issue?.code === 'invalid_key' ? issue.issues[0] : issue
  return `${place}: ${reason?.message ?? 'wrong'}`
}

/**
 * The stored catalogue; undefined before the first import. Parts that an earlier version stored unchecked and that are
 * wrong are left out.
 */
export async function loadCatalogue(db: Queryable): Promise<Reference | undefined> {
  const row = await db.selectFrom('catalogue').select('reference').where('id', '=', 1).executeTakeFirst()
  if (!row) return undefined
  const parsed = layout.safeParse(row.reference)
  if (parsed.success) return parsed.data
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]))
  return layout.parse(Object.fromEntries(Object.entries(row.reference as object).filter(([key]) => !wrong.has(key))))
}

/** What the stored catalogue says to a triage search. */
export const loadTriageReference = async (db: Queryable): Promise<TriageReference> =>
  buildTriageReference((await loadCatalogue(db)) ?? {})

/**
 * The catalogue after an import: the file's values, the parts that it lacks, and types that only the stored one names.
 * Of a catalogue that only stood in until a real one came (`standIn`) nothing stays.
 */
export function mergedCatalogue(stored: Reference | undefined, given: Reference): Reference {
  const kept = stored?.['standIn'] === true ? undefined : stored
  const ids = new Set(given.types.map(({ id }) => id))
  const others = (kept?.types ?? []).filter(({ id }) => !ids.has(id))
  return { ...kept, ...given, types: [...given.types, ...others].sort((a, b) => a.id - b.id) }
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
