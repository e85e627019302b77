/** Who works on the desk. */
import { loadHolders } from '#src/accounts/grants.ts'
import type { Queryable } from '#src/platform/db/db.ts'

/** The addresses of those who can be given a ticket, in order. */
export async function loadDesk(db: Queryable, now: Date): Promise<readonly string[]> {
  const holders = []
  for (const role of ['desk', 'national', 'admin'] as const)
    holders.push(await loadHolders(db, { role, scope: '', now }))
  return [...new Set(holders.flat())].toSorted()
}
