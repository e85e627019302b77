/** Jobs at set times, by London clocks. Every process ticks; a unique key lets one of them add the job. */
import { Cron } from 'croner'
import { type Clock, systemClock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import type { Log } from '../log.ts'
import { enqueue } from './outbox.ts'

export type Schedule = {
  readonly queue: string
  /** Cron pattern in London time, such as `30 2 * * *`. */
  readonly pattern: string
  /** Whether a time that passed while no process ran is made up for some minutes after the next start. Default false. */
  readonly catchUp?: boolean
}

const TIME_ZONE = 'Europe/London'
/** A start is busy enough, and whoever waits for it comes first. */
const CATCH_UP_AFTER_MS = 600_000

/** The last time, at or before `now`, at which the pattern says to run; undefined when there never was one. */
export function lastRunBefore(pattern: string, now: Date): Date | undefined {
  // A run at the very instant of the reference does not count as previous.
  const reference = new Date(now.getTime() + 1)
  return new Cron(pattern, { timezone: TIME_ZONE, paused: true }).previousRuns(1, reference)[0]
}

/** Adds the job of the pattern's last time; false when this or another process has done so. Payload: `{ scheduledFor }`. */
export async function enqueueScheduled(db: Db, { queue, pattern }: Schedule, now: Date): Promise<boolean> {
  const scheduledFor = lastRunBefore(pattern, now)?.toISOString()
  if (!scheduledFor) return false
  return enqueue(db.pool, queue, { scheduledFor }, { uniqueKey: `schedule:${scheduledFor}` })
}

/** Ticks until the returned function is called. Throws when the pattern is wrong. */
export function schedule(
  db: Db,
  entry: Schedule,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): () => void {
  const tick = async (): Promise<void> => {
    try {
      await enqueueScheduled(db, entry, clock.now())
    } catch (error) {
      log.error({ err: error, queue: entry.queue }, 'A scheduled job could not be added')
    }
  }
  const cron = new Cron(entry.pattern, { timezone: TIME_ZONE, unref: true }, () => void tick())
  const catchUp = entry.catchUp ? setTimeout(() => void tick(), CATCH_UP_AFTER_MS).unref() : undefined
  return () => {
    clearTimeout(catchUp)
    cron.stop()
  }
}
