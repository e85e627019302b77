/** A JSON file that is read as a whole. */
import { basename } from 'node:path'
import { InputRefused, textOf } from './input-file.ts'

const LIMITS = { maxFileBytes: 100_000_000, maxLineBytes: 100_000_000 }

/** Parses a JSON file. Throws `InputRefused` when it is missing, not UTF-8 or not JSON. */
export async function readJson(path: string): Promise<unknown> {
  let text = ''
  for await (const piece of textOf(path, LIMITS)) text += piece
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputRefused(`${basename(path)} is not JSON, or is cut off`, { cause: error })
  }
}
