/** What keeps the tables of sign-in small. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Schedule } from '#src/platform/jobs/schedule.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { sweepSessions } from './sessions.ts'

/** Seven minutes past every hour. Until then an ended session is refused all the same. */
export const ACCOUNT_SCHEDULES: readonly Schedule[] = [{ queue: 'sweep-sessions', pattern: '7 * * * *' }]

/** The handlers of these jobs. */
export const accountJobs = ({ db, clock }: { readonly db: Db; readonly clock: Clock }): Record<string, JobHandler> => ({
  'sweep-sessions': async () => {
    await sweepSessions(db.pool, clock.now())
  },
})
