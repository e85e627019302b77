/** What the emergency desk does by itself: notices of an act that was cut short, reminders, and reviews. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { loadCalendar } from '#src/reference-data/reference-holidays.ts'
import { finishAct, UNFINISHED_ACT } from './act-for.ts'
import { REMIND_OF_ACT, remindOfAct } from './notices.ts'
import { askForReview, REVIEW_DUE, type ReviewPayload } from './review-calls.ts'

/** The handlers of its queues. */
export function deskJobs({
  db,
  clock,
}: {
  readonly db: Db
  readonly clock: Clock
}): Readonly<Record<string, JobHandler>> {
  const actIdOf = (payload: unknown): number => (payload as { readonly actId: number }).actId
  return {
    [UNFINISHED_ACT]: ({ payload }) => db.transact((tx) => finishAct(tx, actIdOf(payload), clock.now())),
    [REMIND_OF_ACT]: ({ payload }) => db.transact((tx) => remindOfAct(tx, actIdOf(payload), clock.now())),
    [REVIEW_DUE]: async ({ payload }) => {
      await askForReview(db, payload as ReviewPayload, { now: clock.now(), holidays: await loadCalendar(db) })
    },
  }
}
