/** What people write to the desk, as text that is safe to keep: line breaks stay, nothing that no keyboard makes does. */
import { accepted, type Result, refused } from '#src/rules/problems.ts'

/** Of a message of a ticket. */
export const LONGEST_MESSAGE = 4_000

const BREAKS = /\r\n?|[\u2028\u2029\u0085\v\f]/g
/** Marks without a shape that come along when text is pasted. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused.
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g

/** A text with its line breaks: no more than one empty line together, no control characters. Never throws. */
export const tidyMessage = (text: string): string =>
  text
    .toWellFormed()
    .replace(BREAKS, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, '')
    .replace(CONTROLS, '\uFFFD')
    .normalize('NFC')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** A field of a form that keeps its line breaks; empty when it was not sent, or not once. */
export function messageIn(body: unknown, name: string): string {
  const value = (body as Readonly<Record<string, unknown>> | null | undefined)?.[name]
  return typeof value === 'string' ? tidyMessage(value) : ''
}

/** Reads words of 1 to `longest` characters. `missing` asks for them. */
export function parseMessage(words: string, field: string, missing: string, longest = LONGEST_MESSAGE): Result<string> {
  if (words === '') return refused({ field, code: 'missing', message: missing })
  if (words.includes('\uFFFD')) {
    return refused({ field, code: 'invalid', message: 'Use letters, numbers and punctuation only' })
  }
  const { length } = [...words]
  if (length <= longest) return accepted(words)
  const most = longest.toLocaleString('en-GB')
  const message = `What you enter must be ${most} characters or fewer. It has ${length.toLocaleString('en-GB')}`
  return refused({ field, code: 'too-long', message })
}
