/**
 * The index by itself, with 60,000 services: loading, memory, searches a second, one change, and the longest pause while
 * a new base grows. Prints a table. Run alone: `node test/bench/index.bench.ts`
 */
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { servicesJson } from '#src/apis/open-data/open-data.ts'
import { createServiceIndex } from '#src/directory/service-index.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'
import { storeServices } from '#test/support/stored-services.ts'
import { benchDirectory } from './bench-data.ts'
import { type Figure, median, percentile, printFigures } from './figures.ts'
import { filledEmbedded } from './filled-database.ts'

const ROUNDS = 5
const CHANGES = 200
/** Enough moved services to pass the size at which the overlay is merged. */
const MOVED = 8000

/** Measures the index of one process on the embedded database. */
export async function measureIndex(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  const db = await openDb({ ...(await filledEmbedded(directory)), log: createLog('warn') })
  const before = memoryInUse()
  const loading = performance.now()
  const index = createServiceIndex(holidayCalendar([]))
  await index.load(db.pool)
  const loadMs = performance.now() - loading
  const memoryMb = (memoryInUse() - before) / 2 ** 20

  const questions = directory.questions.map(({ latitude, longitude, time, typeIds }) => {
    const at = parseLondonMinute(time) ?? assert.fail(time)
    return { latitude, longitude, typeIds, at, onlyOpen: true, limit: 10 }
  })
  const searches = (work: (question: (typeof questions)[0]) => unknown): number => {
    for (const question of questions) work(question)
    const rounds = Array.from({ length: ROUNDS }, () => {
      const started = performance.now()
      for (const question of questions) work(question)
      return (1000 * questions.length) / (performance.now() - started)
    })
    return median(rounds)
  }
  const perSecond = searches((question) => index.nearest(question))
  const allTypes = searches((question) => index.nearest({ ...question, typeIds: undefined }))
  const profiles = { find: () => undefined }
  const withJson = searches((question) => servicesJson(index.nearest(question), question.at, profiles))

  const services = directory.services.slice(0, CHANGES)
  const changes: number[] = []
  for (const service of services) {
    const from = index.seq
    const to = await storeServices(db, [{ ...service, phone: '01632 960000' }])
    const started = performance.now()
    await index.refresh(db.pool, from, to)
    changes.push(performance.now() - started)
    assert.equal(index.service(service.uid)?.phone, '01632 960000')
  }

  const moved = directory.services
    .slice(-MOVED)
    .map((service) => ({ ...service, latitude: (service.latitude ?? 52) + 0.01 }))
  const from = index.seq
  const to = await storeServices(db, moved)
  await index.refresh(db.pool, from, to)
  const pauseMs = await longestPause(() => index.merged())
  await db.close()

  return [
    { what: 'index: load 60,000 services, embedded database', figure: loadMs, unit: 'ms' },
    { what: 'index: memory of 60,000 services', figure: memoryMb, unit: 'MB' },
    { what: 'index: nearest ten open of one type, in process', figure: perSecond, unit: '/s' },
    { what: 'index: the same, all types', figure: allTypes, unit: '/s' },
    { what: 'index: the same, one type, written as JSON', figure: withJson, unit: '/s' },
    { what: 'index: one committed change to the index, p50', figure: percentile(changes, 50), unit: 'ms' },
    { what: 'index: one committed change to the index, p99', figure: percentile(changes, 99), unit: 'ms' },
    { what: 'index: longest pause while a new base grows', figure: pauseMs, unit: 'ms', wanted: 'below 10' },
  ]
}

/** The longest time in which nothing else could run until `work` was done. */
async function longestPause(work: () => Promise<void>): Promise<number> {
  let last = performance.now()
  let longest = 0
  let done = false
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!done) setImmediate(look)
  }
  look()
  await work()
  done = true
  return longest
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function memoryInUse(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

if (import.meta.main) printFigures(await measureIndex())
