/**
 * `GET /api/v1/services`, the ten nearest open ones at varying places and times, among 60,000 services: how many a second
 * beside a bare route of the same size, and how long the slowest wait. Run alone: `node test/bench/nearest.bench.ts`
 */
import { benchDirectory } from './bench-data.ts'
import { type Figure, median, printFigures } from './figures.ts'
import { filledEmbedded } from './filled-database.ts'
import { averageBody, type LoadResult, putUnderLoad, startBareRoute, startProduct } from './load.ts'

const ROUNDS = 3
const SECONDS = 8
const CONNECTIONS = 16
const SAMPLE = 500

/** Measures both in turn, round by round, so that a busy machine slows both alike. */
export async function measureNearest(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  const requests = directory.questions.map(({ latitude, longitude, typeIds, time }) => ({
    path: `/api/v1/services?latitude=${latitude}&longitude=${longitude}&type=${typeIds}&status=open&open-at=${time}&limit=10`,
  }))
  const product = await startProduct(await filledEmbedded(directory))
  const bytes = await averageBody(product.baseUrl, requests.slice(0, SAMPLE))
  const bare = await startBareRoute(bytes)
  const rounds: { ours: LoadResult; theirs: LoadResult }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const plan = { requests, connections: CONNECTIONS, seconds: SECONDS }
    const theirs = await putUnderLoad({ ...plan, baseUrl: bare.baseUrl })
    const ours = await putUnderLoad({ ...plan, baseUrl: product.baseUrl })
    rounds.push({ ours, theirs })
  }
  await bare.child.kill()
  await product.child.kill()
  const of = (figure: (round: (typeof rounds)[0]) => number) => median(rounds.map(figure))
  return [
    { what: `nearest: a bare route of ${bytes} bytes`, figure: of(({ theirs }) => theirs.perSecond), unit: '/s' },
    { what: 'nearest: ten nearest open, over HTTP', figure: of(({ ours }) => ours.perSecond), unit: '/s' },
    {
      what: 'nearest: the same, of the bare route',
      figure: of(({ ours, theirs }) => (100 * ours.perSecond) / theirs.perSecond),
      unit: '%',
      wanted: 'at least 30',
    },
    {
      what: `nearest: p99 at ${CONNECTIONS} connections`,
      figure: of(({ ours }) => ours.p99Ms),
      unit: 'ms',
      wanted: 'below 10',
    },
    { what: 'nearest: p99 of the bare route', figure: of(({ theirs }) => theirs.p99Ms), unit: 'ms' },
    { what: 'nearest: answers that failed', figure: of(({ ours }) => ours.failures), unit: '', wanted: '0' },
  ]
}

if (import.meta.main) printFigures(await measureNearest())
