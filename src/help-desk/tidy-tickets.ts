/** Forgets who asked, once a ticket has been closed for long: its words stay, without a name or an address. */
import { sql } from 'kysely'
import { ticketEvents } from '#src/emails/ticket-told.ts'
import type { Db } from '#src/platform/db/db.ts'
import { REQUESTER } from './desk-deps.ts'

const DAY_MS = 86_400_000

/** Forgets the requesters of tickets that were closed so many days ago, and the emails to them; says how many. */
export function forgetRequesters(
  db: Db,
  { now, keptDays }: { readonly now: Date; readonly keptDays: number },
): Promise<number> {
  const before = new Date(now.getTime() - keptDays * DAY_MS).toISOString()
  return db.transact(async (tx) => {
    const forgotten = await tx
      .selectFrom('ticket')
      .select(['id', 'requester'])
      .where('forgotten_at', 'is', null)
      .where('closed_at', '<', before)
      .forUpdate()
      .execute()
    for (const { id, requester } of forgotten) {
      await tx
        .updateTable('ticket')
        .set({ requester: null, requester_name: null, requester_email: null, forgotten_at: now.toISOString() })
        .where('id', '=', id)
        .execute()
      if (requester !== null) {
        await tx
          .updateTable('ticket_message')
          .set({ author: REQUESTER })
          .where('ticket_id', '=', id)
          .where('author', '=', requester)
          .execute()
      }
      await sql`delete from email_sent where starts_with(event, ${ticketEvents(id)})`.execute(tx)
    }
    return forgotten.length
  })
}
