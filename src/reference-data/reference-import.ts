/**
 * The begin and end of a change to a reference set. A mark says that one is under way, so that an import that was
 * interrupted after its last row still tells every process when it is run again.
 */
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'

export type ReferenceSet = 'postcodes' | 'bank-holidays' | 'catalogue' | 'ods'

const markOf = (set: ReferenceSet): string => `${set}, import under way`

/** Marks a set as changing, in a transaction that changes it. Harmless when it is marked already. */
export async function markChanging(tx: Tx, set: ReferenceSet, at: string): Promise<void> {
  await sql`
    insert into reference_version (name, version, updated_at) values (${markOf(set)}, 0, ${at}::timestamptz)
    on conflict (name) do nothing`.execute(tx)
}

/**
 * Ends the change of a set: raises its version, so that every process loads it again, and enters it in the ledger.
 * Does nothing when the set was not marked, that is when nothing changed.
 */
export async function finishChanging(
  tx: Tx,
  set: ReferenceSet,
  entry: { readonly actor: string; readonly action: string; readonly at: string; readonly detail: object },
): Promise<void> {
  const mark = await tx.deleteFrom('reference_version').where('name', '=', markOf(set)).returning('name').execute()
  if (mark.length === 0) return
  await sql`
    insert into reference_version (name, version, updated_at) values (${set}, 1, ${entry.at}::timestamptz)
    on conflict (name) do update
      set version = reference_version.version + 1, updated_at = excluded.updated_at`.execute(tx)
  await appendToLedger(tx, entry.at, [
    { actor: entry.actor, action: entry.action, target: `reference:${set}`, detail: entry.detail, changes: [] },
  ])
}
