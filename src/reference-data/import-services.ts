/** `import services`: the directory of services, with the profiles that its pharmacies' own services make. */
import { basename } from 'node:path'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { inBatches } from './batches.ts'
import { noteIdleRankings } from './idle-rankings.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { importPostcodes, UNPLACED } from './import-postcodes.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import { InputRefused, linesOf } from './input-file.ts'
import { loadCatalogue, mergedCatalogue, readReference, storeCatalogue } from './reference-file.ts'
import { loadCalendar, noteHolidays } from './reference-holidays.ts'
import { parseServiceLine } from './service-lines.ts'
import { HEAD_TYPES, isOver } from './stand-in-services.ts'
import { type PharmacyHeads, SERVICES_ACTION, SERVICES_ACTOR, storeServiceBatch } from './store-services.ts'
import { type CodeWatch, watchCodes } from './unlisted-codes.ts'

const LIMITS = { maxLineBytes: 16_000_000 }
/** Services in one transaction, so that the server goes on answering. */
const BATCH = 150
const PROGRESS_EVERY = 3000

export type ServicesInput = {
  readonly path: string
  readonly referencePath: string
  readonly gazetteerPath?: string | undefined
}

/**
 * Reads the services twice: once to judge every line, once to store them in small transactions. Throws `InputRefused`
 * before anything is written when the file, its reference or its gazetteer cannot be used at all.
 */
export async function importServices(input: ServicesInput, deps: ImportDeps): Promise<ImportSummary> {
  const reference = await readReference(input.referencePath)
  const catalogue = mergedCatalogue(await loadCatalogue(deps.db.pool), reference)
  const types = new Set(catalogue.types.map(({ id }) => id))
  const isType = (typeId: number) => types.has(typeId)
  const calendar = await loadCalendar(deps.db)
  const tally = startTally(input.path, ['UID', 'RECORD'])
  const codes = watchCodes(catalogue)
  const { heads, refusedLines, total } = await judge(input.path, { isType, codes }, deps, tally)
  codes.report(tally)
  await tally.writeRefusals()
  noteHolidays(reference, calendar, tally)
  noteIdleRankings(reference, catalogue, tally)
  if (input.gazetteerPath !== undefined) await fillGazetteer(input.gazetteerPath, deps, tally)

  await deps.db.transact((tx) =>
    storeCatalogue(tx, catalogue, {
      actor: SERVICES_ACTOR,
      action: SERVICES_ACTION,
      at: importContext(deps.clock, SERVICES_ACTOR).recordedAt,
    }),
  )
  let done = 0
  for await (const batch of inBatches(records(input.path, isType, refusedLines), BATCH)) {
    const context = importContext(deps.clock, SERVICES_ACTOR)
    await deps.db.transact((tx) => storeServiceBatch(tx, batch, { heads, calendar, context, tally }))
    done += batch.length
    if (done % PROGRESS_EVERY === 0 || done === total) deps.progress('services stored', done, total)
  }
  return tally.finish()
}

/** What the catalogue says of types and codes. */
type Known = { readonly isType: (typeId: number) => boolean; readonly codes: CodeWatch }

type Judged = {
  readonly lineOf: Map<number, number>
  readonly refusedLines: Set<number>
  readonly heads: Map<string, ServiceRecord>
  readonly unknownKeys: Map<string, number>
}

/** Reads every line, refuses what must be refused, and finds the service that stands for each pharmacy. */
async function judge(path: string, known: Known, { progress }: ImportDeps, tally: Tally) {
  const judged: Judged = { lineOf: new Map(), refusedLines: new Set(), heads: new Map(), unknownKeys: new Map() }
  let isJson = false
  for await (const { number, text } of linesOf(path, LIMITS)) {
    tally.count('read')
    isJson = judgeLine(number, text, known, judged, tally) || isJson
    if (number % PROGRESS_EVERY === 0) progress('services checked', number)
  }
  if (!isJson) throw new InputRefused(`${basename(path)} is not a services file: it has no line that is a JSON object`)
  for (const [key, lines] of judged.unknownKeys) {
    tally.note({ kind: 'key we do not know, kept as it is', subject: key, message: `on ${lines} lines` })
    tally.detail('keys we do not know, kept')
  }
  return { heads: judged.heads as PharmacyHeads, refusedLines: judged.refusedLines, total: judged.lineOf.size }
}

/** Answers whether the line is a JSON object at all. */
function judgeLine(
  number: number,
  text: string,
  { isType, codes }: Known,
  { lineOf, refusedLines, heads, unknownKeys }: Judged,
  tally: Tally,
): boolean {
  const reading = parseServiceLine(text, isType)
  const uid = reading.ok ? reading.record.uid : reading.uid
  const earlier = reading.ok ? lineOf.get(reading.record.uid) : undefined
  if (!reading.ok || earlier !== undefined) {
    const reasons = reading.ok ? [`uid ${uid} is on line ${earlier} already`] : reading.reasons
    refusedLines.add(number)
    tally.refuse({ line: number, cells: [String(uid ?? ''), text], reasons })
    return reading.ok || reading.isObject
  }
  lineOf.set(reading.record.uid, number)
  keepHead(heads, reading.record)
  codes.see(reading.record)
  for (const key of reading.unknownKeys) unknownKeys.set(key, (unknownKeys.get(key) ?? 0) + 1)
  return true
}

/** One service stands for each pharmacy: an active one before others, a type 13 before a 134, then the lowest uid. */
function keepHead(heads: Map<string, ServiceRecord>, record: ServiceRecord): void {
  if (!HEAD_TYPES.includes(record.typeId) || !/^[A-Z0-9]{5}/.test(record.odsCode ?? '')) return
  const code = pharmacyCodeOf(record.odsCode ?? '')
  const known = heads.get(code)
  if (known && rank(known) <= rank(record)) return
  heads.set(code, { ...record, other: {}, publicInformation: null, referralInformation: null })
}

const rank = ({ status, typeId }: ServiceRecord): number =>
  (status === 'ACTIVE' ? 0 : isOver(status) ? 4 : 2) + (typeId === 13 ? 0 : 1)

async function* records(
  path: string,
  isType: (typeId: number) => boolean,
  refusedLines: ReadonlySet<number>,
): AsyncGenerator<ServiceRecord> {
  for await (const { number, text } of linesOf(path, LIMITS)) {
    if (refusedLines.has(number)) continue
    const reading = parseServiceLine(text, isType)
    if (reading.ok) yield reading.record
  }
}

async function fillGazetteer(path: string, deps: ImportDeps, tally: Tally): Promise<void> {
  const { stored, changed, refused, details } = await importPostcodes(path, deps, 'gazetteer')
  tally.detail('postcodes added from the gazetteer', stored + changed)
  const unplaced = details[UNPLACED] ?? 0
  if (unplaced > 0) tally.detail('postcodes of the gazetteer without a position, left out', unplaced)
  if (refused > 0) tally.detail('postcodes of the gazetteer refused', refused)
}
