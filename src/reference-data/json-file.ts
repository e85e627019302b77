/** A JSON file that is read as a whole. */
import { basename } from 'node:path'
import { InputRefused, textOf } from './input-file.ts'

const LIMITS = { maxFileBytes: 100_000_000, maxLineBytes: 100_000_000 }

/** Parses a JSON file. Throws `InputRefused` when it is missing, not UTF-8, not JSON, or holds text that cannot be stored. */
export async function readJson(path: string): Promise<unknown> {
  let text = ''
  for await (const piece of textOf(path, LIMITS)) text += piece
  const value = parsed(path, text)
  if (holdsUnstorableText(text, value)) {
    throw new InputRefused(`${basename(path)} holds a character that no text may hold, such as \\u0000`)
  }
  return value
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputRefused(`${basename(path)} is not JSON, or is cut off`, { cause: error })
  }
}

/**
 * Whether a text or key anywhere in a JSON value cannot be stored: NUL, or half of a surrogate pair. Such characters can
 * only have been written as escapes, so that most values are not looked at. `text` is the JSON that `value` came from.
 */
export function holdsUnstorableText(text: string, value: unknown): boolean {
  return text.includes('\\u') && isUnstorable(value)
}

function isUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => isUnstorable(key) || isUnstorable(item))
}
