/** Whether the ICB has its notice yet, as the emails and the outbox tell it; and trying again what has not gone. */
import { closureNoticeEvent } from '#src/emails/closure-notice.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { retryJob } from '#src/platform/jobs/stuck-jobs.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { loadClosure } from '../closure-records.ts'
import { loadNotices, loadTold } from './notice-records.ts'
import { sendNotice } from './write-notice.ts'

/** What became of one version. Instants are UTC ISO text. */
export type Delivery =
  | { readonly state: 'nobody' }
  | { readonly state: 'waiting'; readonly recipient: string; readonly since: string }
  | { readonly state: 'retrying'; readonly recipient: string; readonly since: string; readonly attempts: number }
  | { readonly state: 'given-up'; readonly recipient: string; readonly since: string }
  | { readonly state: 'sent'; readonly recipient: string; readonly at: string }

/** What became of each version of a closure's notice, by version. A version that is not in it was meant for nobody. */
export async function loadDeliveries(db: Queryable, closureId: string): Promise<ReadonlyMap<number, Delivery>> {
  const told = await loadTold(db, closureId)
  const keys = told.map(({ version, recipient }) => `${closureNoticeEvent(closureId, version)} ${recipient}`)
  if (keys.length === 0) return new Map()
  const events = told.map(({ version }) => closureNoticeEvent(closureId, version))
  const sent = await db
    .selectFrom('email_sent')
    .select(['event', 'recipient', 'sent_at'])
    .where('event', 'in', events)
    .execute()
  const jobs = await db
    .selectFrom('job')
    .select(['unique_key', 'attempts', 'dead_at', 'last_error'])
    .where('queue', '=', 'email')
    .where('unique_key', 'in', keys)
    .execute()
  const sentAt = new Map(sent.map((row) => [`${row.event} ${row.recipient}`, row.sent_at]))
  const jobOf = new Map(jobs.map((job) => [job.unique_key, job]))
  const deliveries = new Map<number, Delivery>()
  for (const { version, recipient, queuedAt: since } of told) {
    // Where the area has another address since, the one that got it counts, otherwise the last one asked.
    if (deliveries.get(version)?.state === 'sent') continue
    const key = `${closureNoticeEvent(closureId, version)} ${recipient}`
    const at = sentAt.get(key)
    const job = jobOf.get(key)
    if (at !== undefined) deliveries.set(version, { state: 'sent', recipient, at })
    else if (job?.dead_at) deliveries.set(version, { state: 'given-up', recipient, since })
    else if (job?.last_error) deliveries.set(version, { state: 'retrying', recipient, since, attempts: job.attempts })
    else deliveries.set(version, { state: 'waiting', recipient, since })
  }
  return deliveries
}

/** The state of the notice as a whole: of its latest version, which waits as long as an earlier one is tried again. */
export function overallDelivery(latest: number, deliveries: ReadonlyMap<number, Delivery>): Delivery {
  const own = deliveries.get(latest) ?? { state: 'nobody' }
  if (own.state !== 'waiting') return own
  const stuck = [...deliveries.values()].find(({ state }) => state === 'retrying')
  return stuck ?? own
}

/**
 * Tries at once what has not gone, with all its attempts again, and sends the latest version where the area has another
 * contact by now. False when there was nothing to try.
 */
export async function tryNoticeAgain(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { odsCode, closureId }: { readonly odsCode: string; readonly closureId: string },
): Promise<boolean> {
  return db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    const closure = await loadClosure(tx, closureId)
    if (!stored || closure?.odsCode !== odsCode) return false
    const told = await loadTold(tx, closureId)
    const keys = told.map(({ version, recipient }) => `${closureNoticeEvent(closureId, version)} ${recipient}`)
    const jobs =
      keys.length === 0
        ? []
        : await tx
            .selectFrom('job')
            .select('id')
            .where('queue', '=', 'email')
            .where('unique_key', 'in', keys)
            .where('done_at', 'is', null)
            .orderBy('id')
            .execute()
    let tried = false
    for (const { id } of jobs) tried = (await retryJob(tx, id)) || tried
    const versions = await loadNotices(tx, closureId)
    const sent = await sendNotice(tx, { profile: stored.profile, closure, versions }, clock.now().toISOString())
    return sent || tried
  })
}
