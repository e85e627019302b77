/** Sends the details of a service to a patient: within limits, audited without the address, and by the outbox. */
import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { type SharedDetails, shareReference } from '#src/emails/patient-share.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import type { SendingMeans, ShareMeans } from './share.form.ts'
import { addressHash, shownAddress } from './share-address.ts'
import type { SharePart } from './share-details.ts'

export const SHARE_QUEUE = 'patient-share'
/** With the outbox's waits these span about five hours: later, the times of today are of no use. */
const MOST_ATTEMPTS = 10

/** 0 is no limit. */
export type ShareLimits = {
  /** What one person may send in an hour, and in a day. */
  readonly personHour: number
  readonly personDay: number
  /** What one address may be sent in a day, whoever sends it. */
  readonly recipientDay: number
}

export type SendDeps = { readonly db: Db; readonly pepper: string; readonly limits: ShareLimits }
export type Share = {
  /** Of the preview: pressing twice sends once. */
  readonly id: string
  readonly uid: number
  readonly parts: readonly SharePart[]
  readonly means: SendingMeans
  readonly recipient: string
  readonly details: SharedDetails
}
type Sending = { readonly actor: Actor; readonly now: Date }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Why nothing was sent: somebody has reached a limit. */
export type Sent = 'sent' | 'person-hour' | 'person-day' | 'recipient-day'

/** Queues one share in one transaction with its audit entry. */
export function sendShare({ db, pepper, limits }: SendDeps, share: Share, { actor, now }: Sending): Promise<Sent> {
  const hash = addressHash(share.means, share.recipient, pepper)
  return db.transact(async (tx): Promise<Sent> => {
    await inTurn(tx, [`person ${actor.personId}`, `recipient ${hash}`])
    if (await isThere(tx, share.id)) return 'sent'
    const reached = await limitReached(tx, { personId: actor.personId, hash, now, limits })
    if (reached) return reached
    await tx
      .insertInto('patient_share')
      .values({
        id: share.id,
        person_id: actor.personId,
        service_uid: share.uid,
        means: share.means,
        recipient: share.recipient,
        shown_as: shownAddress(share.means, share.recipient),
        recipient_hash: hash,
        details: JSON.stringify(share.details),
        asked_at: now.toISOString(),
      })
      .execute()
    await enqueue(tx, SHARE_QUEUE, { shareId: share.id }, { uniqueKey: share.id, maxAttempts: MOST_ATTEMPTS })
    await writeDown(tx, { ...share, reference: shareReference(share.id) }, { actor, now })
    return 'sent'
  })
}

type HandedOver = Pick<Share, 'uid' | 'parts'> & { readonly means: ShareMeans; readonly reference: string | null }

/** Writes down that somebody took the details out for a patient: which service, by which means. No address, no words. */
export async function writeDown(tx: Tx, { uid, parts, means, reference }: HandedOver, { actor, now }: Sending) {
  const detail = { means, parts, ...(reference !== null && { reference }) }
  const entry = { actor: auditNameOf(actor), action: 'share with a patient', target: `service:${uid}`, detail }
  await appendToLedger(tx, now.toISOString(), [{ ...entry, changes: [] }])
}

async function isThere(tx: Tx, id: string): Promise<boolean> {
  return !!(await tx.selectFrom('patient_share').select('id').where('id', '=', id).executeTakeFirst())
}

type Counting = {
  readonly personId: number
  readonly hash: string
  readonly now: Date
  readonly limits: ShareLimits
}

async function limitReached(tx: Tx, { personId, hash, now, limits }: Counting): Promise<Exclude<Sent, 'sent'> | null> {
  const since = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
  const { rows } = await sql<{ personHour: number; personDay: number; recipientDay: number }>`
    select (count(*) filter (where person_id = ${personId} and asked_at > ${since(HOUR_MS)}))::integer as "personHour",
      (count(*) filter (where person_id = ${personId}))::integer as "personDay",
      (count(*) filter (where recipient_hash = ${hash}))::integer as "recipientDay"
    from patient_share
    where asked_at > ${since(DAY_MS)} and (person_id = ${personId} or recipient_hash = ${hash})`.execute(tx)
  const counted = rows[0] ?? { personHour: 0, personDay: 0, recipientDay: 0 }
  const isFull = (most: number, sent: number) => most > 0 && sent >= most
  if (isFull(limits.recipientDay, counted.recipientDay)) return 'recipient-day'
  if (isFull(limits.personHour, counted.personHour)) return 'person-hour'
  return isFull(limits.personDay, counted.personDay) ? 'person-day' : null
}

/** Those who send at once are counted one after the other; everybody locks the person first. */
async function inTurn(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`patient shares of ${key}`}, 0))`.execute(tx)
  }
}
