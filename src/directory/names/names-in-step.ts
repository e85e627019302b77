/**
 * The name index of a whole directory, kept in step with the service index: what is read of a service waits in a list
 * that is worked through a quarter of a minute later, in small steps with pauses, because a start and the requests after
 * it have better uses for processor and memory: 100,000 services take a second and 100 MB. Whoever asks does not wait for
 * the pauses, and always finds what was saved before.
 */
import type { IndexedService } from '../indexed-service.ts'
import { createNameIndex, type NameFound, type NameQuestion } from './name-index.ts'

export type NamesOfDirectory = {
  /** Notes a service as it is now. Costs nothing. */
  take(service: IndexedService): void
  /** From now on there is time for what waits: call it when the start is over. */
  begin(): void
  /** As `NameIndex.find`, of every service that was taken, whatever its status. */
  find(question: NameQuestion): Promise<readonly NameFound[]>
}

/** Services put in before others get their turn: about a millisecond. */
const A_STEP = 100
/** Between steps: 100,000 services take half a minute, and a tenth of a processor meanwhile; in a rush three minutes. */
const PAUSE_MS = 20
/** While requests take more than half of the thread's time there are better uses for it. */
const BUSY = 0.5
const PAUSE_WHEN_BUSY_MS = 8 * PAUSE_MS
/** By then the first requests after a start are answered. */
const SETTLE_MS = 15_000
/** More than this wait only at a start and after a large import. */
const AT_ONCE = 1000

/** Nothing is in it yet. `settleMs`: how long after the start what waits is left alone. */
export function createNamesOfDirectory({ settleMs = SETTLE_MS } = {}): NamesOfDirectory {
  const index = createNameIndex()
  let waiting: IndexedService[] = []
  let next = 0
  let hasBegun = false
  let working: Promise<void> | undefined
  /** Ends the pause that is on; absent while none is. */
  let endPause: (() => void) | undefined
  /** Whether somebody waits for all of it. */
  let hurries = false

  const putSome = (most: number): void => {
    const end = Math.min(waiting.length, next + most)
    for (; next < end; next++) index.take(waiting[next] as IndexedService)
    if (next < waiting.length) return
    waiting = []
    next = 0
  }
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (hurries) {
        setImmediate(resolve)
        return
      }
      // A process may end in it.
      const timer = setTimeout(resolve, milliseconds).unref()
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const work = async (firstPauseMs: number): Promise<void> => {
    let pauseMs = firstPauseMs
    while (waiting.length > 0) {
      const before = performance.eventLoopUtilization()
      await pause(pauseMs)
      const { utilization } = performance.eventLoopUtilization(before)
      putSome(A_STEP)
      pauseMs = utilization > BUSY ? PAUSE_WHEN_BUSY_MS : PAUSE_MS
    }
    hurries = false
    working = undefined
  }
  const finished = (): Promise<void> => {
    hurries = true
    endPause?.()
    working ??= work(0)
    return working
  }
  return {
    take(service) {
      waiting.push(service)
      if (hasBegun) working ??= work(PAUSE_MS)
    },
    begin() {
      hasBegun = true
      if (waiting.length > 0) working ??= work(settleMs)
    },
    async find(question) {
      if (waiting.length - next > AT_ONCE) await finished()
      putSome(waiting.length)
      return index.find(question)
    },
  }
}
