/** How many edits wait for a second person, for the page that shows every queue. */
import { sql } from 'kysely'
import type { Actor } from '#src/accounts/actor.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { reachOf } from './edit-deps.ts'
import { isWithin, withService } from './service-edit-store.ts'

/** Of the services that somebody approves changes of, or of an area of theirs; their own changes wait for others, and are not counted. */
export async function countWaitingEdits(
  db: Queryable,
  actor: Actor,
  area: string | undefined = undefined,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::integer as total from ${withService}
    where edit.state = 'waiting' and edit.author <> ${`person:${actor.email}`}
      and ${isWithin({ reach: reachOf(actor, 'approve-records'), area })}`.execute(db)
  return rows[0]?.total ?? 0
}
