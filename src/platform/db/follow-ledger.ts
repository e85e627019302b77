/**
 * Keeps what a process holds in memory in step with the ledger. Commits of this and other processes are announced by
 * the database; a poll makes up for announcements that were lost.
 */
import { Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Db } from './db.ts'

/** Brings one thing in memory from the state at `from` to that at `to`: rows whose seq is above `from`. */
export type Refresher = (from: number, to: number) => Promise<void>

export type LedgerFollower = {
  /** Everything up to this number is in memory. */
  seq(): number
  /** Numbers that are in the database and not yet in memory, as of the last look. */
  lag(): number
  /**
   * Resolves when everything up to `seq` is in memory. Rejects with `Unavailable` after `timeoutMs` (default 10 s), or
   * when the follower stops.
   */
  reached(seq: number, timeoutMs?: number): Promise<void>
  /** Tells `listener` each time memory has moved on, with the number it has reached. Returns how to stop that. */
  onReached(listener: (seq: number) => void): () => void
  /** Stops after the refresh under way. */
  stop(): Promise<void>
}

export type FollowSettings = {
  readonly log: Log
  readonly pollMs?: number
  /** Where memory stands now. Default 0: everything is still to be read. */
  readonly from?: number
  readonly refreshers: readonly Refresher[]
}

type Waiter = PromiseWithResolvers<void> & { readonly seq: number }

const DEFAULT_POLL_MS = 500

/**
 * Starts following. Refreshers run one after the other, in the given order; when one fails, that is logged and the same
 * span is tried again at the next look, from the one that failed: nothing is skipped and nothing done twice.
 */
export function followLedger(db: Db, settings: FollowSettings): LedgerFollower {
  const { log, refreshers, pollMs = DEFAULT_POLL_MS } = settings
  // Each refresher has its own place, so that a failure of one does not repeat the others.
  const places = refreshers.map(() => settings.from ?? 0)
  const waiters = new Set<Waiter>()
  const listeners = new Set<(seq: number) => void>()
  let known = settings.from ?? 0
  let reachedSeq = known
  let looking: Promise<void> = Promise.resolve()
  let busy = false
  let lookAgain = false
  let stopped = false

  const refreshAll = async (): Promise<void> => {
    known = await headOf(db)
    for (const [index, refresh] of refreshers.entries()) {
      const from = places[index] ?? 0
      if (from < known) await refresh(from, known)
      places[index] = known
    }
    const hasMoved = known > reachedSeq
    reachedSeq = known
    tellAll(hasMoved)
  }
  const tellAll = (hasMoved: boolean): void => {
    for (const waiter of waiters) if (waiter.seq <= reachedSeq) waiter.resolve()
    if (hasMoved) for (const listener of listeners) listener(reachedSeq)
  }
  const lookUntilQuiet = async (): Promise<void> => {
    do {
      lookAgain = false
      try {
        await refreshAll()
      } catch (error) {
        log.error(
          { err: error, known, reached: reachedSeq },
          'What is in memory could not follow the database; trying again',
        )
        return
      }
    } while (lookAgain && !stopped)
  }
  const look = (): void => {
    lookAgain = true
    if (stopped || busy) return
    busy = true
    looking = lookUntilQuiet().finally(() => {
      busy = false
    })
  }

  const stopListening = db.onCommit(look)
  const timer = setInterval(look, pollMs)
  look()
  return {
    seq: () => reachedSeq,
    lag: () => known - reachedSeq,
    async reached(seq, timeoutMs = 10_000) {
      if (seq <= reachedSeq) return
      if (stopped) throw new Unavailable('This process is stopping')
      const waiter = { ...Promise.withResolvers<void>(), seq }
      const late = (): void => waiter.reject(new Unavailable('Saved, but this process has not caught up with it yet'))
      const timeout = setTimeout(late, timeoutMs)
      waiters.add(waiter)
      look()
      try {
        await waiter.promise
      } finally {
        clearTimeout(timeout)
        waiters.delete(waiter)
      }
    },
    onReached(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      stopped = true
      stopListening()
      clearInterval(timer)
      await looking
      for (const waiter of waiters) waiter.reject(new Unavailable('This process is stopping'))
    },
  }
}

async function headOf(db: Db): Promise<number> {
  const head = await db.pool
    .selectFrom('ledger_head')
    .select('change_seq')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  return head.change_seq
}
