/** What happens to capacities without anybody asking: prompts, what was asked for later, and the sweep of the history. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Schedule } from '#src/platform/jobs/schedule.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { noteLapses } from './capacity-records.ts'
import { CAPACITY_PROMPT, sendPrompt } from './lapse-prompts.ts'
import { CAPACITY_START, startScheduled } from './scheduled-capacity.ts'

/** Every five minutes; nobody waits for it, because readers compute a lapse themselves. */
export const CAPACITY_SWEEP: Schedule = { queue: 'capacity-sweep', pattern: '*/5 * * * *' }

/** The handlers of a worker. */
export function capacityJobs(deps: { readonly db: Db; readonly clock: Clock }): Readonly<Record<string, JobHandler>> {
  return {
    [CAPACITY_SWEEP.queue]: async () => {
      await noteLapses(deps.db.pool, deps.clock.now())
    },
    [CAPACITY_PROMPT]: (job) => sendPrompt(deps, job),
    [CAPACITY_START]: (job) => startScheduled(deps, job),
  }
}
