/** What the index holds, boiled down so that two holders of the same services can be compared. */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IndexedService } from './indexed-service.ts'

export type IndexDigest = {
  readonly services: number
  /** Services that a search by distance can reach; null when the index contradicts itself. */
  readonly findable: number | null
  /** SHA-256 over uid, last change and facts of every service, in order of uid. */
  readonly sha256: string
}

/** Services between two pauses, so that a server goes on answering while it is being checked. */
const STRIDE = 2048

/** The digest of services in any order. What changes meanwhile may or may not be in it. */
export async function digestOf(
  services: readonly Pick<IndexedService, 'uid' | 'seq' | 'hash'>[],
  findable: number | null,
): Promise<IndexDigest> {
  const digest = createHash('sha256')
  const sorted = services.toSorted((a, b) => a.uid - b.uid)
  for (let from = 0; from < sorted.length; from += STRIDE) {
    const lines = sorted.slice(from, from + STRIDE).map(({ uid, seq, hash }) => `${uid} ${seq} ${hash}\n`)
    digest.update(lines.join(''))
    await nextTurn()
  }
  return { services: services.length, findable, sha256: digest.digest('hex') }
}
