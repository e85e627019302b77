/** Which changes of services a lead has looked at, so that two leads do not read the same ones. */

import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { Scope } from '#src/accounts/can.ts'
import { serviceCounts } from '#src/directory/area.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'

export type Review = { readonly by: string; readonly at: string }

/** Who reviewed which of these changes, by ledger number. */
export async function loadReviews(db: Queryable, seqs: readonly number[]): Promise<ReadonlyMap<number, Review>> {
  if (seqs.length === 0) return new Map()
  const rows = await db
    .selectFrom('reviewed_change')
    .selectAll()
    .where('change_seq', 'in', [...seqs])
    .execute()
  return new Map(rows.map((row) => [row.change_seq, { by: row.reviewed_by, at: row.reviewed_at }]))
}

/**
 * Marks a change of a service of the scope as reviewed. `before`: somebody had done so already. `none`: there is no such
 * change there.
 */
export async function reviewChange(
  db: Db,
  actor: Actor,
  seq: number,
  { everywhere, icbCodes }: Scope,
  now: Date,
): Promise<'reviewed' | 'before' | 'none'> {
  const reach = everywhere ? { everywhere } : { everywhere, icbCodes }
  const { rows } = await sql`
    select change.seq from service_change change join service on service.uid = change.uid
    where change.seq = ${seq} and ${serviceCounts({ reach })}`.execute(db.pool)
  if (rows.length === 0) return 'none'
  const added = await db.pool
    .insertInto('reviewed_change')
    .values({ change_seq: seq, reviewed_by: auditNameOf(actor), reviewed_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('change_seq')
    .executeTakeFirst()
  return added ? 'reviewed' : 'before'
}
