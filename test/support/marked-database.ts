/**
 * A database in which every private value can be told from every other wherever it comes out: `PRIVATE-` and the field's
 * name, or a phone number of a range that nothing public has. Tables that nobody filled by hand get a row of markers by
 * themselves, from what the database says of their columns, so that a new table is marked without anybody remembering.
 */
import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'

/** A value that says which private field it stands for; only letters, digits, `-`, `_` and `.`. */
export const secret = (field: string): string => `PRIVATE-${field}`

const PHONES = ['nonPublicPhone', 'professionalPhone', 'closurePhone', 'endpointPhone', 'neighbourPhone'] as const
/** A private phone number of this field. No public number of the tests begins with 01632 9608. */
export const secretPhone = (field: (typeof PHONES)[number]): string => `01632 9608${10 + PHONES.indexOf(field)}`

const PHONE_FIELDS = new Map(PHONES.map((field) => [secretPhone(field).replaceAll(' ', ''), field]))
/** However it was written: with entities, in capitals, as a link, with its spaces or without. */
const MARKER = /private-([\w.-]+)|0?(16329608\d\d)/gi

/** The private fields of which a value stands in a text. */
export function secretsIn(text: string): readonly string[] {
  const found = text.replaceAll(/(?<=\d)[ \-()]+(?=\d)/g, '').matchAll(MARKER)
  return [...new Set([...found].map(([, field, phone]) => field ?? PHONE_FIELDS.get(`0${phone}`) ?? `phone ${phone}`))]
}

/** Public by law or by name, kept by the machine for itself, or filled by what the test does before. */
const NOT_BY_ITSELF = new Set([
  'migration',
  'ledger_head',
  'audit',
  'profile',
  'profile_version',
  'service',
  'service_change',
  'bank_holiday',
  'postcode',
  'ods_organisation',
  'area_choice',
  'icb_area',
  'catalogue',
  'reference_version',
  'listed_pharmacy',
  'receipt',
  'receipt_key',
  'search_spool',
])

/** Values of columns that are bound by a rule which a marker would break, or that decide whether a row is shown at all. */
export type Given = Readonly<Record<string, Readonly<Record<string, unknown>>>>

type Column = {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly required: boolean
  readonly has_default: boolean
  readonly refers_to: string | null
  readonly refers_to_column: string | null
  readonly rule: string | null
}

/** Puts a row of markers into every other table. Fails, naming the table, where a rule of it refuses them. */
export async function fillOtherTables(db: Db, given: Given, at: string): Promise<void> {
  const columns = (await columnsOf(db)).filter(({ table }) => !NOT_BY_ITSELF.has(table))
  for (const [table, its] of Map.groupBy(columns, (column) => column.table)) {
    const own = given[table] ?? {}
    const row = new Map<string, unknown>()
    for (const column of its) {
      const { column: name } = column
      row.set(name, name in own ? own[name] : (known(name) ?? (await referred(db, column)) ?? markerFor(column, at)))
    }
    const filled = [...row].filter(([, value]) => value !== null && value !== undefined)
    const names = sql.join(filled.map(([name]) => sql.ref(name)))
    const values = sql.join(filled.map(([, value]) => value))
    await sql`insert into ${sql.table(table)} (${names}) values (${values})`
      .execute(db.pool)
      .catch(({ message }: Error) =>
        assert.fail(`Say in test/audience-walk.test.ts what a row of ${table} must be: ${message}`),
      )
  }
}

/** The pharmacy and the service that everything is about. */
const known = (name: string): unknown => (name === 'ods_code' ? 'FX123' : name === 'uid' ? 2_000_000_001 : undefined)

/** The first row that the column may refer to. */
async function referred(db: Db, { refers_to: table, refers_to_column: column }: Column): Promise<unknown> {
  if (table === null || column === null) return undefined
  const { rows } = await sql<{ value: unknown }>`
    select ${sql.ref(column)} as value from ${sql.table(table)} order by 1 limit 1`.execute(db.pool)
  return rows[0]?.value
}

/** A marker where a text fits; what is needed, where it does not; otherwise nothing. */
function markerFor({ table, column, type, required, has_default, rule }: Column, at: string): unknown {
  const choice = /ANY \(+ARRAY\['([^']+)'/.exec(rule ?? '')?.[1]
  if (choice) return required ? choice : undefined
  const marker = secret(`${table}.${column}`)
  const texts: Readonly<Record<string, string>> = {
    text: marker,
    'text[]': `{${marker}}`,
    jsonb: JSON.stringify({ marker }),
  }
  if (type in texts) return texts[type]
  return required && !has_default ? neededOf(type, at) : undefined
}

function neededOf(type: string, at: string): unknown {
  const values: Readonly<Record<string, unknown>> = {
    'timestamp with time zone': at,
    date: at.slice(0, 10),
    boolean: false,
    uuid: '01234567-89ab-4def-8123-456789abcdef',
    'bigint[]': '{}',
  }
  return values[type] ?? 1
}

async function columnsOf(db: Db): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select t.relname as table, a.attname as column, format_type(a.atttypid, null) as type, a.attnotnull as required,
           a.atthasdef as has_default, other.relname as refers_to, theirs.attname as refers_to_column,
           (select string_agg(pg_get_constraintdef(c.oid), ' ') from pg_constraint c
            where c.conrelid = t.oid and c.contype = 'c' and c.conkey = array[a.attnum]) as rule
    from pg_class t
    join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      and a.attidentity = '' and a.attgenerated = ''
    left join lateral (
      select f.confrelid, f.confkey[array_position(f.conkey, a.attnum)] as place from pg_constraint f
      where f.conrelid = t.oid and f.contype = 'f' and a.attnum = any (f.conkey) limit 1) refers on true
    left join pg_class other on other.oid = refers.confrelid
    left join pg_attribute theirs on theirs.attrelid = refers.confrelid and theirs.attnum = refers.place
    where t.relkind = 'r'
    order by t.oid, a.attnum`.execute(db.pool)
  return rows
}
