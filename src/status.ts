/** Whether each part of the product works now, in words for its visitors. */
import { loadTruthFigures, type TruthConsumer } from './closures/time-to-truth.ts'
import type { PartStatus, TruthLine } from './footer-pages/footer-pages.ts'
import { type Memory, notReady } from './memory.ts'
import type { Db } from './platform/db/db.ts'
import { Unavailable } from './platform/errors.ts'
import { countJobs } from './platform/jobs/job-gauges.ts'

const inWords = new Intl.NumberFormat('en-GB')

/** Asks the memory and the database. Does not throw while the database is away: that is one of its answers. */
export async function statusOf(memory: Memory, db: Db): Promise<readonly PartStatus[]> {
  const behind = notReady(memory)
  const jobs = await countJobs(db).catch((error: unknown) => {
    if (error instanceof Unavailable) return undefined
    throw error
  })
  return [
    {
      name: 'Finding a pharmacy',
      works: behind.length === 0,
      detail: `${inWords.format(memory.profiles.size)} pharmacies and ${inWords.format(memory.services.size)} services can be found.`,
    },
    {
      name: 'Signing in and changing a profile',
      works: jobs !== undefined,
      detail: jobs
        ? 'Changes are saved and show at once.'
        : 'Changes cannot be saved at the moment. Try again in a few minutes.',
    },
    {
      name: 'Emails',
      works: jobs !== undefined && jobs.stuck === 0,
      detail: jobs?.stuck === 0 ? 'Emails are being sent.' : 'Some emails are late. Nothing else depends on them.',
    },
  ]
}

const TRUTH_DAYS = 30
const WHO: Readonly<Record<TruthConsumer, string>> = {
  directory: 'Searches of the directory',
  capacity: 'NHS 111',
  'public-page': 'The public page',
}

/** How soon closures were known in the last 30 days; nothing while the database is away. */
export async function truthLines(db: Db, now: Date): Promise<readonly TruthLine[]> {
  const since = new Date(now.getTime() - TRUTH_DAYS * 86_400_000)
  const figures = await loadTruthFigures(db.pool, since).catch((error: unknown) => {
    if (error instanceof Unavailable) return []
    throw error
  })
  return figures.map(({ consumer, measured, p50, p95, p99, slowest }) => ({
    who: WHO[consumer],
    p50: inSeconds(p50),
    p95: inSeconds(p95),
    p99: inSeconds(p99),
    slowest: inSeconds(slowest),
    measured: inWords.format(measured),
  }))
}

/** `0.06 seconds`. */
const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} seconds`
