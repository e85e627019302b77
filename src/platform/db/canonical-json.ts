/** JSON with one spelling per value, so that a value hashes the same before it is stored and after it is read back. */
import { createHash } from 'node:crypto'

/**
 * JSON text without spaces, object keys in code-unit order. What JSON leaves out (undefined) is left out here too, and
 * numbers are as JavaScript writes them. Throws, as JSON does, on circles and bigints.
 */
export function canonicalJson(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null))
  return write(plain)
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(',')}}`
}
