/** Forgets what was sent to patients before it is 24 hours old: the rows, and what stand-ins kept of them. */
import { sql } from 'kysely'
import { SHARE_EVENTS } from '#src/emails/patient-share.ts'
import type { Db } from '#src/platform/db/db.ts'

/** The sweep runs every ten minutes; half an hour before the day is over is soon enough, even when one run is missed. */
export const SHARE_KEPT_MS = 23.5 * 3_600_000

/** Says how many shares were forgotten. */
export function forgetShares(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - SHARE_KEPT_MS).toISOString()
  return db.transact(async (tx) => {
    const gone = await tx.deleteFrom('patient_share').where('asked_at', '<=', before).returning('id').execute()
    await sql`delete from email_sent where starts_with(event, ${SHARE_EVENTS}) and not exists (
      select from patient_share where event = ${SHARE_EVENTS} || id::text)`.execute(tx)
    await sql`delete from phone_simulated where starts_with(id, ${SHARE_EVENTS}) and not exists (
      select from patient_share as share where phone_simulated.id = ${SHARE_EVENTS} || share.id::text)`.execute(tx)
    return gone.length
  })
}
