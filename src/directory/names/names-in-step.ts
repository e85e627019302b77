/**
 * The name index of a whole directory, kept in step with the service index: what is read of a service waits in a list
 * that is worked through when nothing else is to be done, because a start has better to do, and before every search.
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
/** More than this wait only at a start and after a large import. */
const AT_ONCE = 1000

/** Nothing is in it yet. */
export function createNamesOfDirectory(): NamesOfDirectory {
  const index = createNameIndex()
  let waiting: IndexedService[] = []
  let next = 0
  let hasBegun = false
  let working: Promise<void> | undefined

  const putSome = (most: number): void => {
    const end = Math.min(waiting.length, next + most)
    for (; next < end; next++) index.take(waiting[next] as IndexedService)
    if (next < waiting.length) return
    waiting = []
    next = 0
  }
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      putSome(A_STEP)
    }
    working = undefined
  }
  return {
    take(service) {
      waiting.push(service)
      if (hasBegun) working ??= work()
    },
    begin() {
      hasBegun = true
      if (waiting.length > 0) working ??= work()
    },
    async find(question) {
      if (waiting.length - next > AT_ONCE) await working
      putSome(waiting.length)
      return index.find(question)
    },
  }
}
