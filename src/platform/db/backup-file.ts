/**
 * The file of a backup: gzip of JSON lines. First a header, then for each table its name and columns followed by its
 * rows (each an array of PostgreSQL texts), last a footer that proves that the file is whole. The same for both
 * databases.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { WireText } from './wire-text.ts'

export const BACKUP_FORMAT = 'signpost-backup'
export const BACKUP_VERSION = 1

export type BackupHeader = {
  readonly format: typeof BACKUP_FORMAT
  readonly version: number
  readonly createdAt: string
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[]
}
export type BackupTable = { readonly table: string; readonly columns: readonly string[] }
/** `sha256` is of every line before this one, with their line ends. */
export type BackupFooter = { readonly end: true; readonly rows: number; readonly sha256: string }

export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'table'; readonly table: BackupTable }
  | { readonly kind: 'row'; readonly row: readonly WireText[] }

/** A file that cannot be restored; the message is one line that says why. */
export class WrongBackup extends Error {
  override readonly name = 'WrongBackup'
}

const LONGEST_LINE = 64 * 1024 * 1024

/**
 * The parts of a file, in order. Throws `WrongBackup` when it is not a backup, cut short or altered; only the end tells
 * that, so read it once to the end before acting on it.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const digest = createHash('sha256')
  let rows = 0
  let parts = 0
  let footer: BackupFooter | undefined
  for await (const line of linesOf(file)) {
    const value = parse(line, file)
    if (footer) throw new WrongBackup(`${file} goes on after its end: it was altered`)
    if (isFooter(value)) {
      footer = value
      continue
    }
    digest.update(line).update('\n')
    const part = partOf(value, parts === 0, file)
    rows += Number(part.kind === 'row')
    parts += 1
    yield part
  }
  if (parts === 0) throw new WrongBackup(`${file} is empty`)
  refuseWrongEnd(file, footer, { rows, sha256: digest.digest('hex') })
}

function refuseWrongEnd(file: string, footer: BackupFooter | undefined, read: { rows: number; sha256: string }): void {
  if (!footer) throw new WrongBackup(`${file} is cut short: its end is missing`)
  if (footer.rows !== read.rows || footer.sha256 !== read.sha256) throw new WrongBackup(`${file} was altered`)
}

function headerOf(value: unknown, file: string): BackupPart {
  const header = value as Partial<BackupHeader> | null
  if (header?.format !== BACKUP_FORMAT) throw new WrongBackup(`${file} is not a Signpost backup`)
  if (header.version !== BACKUP_VERSION || !Array.isArray(header.migrations)) {
    throw new WrongBackup(`${file} was written by a newer version of Signpost: restore it with that version`)
  }
  return { kind: 'header', header: header as BackupHeader }
}

function partOf(value: unknown, first: boolean, file: string): BackupPart {
  if (first) return headerOf(value, file)
  if (Array.isArray(value)) return { kind: 'row', row: value as WireText[] }
  if (typeof value === 'object' && value !== null && 'table' in value)
    return { kind: 'table', table: value as BackupTable }
  throw new WrongBackup(`${file} was altered`)
}

function isFooter(value: unknown): value is BackupFooter {
  return typeof value === 'object' && value !== null && 'end' in value
}

function parse(line: Buffer, file: string): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch (error) {
    throw new WrongBackup(`${file} is not a Signpost backup`, { cause: error })
  }
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  // The error of either stream arrives where the lines are read.
  pipeline(createReadStream(file), gunzip).catch((error: Error) => gunzip.destroy(error))
  try {
    yield* split(gunzip, file)
  } catch (error) {
    throw error instanceof WrongBackup ? error : new WrongBackup(unreadable(file, error), { cause: error })
  }
}

async function* split(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at)])
      rest = []
      size = 0
      from = at + 1
    }
    rest.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > LONGEST_LINE) throw new WrongBackup(`${file} is not a Signpost backup`)
  }
  if (size > 0) throw new WrongBackup(`${file} is cut short`)
}

function unreadable(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `${file} does not exist`
  if (code === 'EISDIR') return `${file} is a directory`
  if (code === 'EACCES' || code === 'EPERM') return `${file} cannot be read: permission denied`
  if (code === 'Z_BUF_ERROR') return `${file} is cut short`
  if (code?.startsWith('Z_')) return `${file} is not a Signpost backup`
  return `${file} cannot be read: ${message}`
}
