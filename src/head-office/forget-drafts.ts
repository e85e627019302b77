/** Clean-up of changes of many branches that nobody made. */
import type { Queryable } from '#src/platform/db/db.ts'

/** Drafts nobody ran are forgotten, as other drafts are. */
export async function forgetBranchDrafts(db: Queryable, before: Date): Promise<void> {
  const old = db
    .selectFrom('branch_change')
    .select('id')
    .where('state', '=', 'draft')
    .where('created_at', '<', before.toISOString())
  await db.deleteFrom('branch_change_row').where('branch_change_id', 'in', old).execute()
  await db.deleteFrom('branch_change').where('id', 'in', old).execute()
}
