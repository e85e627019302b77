/** What a professional sent to patients within the last day, and what became of it: without an address. */
import type { SharedDetails } from '#src/emails/patient-share.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ShareOutcome } from './deliver-share.ts'
import { SHARE_KEPT_MS } from './forget-shares.ts'

const MOST_SHOWN = 100

export type OwnShare = {
  readonly id: string
  readonly uid: number
  readonly name: string
  readonly means: 'email' | 'text'
  readonly shownAs: string
  /** UTC ISO text. */
  readonly askedAt: string
  /** How often it was tried in vain. */
  readonly tries: number
  readonly outcome: ShareOutcome | null
}

/** Latest first. */
export async function loadOwnShares(db: Queryable, personId: number, now: Date): Promise<readonly OwnShare[]> {
  const rows = await db
    .selectFrom('patient_share')
    .select(['id', 'service_uid', 'means', 'shown_as', 'details', 'asked_at', 'tries', 'outcome'])
    .where('person_id', '=', personId)
    .where('asked_at', '>', new Date(now.getTime() - SHARE_KEPT_MS).toISOString())
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .limit(MOST_SHOWN)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    uid: row.service_uid,
    name: (row.details as SharedDetails).name,
    means: row.means as OwnShare['means'],
    shownAs: row.shown_as,
    askedAt: row.asked_at,
    tries: row.tries,
    outcome: row.outcome as ShareOutcome | null,
  }))
}
