/**
 * How values travel between JavaScript and PostgreSQL: always as text, and always through this file, whichever engine
 * is behind it. That is why both engines give the same JavaScript types.
 */

/** A value as PostgreSQL sends and receives it. */
export type WireText = string | null

const OID = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  timestamptz: 1184,
  jsonb: 3802,
  boolArray: 1000,
  int4Array: 1007,
  textArray: 1009,
  varcharArray: 1015,
  int8Array: 1016,
  float8Array: 1022,
  dateArray: 1182,
  timestamptzArray: 1185,
} as const

type Read = (text: string) => unknown

const readText: Read = (text) => text
const readBoolean: Read = (text) => text === 't'
const arrayOf =
  (read: Read): Read =>
  (text) =>
    readArray(text).map((item) => (item === null ? null : read(item)))

const READERS: ReadonlyMap<number, Read> = new Map<number, Read>([
  [OID.bool, readBoolean],
  [OID.int8, readInt8],
  [OID.int2, Number],
  [OID.int4, Number],
  [OID.oid, Number],
  [OID.float4, Number],
  [OID.float8, Number],
  [OID.json, JSON.parse],
  [OID.jsonb, JSON.parse],
  [OID.timestamptz, readInstant],
  [OID.boolArray, arrayOf(readBoolean)],
  [OID.int4Array, arrayOf(Number)],
  [OID.int8Array, arrayOf(readInt8)],
  [OID.float8Array, arrayOf(Number)],
  [OID.textArray, arrayOf(readText)],
  [OID.varcharArray, arrayOf(readText)],
  [OID.dateArray, arrayOf(readText)],
  [OID.timestamptzArray, arrayOf(readInstant)],
])

/**
 * How to read a column of the type `oid`. int8 becomes a number, date stays `YYYY-MM-DD`, timestamptz becomes UTC ISO
 * text with `Z` and milliseconds, json and jsonb are parsed, arrays of these become arrays; every other type, numeric
 * among them, stays text.
 */
export function readerFor(oid: number): (text: string) => unknown {
  return READERS.get(oid) ?? readText
}

/**
 * A parameter as PostgreSQL text. Dates become UTC instants, arrays PostgreSQL arrays (a JSON array must be given as
 * JSON text), plain objects JSON. Throws on values without a PostgreSQL form (bytes, functions, numbers that are not finite).
 */
export function toWireText(value: unknown): WireText {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `{${value.map(arrayItem).join(',')}}`
  if (isPlainObject(value)) return JSON.stringify(value)
  throw new TypeError(`a ${typeof value} cannot be a database parameter`)
}

function arrayItem(value: unknown): string {
  const text = toWireText(value)
  if (text === null) return 'NULL'
  return Array.isArray(value) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function readInt8(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`the database holds ${text}, beyond the whole numbers we can read`)
  return number
}

/** `2026-12-11 10:34:00.5+00` (sessions run in UTC, but any offset is understood) as `2026-12-11T10:34:00.500Z`. */
function readInstant(text: string): string {
  const instant = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  if (Number.isNaN(instant.getTime()))
    throw new RangeError(`the database holds the instant ${text}, which we cannot read`)
  return instant.toISOString()
}

/** The items of a one-dimensional PostgreSQL array: `{a,"b c",NULL}`. */
function readArray(text: string): (string | null)[] {
  const items: (string | null)[] = []
  for (const [, quoted, plain] of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)) {
    if (quoted !== undefined) items.push(quoted.replace(/\\(.)/g, '$1'))
    else items.push(plain === 'NULL' ? null : (plain ?? ''))
  }
  return items
}
