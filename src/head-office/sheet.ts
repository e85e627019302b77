/** A spreadsheet that somebody sends, CSV or XLSX, as rows of text. Anything may be in it. */
import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** Bytes of a file as it is sent. */
export const LARGEST_FILE = 5_000_000
/** Bytes of what an XLSX file holds once it is unpacked. */
const LARGEST_CONTENT = 50_000_000
export const MOST_ROWS = 10_000
const MOST_COLUMNS = 50
const LONGEST_CELL = 1_000

export type SheetRow = {
  /** As the spreadsheet numbers it; the header is line 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** The rows with anything in them, the header first. Problems name what is wrong with the file and what to do. */
export async function readSheetRows(file: Buffer): Promise<Result<readonly SheetRow[]>> {
  if (file.length === 0) return refused(problem('empty', 'The file is empty'))
  const rows = isZip(file) ? await readXlsx(file) : readCsv(file)
  if (!rows.ok) return rows
  const filled = rows.value
    .map((cells, index) => ({ line: index + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (filled.length > MOST_ROWS + 1) {
    return refused(problem('too-many', `The file has more than ${MOST_ROWS} rows. Send it in parts`))
  }
  if (filled.some(({ cells }) => cells.length > MOST_COLUMNS || cells.some((cell) => cell.length > LONGEST_CELL))) {
    return refused(problem('too-wide', 'The file has more columns, or longer cells, than any of our templates'))
  }
  return accepted(filled)
}

const isZip = (file: Buffer): boolean => file.subarray(0, 4).equals(PART)

function readCsv(file: Buffer): Result<readonly (readonly string[])[]> {
  const text = new TextDecoder('utf-8').decode(file)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no text has them, other files do.
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text) || text.includes('\uFFFD')) {
    return refused(problem('not-text', 'The file is neither CSV nor XLSX. Save it as one of these and send it again'))
  }
  const delimiter = separatorOf(text)
  try {
    return accepted(
      parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: false }) as string[][],
    )
  } catch {
    return refused(problem('broken', 'The file is not CSV that we can read. A quotation mark may be open'))
  }
}

/** Spreadsheets in many countries write semicolons. */
function separatorOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/))
  return [',', ';', '\t'].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ','
}

async function readXlsx(file: Buffer): Promise<Result<readonly (readonly string[])[]>> {
  if (!fitsUnpacked(file)) {
    return refused(problem('too-large', 'The file is too large when it is unpacked. Send it in parts'))
  }
  const { readSheet } = await import('read-excel-file/node')
  try {
    const rows = await readSheet(file)
    return accepted(rows.map((cells) => cells.map(cellText)))
  } catch {
    return refused(problem('broken', 'The file is not a spreadsheet that we can read. Save it again as XLSX or CSV'))
  }
}

/** A date is a London date, however the spreadsheet shows it; a number is written without its thousands. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10)
  return String(value)
}

/**
 * Whether everything in a zip file stays below the limit when it is unpacked. Neither the sizes that a file claims nor
 * its directory are believed: whatever begins like a part is unpacked as far as the limit, which is how a small file
 * that grows without end is found. A part that cannot be unpacked costs a share of the limit, so that nobody sends many.
 */
function fitsUnpacked(file: Buffer): boolean {
  let left = LARGEST_CONTENT
  for (const packed of packedParts(file)) {
    try {
      left -= inflateRawSync(packed, { maxOutputLength: left }).length
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return false
      left -= LARGEST_CONTENT / 20
    }
    if (left <= 0) return false
  }
  return true
}

const PART = Buffer.from([0x50, 0x4b, 0x03, 0x04])
const PART_HEADER_BYTES = 30
const DEFLATED = 8

/** From where each packed part of a zip file begins to the end of the file: unpacking ends where the part does. */
function* packedParts(file: Buffer): Generator<Buffer> {
  for (let at = file.indexOf(PART); at >= 0; at = file.indexOf(PART, at + 1)) {
    if (at + PART_HEADER_BYTES > file.length) return
    const begins = at + PART_HEADER_BYTES + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28)
    if (file.readUInt16LE(at + 8) === DEFLATED) yield file.subarray(begins)
  }
}

const problem = (code: string, message: string): Problem => ({ field: 'file', code, message })
