/** What every importer is given, and the moment and name under which it writes. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Progress } from './import-summary.ts'
import type { ImportContext } from './imported-profile.ts'

export type ImportDeps = { readonly db: Db; readonly clock: Clock; readonly progress: Progress }

/** Asked once for each transaction. */
export function importContext(clock: Clock, actor: string): ImportContext {
  const now = clock.now()
  return { recordedAt: now.toISOString(), today: dateOf(toLondon(now).day), actor }
}
