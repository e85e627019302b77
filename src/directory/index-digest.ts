/** What the index holds, boiled down so that two holders of the same services can be compared. */
import { createHash } from 'node:crypto'
import type { IndexedService } from './indexed-service.ts'

export type IndexDigest = {
  readonly services: number
  /** Services that a search by distance can reach; null when the index contradicts itself. */
  readonly findable: number | null
  /** SHA-256 over uid, last change and facts of every service, in order of uid. */
  readonly sha256: string
}

/** The digest of services in any order. */
export function digestOf(
  services: readonly Pick<IndexedService, 'uid' | 'seq' | 'hash'>[],
  findable: number,
): IndexDigest {
  const digest = createHash('sha256')
  for (const { uid, seq, hash } of services.toSorted((a, b) => a.uid - b.uid)) digest.update(`${uid} ${seq} ${hash}\n`)
  return {
    services: services.length,
    findable: Number.isNaN(findable) ? null : findable,
    sha256: digest.digest('hex'),
  }
}
