/** Does the jobs of the outbox. Any number of workers, in any number of processes, share one outbox. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Clock, systemClock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import type { Log } from '../log.ts'
import { type Claim, claimJob, failJob, finishJob, type Job, renewLease } from './outbox.ts'

/** Does one job; may run twice for the same job. Throws to be tried again, `GiveUp` to give up. */
export type JobHandler = (job: Job) => Promise<void>

export type WorkerSettings = {
  readonly log: Log
  readonly clock?: Clock
  /** Jobs at once. Default 4. */
  readonly concurrency?: number
  /** How long a job may be silent before another worker takes it over; it is prolonged while its process lives. */
  readonly leaseMs?: number
  /** How often to look for jobs that nobody announced. */
  readonly pollMs?: number
  /** Names this worker in the table. Default: host, process and a random part. */
  readonly name?: string
}

export type JobWorker = {
  /** Looks for jobs now. */
  poke(): void
  /** Takes no more jobs and resolves when those under way are over. */
  stop(): Promise<void>
}

/** Works until stopped: at every commit to the ledger, at every poke, and every second. */
export function startWorker(db: Db, handlers: Handlers, settings: WorkerSettings): JobWorker {
  const lanes = createLanes(db, handlers, settings)
  const stopListening = db.onCommit(lanes.wake)
  const timer = setInterval(lanes.wake, settings.pollMs ?? 1000)
  lanes.wake()
  return {
    poke: lanes.wake,
    async stop() {
      stopListening()
      clearInterval(timer)
      await lanes.close()
    },
  }
}

/** Does every job that is ready, those included that become ready meanwhile, and says how many attempts that took. */
export async function doReadyJobs(db: Db, handlers: Handlers, settings: WorkerSettings): Promise<number> {
  const lanes = createLanes(db, handlers, settings)
  lanes.wake()
  await lanes.quiet()
  return lanes.attempts()
}

type Handlers = Readonly<Record<string, JobHandler>>

type Lanes = {
  /** Starts one more lane, unless enough are running. */
  wake(): void
  /** Resolves when no lane is running. */
  quiet(): Promise<void>
  /** Takes no more jobs; resolves when quiet. */
  close(): Promise<void>
  attempts(): number
}

/** A lane does one job after the other; one that finds a job wakes another, so that an idle look costs one query. */
function createLanes(db: Db, handlers: Handlers, settings: WorkerSettings): Lanes {
  const { log, clock = systemClock, concurrency = 4, leaseMs = 60_000 } = settings
  const worker = settings.name ?? `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`
  const queues = Object.keys(handlers)
  const claim = (): Claim => ({ worker, queues, now: clock.now(), leaseMs })
  const running = new Set<Promise<void>>()
  let closed = false
  let attempts = 0

  const wake = (): void => {
    if (closed || running.size >= concurrency) return
    const lane = runLane()
      .catch((error: unknown) => log.error({ err: error }, 'The outbox could not be read or written; trying again'))
      .finally(() => running.delete(lane))
    running.add(lane)
  }
  const runLane = async (): Promise<void> => {
    for (let job = await next(); job; job = await next()) {
      attempts += 1
      wake()
      await attempt(job)
    }
  }
  const next = async (): Promise<Job | undefined> => (closed ? undefined : claimJob(db.pool, claim()))
  const attempt = async (job: Job): Promise<void> => {
    const stopRenewing = keepLease(db, job, claim, log)
    try {
      await handlers[job.queue]?.(job)
      await finishJob(db.pool, job, worker, clock.now())
    } catch (error) {
      const outcome = await failJob(db.pool, job, worker, clock.now(), error)
      const facts = { err: error, job: job.id, queue: job.queue, attempts: job.attempts }
      if (outcome === 'dead') log.error(facts, 'A job was given up')
      else log.warn(facts, 'A job failed and will be tried again')
    } finally {
      stopRenewing()
    }
  }
  const quiet = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running)
  }
  return {
    wake,
    quiet,
    async close() {
      closed = true
      await quiet()
    },
    attempts: () => attempts,
  }
}

/** Prolongs the lease while the job runs; a process that dies stops doing so, and another worker takes over. */
function keepLease(db: Db, job: Job, claim: () => Claim, log: Log): () => void {
  const renew = async (): Promise<void> => {
    try {
      const ours = await renewLease(db.pool, job, claim())
      if (!ours)
        log.warn({ job: job.id, queue: job.queue }, 'Another worker took over a job that is still running here')
    } catch (error) {
      log.warn({ err: error, job: job.id }, 'The lease of a job could not be prolonged')
    }
  }
  const timer = setInterval(() => void renew(), claim().leaseMs / 3)
  return () => clearInterval(timer)
}
