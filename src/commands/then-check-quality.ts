/** After an import: the quality rules look at what came, as soon as a server has time for it. */
import { queueQualityCheck } from '#src/data-quality/check-everything.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'

/** Waits for an import, then asks for a check; answers with what the import did. An import that is refused asks for none. */
export async function thenCheckQuality<T>(db: Db, clock: Clock, importing: Promise<T>): Promise<T> {
  const summary = await importing
  await queueQualityCheck(db.pool, clock.now())
  return summary
}
