/** The bytes of an input file, checked before anything believes them: there, readable, UTF-8, no endless lines. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'

/** A file that is refused as a whole. The message is one line that says why; nothing was written. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused'
}

export type FileLimits = {
  /** Bytes; no limit when absent. */
  readonly maxFileBytes?: number
  /** Bytes between two line ends. */
  readonly maxLineBytes: number
}

export type NumberedLine = { readonly number: number; readonly text: string }

const LINE_FEED = 10
const MEGABYTE = 1_000_000

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission to read it was refused',
  EPERM: 'permission to read it was refused',
  EISDIR: 'it is a folder, not a file',
}

/** Size of a file in bytes. Throws `InputRefused` unless it is a file with something in it, within the limit. */
export async function inspectFile(path: string, { maxFileBytes }: Pick<FileLimits, 'maxFileBytes'>): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  if (found.isDirectory()) throw new InputRefused(`Cannot read ${path}: it is a folder, not a file`)
  if (!found.isFile()) throw new InputRefused(`Cannot read ${path}: it is not an ordinary file`)
  if (found.size === 0) throw new InputRefused(`${path} is empty`)
  if (maxFileBytes !== undefined && found.size > maxFileBytes) {
    throw new InputRefused(`${path} is larger than ${maxFileBytes / MEGABYTE} MB; is it the right file?`)
  }
  return found.size
}

/** The text of a file in pieces, without its byte-order mark. Throws `InputRefused` at the first fault. */
export async function* textOf(path: string, limits: FileLimits): AsyncGenerator<string> {
  await inspectFile(path, limits)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const measure = lineMeter(path, limits.maxLineBytes)
  for await (const chunk of bytesOf(path)) {
    measure(chunk)
    yield decode(path, () => decoder.decode(chunk, { stream: true }))
  }
  yield decode(path, () => decoder.decode())
}

/** The lines of a file, numbered from 1, without their ends. Blank lines are counted and left out. */
export async function* linesOf(path: string, limits: FileLimits): AsyncGenerator<NumberedLine> {
  let rest = ''
  let number = 0
  for await (const text of textOf(path, limits)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      number++
      if (line.trim() !== '') yield { number, text: line }
    }
  }
  if (rest.trim() !== '') yield { number: number + 1, text: rest }
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Buffer
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException)
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): Error {
  const reason = REASONS[error.code ?? '']
  return reason === undefined ? error : new InputRefused(`Cannot read ${path}: ${reason}`, { cause: error })
}

function decode(path: string, run: () => string): string {
  let text: string
  try {
    text = run()
  } catch (error) {
    throw new InputRefused(`${basename(path)} is not UTF-8 text; save it again as "CSV UTF-8" (or JSON in UTF-8)`, {
      cause: error,
    })
  }
  if (text.includes('\0')) throw new InputRefused(`${basename(path)} holds NUL characters: it is not a text file`)
  return text
}

/** Counts the bytes since the last line end, across pieces. */
function lineMeter(path: string, maxLineBytes: number): (chunk: Buffer) => void {
  let length = 0
  let number = 1
  return (chunk) => {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      check(length + end - start)
      length = 0
      number++
      start = end + 1
    }
    length += chunk.length - start
    check(length)
  }

  function check(bytes: number): void {
    if (bytes <= maxLineBytes) return
    throw new InputRefused(`Line ${number} of ${basename(path)} is longer than ${Math.round(maxLineBytes / 1024)} KB`)
  }
}
