/**
 * The triage search by itself: searches a second over 60,000 services and over ten times as many, one change, memory.
 * Prints a table. Run alone: `node test/bench/triage.bench.ts`
 */
import assert from 'node:assert/strict'
import { serviceReader } from '#src/directory/indexed-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { createTriageIndex, type ResultRules } from '#src/directory/triage/triage-index.ts'
import { buildTriageReference, type TriageReference } from '#src/directory/triage/triage-reference.ts'
import { urgentCareReader } from '#src/directory/triage/urgent-care-reader.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'
import { type TriageQuestion, usableDiscriminators } from '#src/rules/triage.ts'
import { rowOf } from '#test/support/service-row.ts'
import { type BenchCall, benchCalls, benchDirectory } from './bench-data.ts'
import { type Figure, median, percentile, printFigures } from './figures.ts'

const ROUNDS = 9
const TIMES = 10
const CHANGES = 2000

/** Measures the index of one process; nothing is read from a database. */
export async function measureTriage(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  const { calls, reference: catalogue } = benchCalls(directory)
  const reference = buildTriageReference(catalogue)
  const questions = calls.map((call) => questionOf(call, reference))
  const rules = rulesOf(reference)

  const index = indexOf(directory.services)
  const search = (question: TriageQuestion) => index.search(question, rules)
  const perSecond = rateOf(questions, search)
  const times = questions.map((question) => durationOf(() => search(question)))

  const changes = directory.services.slice(0, CHANGES).map((record, at) => {
    const changed =
      at % 2 === 0 ? { ...record, phone: '01632 960000' } : { ...record, easting: (record.easting ?? 0) + 40_000 }
    const reading = readerOf()(changed, 2)
    return durationOf(() => index.take(reading))
  })

  const many = indexOf(multiplied(directory.services))
  const manyPerSecond = rateOf(questions, (question) => many.search(question, rules))
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20

  return [
    { what: 'triage: searches over 60,000 services', figure: perSecond, unit: '/s', wanted: 'at least 40,000' },
    { what: 'triage: one search, p99', figure: 1000 * percentile(times, 99), unit: 'µs', wanted: 'below 200' },
    {
      what: 'triage: the same with ten times the services takes so many times as long',
      figure: perSecond / manyPerSecond,
      unit: '×',
      wanted: 'at most 5',
    },
    { what: 'triage: one change in the index, p99', figure: percentile(changes, 99), unit: 'ms', wanted: 'below 5' },
    { what: 'triage: the longest of these changes', figure: Math.max(...changes), unit: 'ms', wanted: 'below 10' },
    { what: 'triage: heap with 60,000 and 600,000 services', figure: heapMb, unit: 'MB' },
  ]
}

export const rulesOf = (reference: TriageReference): ResultRules => ({
  rankOf: (typeId) => reference.rankOf(typeId, null),
  limitOf: (typeId) => reference.types.get(typeId)?.limit ?? 2,
  catchAllTypes: reference.catchAllTypes ?? [40, 105],
  catchAllKm: reference.catchAllKm,
  legacyCatchAll: false,
})

export function questionOf(call: BenchCall, reference: TriageReference): TriageQuestion {
  const { easting, northing, distanceKm, gender, role, surgery, disposition } = call
  return {
    ...{ origin: { easting, northing }, distanceKm, gender, role, surgery },
    symptomGroup: call.sg,
    discriminators: usableDiscriminators(call.sds, reference.pairedWith(call.sg)),
    discriminatorRule: 'all',
    disposition:
      disposition === null
        ? null
        : { id: disposition, timeframe: reference.dispositions.get(disposition)?.timeframe ?? null },
    age: call.ageDays,
    at: parseLondonMinute(call.time) ?? assert.fail(call.time),
    areas: null,
  }
}

/** Reads a record as the index does from the database. */
function readerOf() {
  const read = serviceReader(holidayCalendar([]))
  const readUrgentCare = urgentCareReader()
  return (record: ServiceRecord, seq: number) => readUrgentCare(read(rowOf(record, seq)))
}

function indexOf(services: Iterable<ServiceRecord>) {
  const index = createTriageIndex()
  const read = readerOf()
  for (const service of services) index.take(read(service, 1))
  index.tidy()
  return index
}

/** Each service ten times, within a kilometre or two of itself. */
function* multiplied(services: readonly ServiceRecord[]): Generator<ServiceRecord> {
  for (let time = 0; time < TIMES; time++) {
    for (const [at, service] of services.entries()) {
      const moved = (metres: number | null, by: number): number | null =>
        metres && metres + ((at * by + time * 977) % 2000)
      const { easting, northing, uid } = service
      yield { ...service, uid: uid + time * 1_000_000, easting: moved(easting, 31), northing: moved(northing, 17) }
    }
  }
}

function rateOf(questions: readonly TriageQuestion[], search: (question: TriageQuestion) => unknown): number {
  for (const question of questions) search(question)
  const rounds = Array.from({ length: ROUNDS }, () => {
    const ms = durationOf(() => {
      for (const question of questions) search(question)
    })
    return (1000 * questions.length) / ms
  })
  return median(rounds)
}

function durationOf(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

if (import.meta.main) printFigures(await measureTriage())
