/** How many jobs there are to do and how many were given up: for `/metrics` and the status page. */
import type { Db } from '../db/db.ts'
import type { Gauge } from '../http/operations.ts'

export type JobCounts = { readonly waiting: number; readonly stuck: number }

/** Counts the jobs that are not done. */
export async function countJobs(db: Db): Promise<JobCounts> {
  return await db.pool
    .selectFrom('job')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('dead_at', 'is', null).as('waiting'),
      fn.countAll<number>().filterWhere('dead_at', 'is not', null).as('stuck'),
    ])
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
}

/** The same as numbers of `/metrics`. */
export async function jobGauges(db: Db): Promise<readonly Gauge[]> {
  const { waiting, stuck } = await countJobs(db)
  return [
    { name: 'signpost_jobs_waiting', help: 'Jobs that are still to be done.', value: waiting },
    { name: 'signpost_jobs_stuck', help: 'Jobs that were given up; somebody must look.', value: stuck },
  ]
}
