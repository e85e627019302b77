/** `import postcodes`: where postcodes are, and with them the pharmacies whose postcode was not known before. */
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { inBatches } from './batches.ts'
import { type CsvRow, type CsvTable, openCsv } from './csv-table.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import type { ImportContext } from './imported-profile.ts'
import { growingNumbers, packPostcode, repeated } from './packed-postcodes.ts'
import { loadPharmaciesByPostcode, movePharmacies, placePharmacies } from './place-pharmacies.ts'
import {
  GPS_LAYOUT,
  GRID_LAYOUT,
  type PostcodeColumn,
  type PostcodeReading,
  type PostcodeRow,
  parsePostcodeRow,
} from './postcode-rows.ts'
import { finishChanging, markChanging } from './reference-import.ts'
import { storePostcodes } from './store-postcodes.ts'

const ACTOR = 'command:import postcodes'
const LIMITS = { maxLineBytes: 65_536 }
/** Rows in one transaction. */
const BATCH = 200
/** Under this name the summary counts postcodes that the file does not place. */
export const UNPLACED = 'without a position, left out'
/** A long run says how far it is every so many rows. */
const PROGRESS_EVERY = 10_000

/** `gazetteer`: the file beside a services file, which only fills gaps. */
export type PostcodeFileRole = 'postcodes' | 'gazetteer'

/**
 * Reads a postcode file of any size twice: once to judge it, once to store it in small transactions. Then every
 * pharmacy without a point gets that of its postcode. Throws `InputRefused` before anything is written.
 */
export async function importPostcodes(
  path: string,
  deps: ImportDeps,
  role: PostcodeFileRole = 'postcodes',
): Promise<ImportSummary> {
  const { db, clock } = deps
  const table = await openCsv(path, [GPS_LAYOUT, GRID_LAYOUT], LIMITS)
  const source = role === 'gazetteer' ? 'gazetteer' : 'onspd'
  const file: PostcodeFile = { table, read: (row) => parsePostcodeRow(row, table.layout, source) }
  const tally = startTally(path, table.header)
  const { total, twice } = await judge(file, tally, deps)
  await tally.writeRefusals()

  const contextNow = () => importContext(clock, ACTOR)
  const options = { knowsTerminated: table.has('terminated'), fillsOnly: role === 'gazetteer' }
  const pharmacies = await loadPharmaciesByPostcode(db)
  let done = 0
  for await (const batch of inBatches(usable(file, twice), BATCH)) {
    const context = contextNow()
    await db.transact(async (tx) => {
      const written = await storePostcodes(tx, batch, options)
      if (written.length === 0) return tally.count('unchanged', batch.length)
      await markChanging(tx, 'postcodes', context.recordedAt)
      await movePharmacies(tx, written, pharmacies, context, tally)
      countWritten(tally, batch, written)
    })
    done += batch.length
    if (done % PROGRESS_EVERY === 0 || done === total) deps.progress('postcodes stored', done, total)
  }
  await placePharmacies(db, contextNow, tally)
  await finish(deps, contextNow(), tally, role)
  await refreshIcbAreas(db)
  return tally.finish()
}

type PostcodeFile = {
  readonly table: CsvTable<PostcodeColumn>
  read(row: CsvRow<PostcodeColumn>): PostcodeReading
}

/** Reads the whole file, refuses what must be refused, and finds postcodes that occur twice. */
async function judge(file: PostcodeFile, tally: Tally, { progress }: ImportDeps) {
  const keys = growingNumbers()
  let read = 0
  for await (const row of file.table.rows()) {
    tally.count('read')
    if (++read % PROGRESS_EVERY === 0) progress('rows checked', read)
    const reading = file.read(row)
    if (reading.outcome === 'refused') tally.refuse({ line: row.line, cells: row.cells, reasons: reading.reasons })
    else if (reading.outcome === 'no-position') tally.detail(UNPLACED)
    else keys.push(packPostcode(reading.row.postcode_key) ?? 0)
  }
  const total = keys.values().length
  const twice = repeated(keys.values())
  if (twice.size === 0) return { total, twice }
  const repeats = await refuseRepeats(file, twice, tally)
  return { total: total - repeats, twice }
}

/** Of a postcode that occurs twice, the first row counts. */
async function refuseRepeats(file: PostcodeFile, twice: ReadonlySet<number>, tally: Tally): Promise<number> {
  const lineOf = new Map<string, number>()
  let repeats = 0
  for await (const row of file.table.rows()) {
    const reading = file.read(row)
    if (reading.outcome !== 'row' || !twice.has(packPostcode(reading.row.postcode_key) ?? 0)) continue
    const { postcode_key: key } = reading.row
    const first = lineOf.get(key)
    if (first === undefined) lineOf.set(key, row.line)
    else {
      repeats++
      tally.refuse({ line: row.line, cells: row.cells, reasons: [`the postcode is on line ${first} already`] })
    }
  }
  return repeats
}

async function* usable(file: PostcodeFile, twice: ReadonlySet<number>): AsyncGenerator<PostcodeRow> {
  const seen = new Set<string>()
  for await (const row of file.table.rows()) {
    const reading = file.read(row)
    if (reading.outcome !== 'row') continue
    const { postcode_key: key } = reading.row
    if (twice.size > 0 && twice.has(packPostcode(key) ?? 0)) {
      if (seen.has(key)) continue
      seen.add(key)
    }
    yield reading.row
  }
}

function countWritten(
  tally: Tally,
  batch: readonly PostcodeRow[],
  written: Awaited<ReturnType<typeof storePostcodes>>,
): void {
  const isNew = written.filter(({ before }) => before === null).length
  tally.count('stored', isNew)
  tally.count('changed', written.length - isNew)
  tally.count('unchanged', batch.length - written.length)
}

async function finish({ db }: ImportDeps, context: ImportContext, tally: Tally, role: PostcodeFileRole): Promise<void> {
  await db.transact((tx) =>
    finishChanging(tx, 'postcodes', {
      actor: context.actor,
      action: 'import-postcodes',
      at: context.recordedAt,
      detail: { role, ...tally.counts() },
    }),
  )
}
