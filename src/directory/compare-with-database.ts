/** Whether a running process's index says what the database says; for `check`. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Queryable } from '#src/platform/db/db.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { digestOf, type IndexDigest } from './directory-digest.ts'
import { type IndexedService, isFindable, serviceReader } from './indexed-service.ts'
import { readAllServices } from './service-rows.ts'

export type IndexCheck = {
  readonly matches: boolean
  readonly index: IndexDigest
  readonly database: IndexDigest
}

const ATTEMPTS = 5
const PAUSE_MS = 300

/**
 * Compares the digest of the index (`askIndex`, which may ask another process) with one made from the database. While
 * somebody saves, the two are taken at different moments: a difference is looked at again, a few times, before it counts.
 */
export async function indexMatchesDatabase(db: Queryable, askIndex: () => Promise<IndexDigest>): Promise<IndexCheck> {
  for (let attempt = 1; ; attempt++) {
    const database = await databaseDigest(db)
    const index = await askIndex()
    const matches =
      index.sha256 === database.sha256 && index.services === database.services && index.findable === database.findable
    if (matches || attempt === ATTEMPTS) return { matches, index, database }
    await wait(PAUSE_MS)
  }
}

/** What the index should hold. */
export async function databaseDigest(db: Queryable): Promise<IndexDigest> {
  const read = serviceReader(holidayCalendar([]))
  const seen: Pick<IndexedService, 'uid' | 'seq' | 'hash'>[] = []
  let findable = 0
  for await (const rows of readAllServices(db)) {
    for (const row of rows) {
      const { service } = read(row)
      const { uid, seq, hash } = service
      seen.push({ uid, seq, hash })
      if (isFindable(service)) findable++
    }
  }
  return digestOf(seen, findable)
}
