/**
 * What a form sent, as text by field name, made safe to keep and to show again.
 *
 * A form of ours sends each name once. Anything else (a name sent twice, an object in a JSON body, characters that no
 * keyboard makes) becomes the replacement character, which no rule accepts: so it ends as a field message
 * beside the field, like any other wrong value, and never as a guess.
 */
export type Fields = Readonly<Record<string, string>>

const UNREADABLE = '\uFFFD'
const FIELD_NAME = /^[a-z][a-z0-9-]{0,59}$/
const MOST_FIELDS = 1_000
const LINE_BREAKS = /[\t\n\r\u2028\u2029]+/g
/** Marks without a shape: they come along when a number is pasted from a phone's contacts, and nobody sees them. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g

/** The fields of a request body. Never throws; names that no form of ours uses are dropped. */
export function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null) return {}
  const named = Object.entries(body)
    .filter(([name]) => FIELD_NAME.test(name))
    .slice(0, MOST_FIELDS)
  return Object.fromEntries(
    named.map(([name, value]) => [name, typeof value === 'string' ? readable(value) : UNREADABLE]),
  )
}

const readable = (value: string): string =>
  value.toWellFormed().replace(LINE_BREAKS, ' ').replace(INVISIBLE, '').replace(CONTROLS, UNREADABLE)

/** A field as it was sent; empty when it was not. */
export const rawIn = (fields: Fields, name: string): string => fields[name] ?? ''

/** What stands in a one-line field: full-width and other look-alike characters as their plain ones, spaces tidied. */
export const lineIn = (fields: Fields, name: string): string => proseIn(fields, name).normalize('NFKC')

/** What stands in a field for words, which keeps its characters as they were typed. */
export const proseIn = (fields: Fields, name: string): string =>
  rawIn(fields, name).normalize('NFC').replace(/\s+/g, ' ').trim()

/** Whether a value holds something that could not be read as text. */
export const isUnreadable = (value: string): boolean => value.includes(UNREADABLE)

/** What stands behind a checkbox: ticked, not ticked, or undefined when the value is neither. */
export function tickIn(fields: Fields, name: string): boolean | undefined {
  const value = lineIn(fields, name)
  if (value === '' || value === 'no') return false
  return value === 'yes' ? true : undefined
}
