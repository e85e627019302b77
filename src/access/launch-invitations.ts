/** Tells each pharmacy's shared mailbox, once, where to sign in and how to come by access. */
import { sql } from 'kysely'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'

const BATCH = 200

export type LaunchSummary = {
  /** Pharmacies that are open for the public, in the area where one was named. */
  readonly read: number
  readonly queued: number
  /** In an earlier run. */
  readonly before: number
  readonly noMailbox: number
  /** Not looked at, because enough were queued. */
  readonly left: number
}

type Asked = {
  readonly db: Db
  readonly clock: Clock
  readonly domains: readonly string[]
  /** ODS code of an ICB; undefined for everywhere. */
  readonly area: string | undefined
  /** How many emails at most. */
  readonly limit: number
  readonly actor: string
  readonly progress: (stage: string, done: number, total?: number) => void
}

/** Queues the emails. A second run finds what the first did, and queues the rest. */
export async function inviteToLaunch(asked: Asked): Promise<LaunchSummary> {
  const codes = await openPharmacies(asked.db, asked.area)
  const counts = { queued: 0, before: 0, noMailbox: 0, left: 0 }
  for (let from = 0; from < codes.length; from += BATCH) {
    const batch = codes.slice(from, from + BATCH)
    const done = await asked.db.transact((tx) =>
      inviteBatch(tx, batch, { ...asked, limit: asked.limit - counts.queued }),
    )
    for (const name of ['queued', 'before', 'noMailbox', 'left'] as const) counts[name] += done[name]
    asked.progress('pharmacies looked at', from + batch.length, codes.length)
  }
  return { read: codes.length, ...counts }
}

async function openPharmacies(db: Db, area: string | undefined): Promise<readonly string[]> {
  const { rows } = await sql<{ ods_code: string }>`
    select ods_code from profile
    where status in ('open', 'temporarily-closed')
      and ${area === undefined ? sql`true` : sql`document -> 'commissioning' ->> 'icbCode' = ${area}`}
    order by ods_code`.execute(db.pool)
  return rows.map(({ ods_code }) => ods_code)
}

type Done = Omit<LaunchSummary, 'read'>

async function inviteBatch(tx: Tx, codes: readonly string[], asked: Asked): Promise<Done> {
  const now = asked.clock.now().toISOString()
  const profiles = await loadProfiles(tx, codes)
  const told = await tx.selectFrom('launch_invitation').select('ods_code').where('ods_code', 'in', codes).execute()
  const before = new Set(told.map(({ ods_code }) => ods_code))
  const done = { queued: 0, before: 0, noMailbox: 0, left: 0 }
  const invited: string[] = []
  for (const [odsCode, { profile }] of profiles) {
    const mailbox = sharedMailboxOf(profile, asked.domains)
    if (before.has(odsCode)) done.before += 1
    else if (mailbox === null) done.noMailbox += 1
    else if (done.queued >= asked.limit) done.left += 1
    else if (await inviteOne(tx, { odsCode, name: profile.name }, mailbox, now)) {
      done.queued += 1
      invited.push(odsCode)
    } else done.before += 1
  }
  const entry = { actor: asked.actor, action: 'invite-pharmacies', target: 'launch-invitations', changes: [] }
  if (invited.length > 0) await appendToLedger(tx, now, [{ ...entry, detail: { pharmacies: invited } }])
  return done
}

/** False when another run was faster. */
async function inviteOne(
  tx: Tx,
  pharmacy: { readonly odsCode: string; readonly name: string },
  mailbox: string,
  now: string,
): Promise<boolean> {
  const added = await tx
    .insertInto('launch_invitation')
    .values({ ods_code: pharmacy.odsCode, mailbox, queued_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return false
  await queueEmail(tx, { kind: 'launch-invitation', recipient: mailbox, pharmacy })
  return true
}
