/** How many professional details one person may look at: enough for any surgery, too few to copy the directory. */
import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { Tx } from '#src/platform/db/db.ts'

/** As the ledger calls a look. */
export const LOOK = 'look at professional details'

const HOUR_MS = 3_600_000

/** Whether one more within an hour is one too many; 0 is no limit. The looks of a person are counted one after the other. */
export async function isOneLookTooMany(
  tx: Tx,
  actor: Actor,
  { now, most }: { now: Date; most: number },
): Promise<boolean> {
  if (most === 0) return false
  await sql`select pg_advisory_xact_lock(hashtextextended(${`finder look ${actor.personId}`}, 0))`.execute(tx)
  const { looks } = await tx
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<number>().as('looks'))
    .where('actor', '=', auditNameOf(actor))
    .where('action', '=', LOOK)
    .where('recorded_at', '>', new Date(now.getTime() - HOUR_MS).toISOString())
    .executeTakeFirstOrThrow()
  return Number(looks) >= most
}
