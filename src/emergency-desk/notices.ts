/** Who is told that the desk acted for a pharmacy, and who has acknowledged it. */
import { loadOwners } from '#src/access/members.ts'
import { loadHolders } from '#src/accounts/grants.ts'
import type { StoredClosure } from '#src/closures/closure-records.ts'
import { loadClosure } from '#src/closures/closure-records.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { OnCallActed, ToldParty } from '#src/emails/on-call-acted.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { ActKind, StoredAct } from './act-for.ts'
import { actWords } from './act-words.ts'
import { loadCall, type StoredCall } from './call-store.ts'

export const PARTIES: readonly ToldParty[] = ['owner', 'local-team', 'service-desk']
/** After these hours without anybody of a party having acknowledged it, that party is reminded, once. */
export const ACKNOWLEDGE_WITHIN_HOURS = 4
/** Reminds those who have not acknowledged an act. */
export const REMIND_OF_ACT = 'on-call-remind'
const HOUR_MS = 3_600_000

export type Notice = {
  readonly id: number
  readonly actId: number
  readonly callId: number
  readonly party: ToldParty
  readonly recipient: string
  readonly toldAt: string
  readonly remindedAt: string | null
  readonly acknowledgedAt: string | null
  /** As in audit.actor. */
  readonly acknowledgedBy: string | null
}

type Done = { readonly act: StoredAct; readonly call: StoredCall; readonly closure: StoredClosure }

/** Queues the notices of an act, in the transaction that finishes it. */
export async function tellOfAct(tx: Tx, done: Done, now: Date): Promise<void> {
  const { call, act } = done
  const icbCode = (await loadProfile(tx, call.odsCode))?.profile.commissioning.icbCode
  const recipients: Readonly<Record<ToldParty, readonly string[]>> = {
    owner: await loadOwners(tx, call.odsCode, now),
    'local-team': icbCode ? await loadHolders(tx, { role: 'lead', scope: `area:${icbCode}`, now }) : [],
    'service-desk': await loadHolders(tx, { role: 'desk', scope: '', now }),
  }
  const nameOf = await loadNames(tx, [act.actor])
  for (const party of PARTIES) {
    for (const recipient of recipients[party]) {
      const notice = await tx
        .insertInto('on_call_notice')
        .values({ act_id: act.id, party, recipient, told_at: now.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (notice)
        await queueEmail(tx, factsOf({ ...done, noticeId: notice.id, party, recipient }, nameOf(act.actor), false))
    }
  }
  const runAt = new Date(now.getTime() + ACKNOWLEDGE_WITHIN_HOURS * HOUR_MS)
  await enqueue(tx, REMIND_OF_ACT, { actId: act.id }, { uniqueKey: String(act.id), runAt })
}

/** Reminds the parties of which nobody has acknowledged an act, once. */
export async function remindOfAct(tx: Tx, actId: number, now: Date): Promise<void> {
  const row = await tx.selectFrom('on_call_act').selectAll().where('id', '=', actId).executeTakeFirst()
  const call = row && (await loadCall(tx, row.call_id))
  const closure = row && (await loadClosure(tx, row.closure_id))
  if (!row || !call || !closure) return
  const notices = (await loadNotices(tx, call.id)).filter((notice) => notice.actId === actId)
  const nameOf = await loadNames(tx, [row.actor])
  const act = { ...row, what: row.what as ActKind }
  for (const notice of notices.filter(({ party, remindedAt }) => !remindedAt && !isAcknowledged(notices, party))) {
    const set = { reminded_at: now.toISOString() }
    await tx.updateTable('on_call_notice').set(set).where('id', '=', notice.id).execute()
    await queueEmail(tx, factsOf({ ...notice, act, call, closure, noticeId: notice.id }, nameOf(row.actor), true))
  }
}

/** Whether anybody of a party has acknowledged one of these. */
export const isAcknowledged = (notices: readonly Notice[], party: ToldParty): boolean =>
  notices.some((notice) => notice.party === party && notice.acknowledgedAt !== null)

function factsOf(
  told: {
    readonly act: { readonly what: ActKind }
    readonly call: StoredCall
    readonly closure: StoredClosure
    readonly noticeId: number
    readonly party: ToldParty
    readonly recipient: string
  },
  by: string,
  isReminder: boolean,
): OnCallActed {
  const { act, call, closure, noticeId, party, recipient } = told
  return {
    kind: 'on-call-acted',
    noticeId,
    recipient,
    party,
    pharmacy: { odsCode: call.odsCode, name: call.pharmacy },
    done: actWords(act.what, closure),
    reason: call.reason ?? '',
    by,
    isReminder,
  }
}

const notices = (db: Queryable) =>
  db
    .selectFrom('on_call_notice')
    .innerJoin('on_call_act', 'on_call_act.id', 'act_id')
    .selectAll('on_call_notice')
    .select('call_id')

/** Who was told of what was done in a call, in order. */
export async function loadNotices(db: Queryable, callId: number): Promise<readonly Notice[]> {
  const rows = await notices(db).where('call_id', '=', callId).orderBy('on_call_notice.id').execute()
  return rows.map(noticeOf)
}

/** One notice; undefined when there is none of this number. */
export async function loadNotice(db: Queryable, id: number): Promise<Notice | undefined> {
  const row = await notices(db).where('on_call_notice.id', '=', id).executeTakeFirst()
  return row && noticeOf(row)
}

/** Notes that somebody has acknowledged a notice. The first time counts. */
export async function acknowledge(
  tx: Tx,
  id: number,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<void> {
  await tx
    .updateTable('on_call_notice')
    .set({ acknowledged_at: now.toISOString(), acknowledged_by: by })
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .execute()
}

const noticeOf = (row: {
  id: number
  act_id: number
  call_id: number
  party: string
  recipient: string
  told_at: string
  reminded_at: string | null
  acknowledged_at: string | null
  acknowledged_by: string | null
}): Notice => ({
  id: row.id,
  actId: row.act_id,
  callId: row.call_id,
  party: row.party as ToldParty,
  recipient: row.recipient,
  toldAt: row.told_at,
  remindedAt: row.reminded_at,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by,
})
