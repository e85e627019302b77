/**
 * Looking again at what was done for a pharmacy: when its time comes, whoever is on call then is asked, in office hours
 * the service desk, and after 10 minutes without an answer the second on call.
 */
import { loadHolders } from '#src/accounts/grants.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { ESCALATE_AFTER_MS, lineAt, whomToRing } from '#src/rules/on-call.ts'
import { lockCall } from './call-store.ts'
import { loadShifts } from './rota-records.ts'

/** Asks for a review. */
export const REVIEW_DUE = 'on-call-review'

/** What the job carries. A call whose review is at another time has a later job, and this one does nothing. */
export type ReviewPayload = { readonly callId: number; readonly reviewAt: string; readonly isEscalation: boolean }

/** Queues the question for its time; asking for the same again adds nothing. */
export async function queueReview(tx: Tx, callId: number, reviewAt: Date): Promise<void> {
  await enqueueReview(tx, { callId, reviewAt: reviewAt.toISOString(), isEscalation: false }, reviewAt)
}

async function enqueueReview(tx: Tx, payload: ReviewPayload, runAt: Date): Promise<void> {
  const { callId, reviewAt, isEscalation } = payload
  await enqueue(tx, REVIEW_DUE, payload, { uniqueKey: `${callId} ${reviewAt} ${isEscalation}`, runAt })
}

/** Asks whoever is on now, unless somebody has taken it or its time has changed. Says whom. */
export async function askForReview(
  db: Db,
  { callId, reviewAt, isEscalation }: ReviewPayload,
  { now, holidays }: { readonly now: Date; readonly holidays: HolidayCalendar },
): Promise<readonly string[]> {
  return await db.transact(async (tx) => {
    const call = await lockCall(tx, callId)
    if (!call?.reviewAt || Date.parse(call.reviewAt) !== Date.parse(reviewAt) || call.reviewTakenAt) return []
    const since = isEscalation && call.reviewAskedAt ? Date.parse(call.reviewAskedAt) : now.getTime()
    const recipients = await whoIsAsked(tx, { now, since, holidays })
    const pharmacy = { odsCode: call.odsCode, name: call.pharmacy }
    for (const recipient of recipients) {
      await queueEmail(tx, {
        kind: 'on-call-review',
        callId,
        reviewAt,
        recipient,
        pharmacy,
        reason: call.reason ?? '',
        isEscalation,
      })
    }
    if (!isEscalation) {
      await tx
        .updateTable('on_call_call')
        .set({ review_asked_at: now.toISOString() })
        .where('id', '=', callId)
        .execute()
      await enqueueReview(tx, { callId, reviewAt, isEscalation: true }, new Date(now.getTime() + ESCALATE_AFTER_MS))
    }
    return recipients
  })
}

/** In office hours, and where nobody is on call, the service desk. */
async function whoIsAsked(
  tx: Tx,
  { now, since, holidays }: { readonly now: Date; readonly since: number; readonly holidays: HolidayCalendar },
): Promise<readonly string[]> {
  const desk = () => loadHolders(tx, { role: 'desk', scope: '', now })
  if (lineAt(toLondon(now), holidays) === 'service-desk') return await desk()
  const shifts = await loadShifts(tx, { startsAt: now.getTime(), endsAt: now.getTime() + 1 })
  const rung = whomToRing(shifts, { now: now.getTime(), since, acknowledged: false })
  return rung ? [rung.email] : await desk()
}

/** Somebody says that they have the review; the second is then not asked. */
export async function takeReview(
  tx: Tx,
  callId: number,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<void> {
  await tx
    .updateTable('on_call_call')
    .set({ review_taken_at: now.toISOString(), review_taken_by: by })
    .where('id', '=', callId)
    .where('review_at', 'is not', null)
    .where('review_taken_at', 'is', null)
    .execute()
}

/** Ends a review: it is looked at again later, or (null) no more. */
export async function endReview(tx: Tx, callId: number, next: Date | null): Promise<void> {
  await tx
    .updateTable('on_call_call')
    .set({
      review_at: next?.toISOString() ?? null,
      review_asked_at: null,
      review_taken_at: null,
      review_taken_by: null,
    })
    .where('id', '=', callId)
    .where('review_at', 'is not', null)
    .execute()
  if (next) await queueReview(tx, callId, next)
}
