/**
 * From starting the process to "Signpost is ready", with the fictitious directory stored. Run alone:
 * `node test/bench/start.bench.ts`
 */
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { type Figure, median, printFigures } from './figures.ts'
import { startProduct } from './load.ts'

const STARTS = 5

/** The first start makes the directory; the later ones are measured. */
export async function measureStart(): Promise<readonly Figure[]> {
  const address = { databaseUrl: undefined, dataDir: temporaryFolder('bench-start') }
  const start = async (): Promise<number> => {
    const { readyMs, child } = await startProduct(address, { DEMO: 'on' })
    child.process.kill('SIGTERM')
    await child.ended
    return readyMs
  }
  const first = await start()
  const later: number[] = []
  for (let index = 0; index < STARTS; index++) later.push(await start())
  return [
    { what: 'start: the very first, which makes the directory', figure: first, unit: 'ms' },
    { what: 'start: to ready with the directory stored', figure: median(later), unit: 'ms', wanted: 'below 2,000' },
  ]
}

if (import.meta.main) printFigures(await measureStart())
