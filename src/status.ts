/** Whether each part of the product works now, in words for its visitors. */
import type { PartStatus } from './footer-pages/footer-pages.ts'
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
