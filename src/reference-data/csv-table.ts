/**
 * A CSV file with a header, read row by row at any size. What is wrong with the file as a whole (another separator,
 * missing columns, cut off in the middle) is found before or while it is read, and refuses it: see `InputRefused`.
 */
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type FileLimits, InputRefused, textOf } from './input-file.ts'

/** A published layout. Header names are compared without case, spaces and punctuation: see `headerKey`. */
export type CsvLayout<Key extends string> = {
  readonly name: string
  /** Every accepted spelling of each column; where a file has several, the first of these is read. */
  readonly columns: Readonly<Record<Key, readonly string[]>>
  /** Columns without which the layout is not that layout. */
  readonly required: readonly Key[]
}

export type CsvTable<Key extends string> = {
  readonly layout: CsvLayout<Key>
  readonly header: readonly string[]
  /** Whether the file has the column. */
  has(key: Key): boolean
  /** Reads the file from its start. Throws `InputRefused` when it turns out to be damaged. */
  rows(): AsyncGenerator<CsvRow<Key>>
}

export type CsvRow<Key extends string> = {
  /** Where the row begins; the header is line 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why the row as a whole cannot be read; undefined when it has as many columns as the header. */
  readonly damage: string | undefined
  /** The cell of a column, as it stands; empty when the file lacks the column. */
  text(key: Key): string
}

const SEPARATORS: readonly (readonly [separator: string, name: string])[] = [
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
  ['¬', 'the sign ¬'],
]

/** `PHARMACY_ODS_CODE_(F-CODE)` and `Pharmacy ODS code F code` are the same column. */
export const headerKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')

/** Reads the header and finds the layout it belongs to. Throws `InputRefused` when it belongs to none. */
export async function openCsv<Key extends string>(
  path: string,
  layouts: readonly CsvLayout<Key>[],
  limits: FileLimits,
): Promise<CsvTable<Key>> {
  const header = await readHeader(path, limits)
  refuseOtherSeparator(path, header, layouts)
  const layout = chooseLayout(path, header, layouts)
  const places = placesOf(path, header, layout)
  return {
    layout,
    header,
    has: (key) => places.has(key),
    rows: () => rowsOf(path, header, places, limits),
  }
}

async function readHeader(path: string, limits: FileLimits): Promise<readonly string[]> {
  for await (const { record } of records(path, limits)) return record
  throw new InputRefused(`${basename(path)} has no header row`)
}

function refuseOtherSeparator<Key extends string>(
  path: string,
  header: readonly string[],
  layouts: readonly CsvLayout<Key>[],
): void {
  const text = header.join(',')
  const found = (separator: string) => Math.max(...layouts.map((layout) => known(layout, text.split(separator)).length))
  const best = SEPARATORS.toSorted(([a], [b]) => found(b) - found(a))[0]
  if (!best || best[0] === ',' || found(best[0]) <= found(',')) return
  throw new InputRefused(
    `The columns of ${basename(path)} are separated by ${best[1]}; save it again as CSV separated by commas`,
  )
}

const keysOf = <Key extends string>(layout: CsvLayout<Key>) => Object.keys(layout.columns) as Key[]

const known = <Key extends string>(layout: CsvLayout<Key>, header: readonly string[]): Key[] =>
  keysOf(layout).filter((key) => header.some((name) => isSpelling(layout, key, name)))

const isSpelling = <Key extends string>(layout: CsvLayout<Key>, key: Key, name: string): boolean =>
  layout.columns[key].some((spelling) => headerKey(spelling) === headerKey(name))

function chooseLayout<Key extends string>(
  path: string,
  header: readonly string[],
  layouts: readonly CsvLayout<Key>[],
): CsvLayout<Key> {
  const missing = (layout: CsvLayout<Key>) => layout.required.filter((key) => !known(layout, header).includes(key))
  const fitting = layouts.find((layout) => missing(layout).length === 0)
  if (fitting) return fitting
  const nearest = layouts.toSorted((a, b) => known(b, header).length - known(a, header).length)[0]
  const names = nearest ? missing(nearest).map((key) => nearest.columns[key][0] ?? key) : []
  const isAny = nearest && known(nearest, header).length > 0
  throw new InputRefused(
    isAny
      ? `${basename(path)} lacks ${names.length === 1 ? 'the column' : 'these columns'}: ${names.join(', ')}`
      : `${basename(path)} does not begin with the header of ${layouts.map(({ name }) => name).join(' or ')}`,
  )
}

function placesOf<Key extends string>(
  path: string,
  header: readonly string[],
  layout: CsvLayout<Key>,
): ReadonlyMap<Key, number> {
  const places = new Map<Key, number>()
  for (const key of keysOf(layout)) {
    const name = layout.columns[key].find((spelling) => header.some((text) => headerKey(text) === headerKey(spelling)))
    if (name === undefined) continue
    const found = header.flatMap((text, place) => (headerKey(text) === headerKey(name) ? [place] : []))
    if (found.length > 1) throw new InputRefused(`${basename(path)} has the column ${name} more than once`)
    places.set(key, found[0] ?? 0)
  }
  return places
}

async function* rowsOf<Key extends string>(
  path: string,
  header: readonly string[],
  places: ReadonlyMap<Key, number>,
  limits: FileLimits,
): AsyncGenerator<CsvRow<Key>> {
  const width = header.length
  let isHeader = true
  let last: CsvRow<Key> | undefined
  for await (const { record: cells, line } of records(path, limits)) {
    if (isHeader) {
      isHeader = false
      continue
    }
    if (cells.some(looksLikeRows)) {
      throw new InputRefused(`Line ${line} of ${basename(path)} opens a quotation mark that it does not close`)
    }
    const damage = cells.length === width ? undefined : `the row has ${cells.length} columns, the header ${width}`
    last = { line, cells, damage, text: (key) => cells[places.get(key) ?? -1] ?? '' }
    yield last
  }
  if (last && last.cells.length < width) {
    throw new InputRefused(`${basename(path)} is cut off: its last row, line ${last.line}, is incomplete`)
  }
}

/** A cell may hold line ends; one that holds separators after them has swallowed the rows that follow it. */
const looksLikeRows = (cell: string): boolean => cell.includes('\n') && /\n[^\n]*,/.test(cell)

type CsvRecord = { readonly record: readonly string[]; readonly line: number }

/** Every record with the line it begins on. */
async function* records(path: string, limits: FileLimits): AsyncGenerator<CsvRecord> {
  const parser = parse({ relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true })
  pipeline(textOf(path, limits), parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { record, line: info.lines - lineEndsIn(record) }
    }
  } catch (error) {
    if (error instanceof CsvError) throw brokenCsv(path, error)
    throw error
  }
}

const lineEndsIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0)

function brokenCsv(path: string, error: CsvError): InputRefused {
  const reason =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'is cut off: a quotation mark is opened and never closed'
      : 'is not CSV that we can read'
  return new InputRefused(`${basename(path)} ${reason}`, { cause: error })
}
