/** How much may come to the desk from one network and for one mailbox: enough for people, too little for a flood. */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { networkOf } from '#src/accounts/failed-attempts.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'

/** 0 is no limit. */
export type HelpLimits = {
  /** Tickets, replies, feedback and suggestions from one network address in an hour, and in a day. */
  readonly networkHour: number
  readonly networkDay: number
  /** Tickets for one email address in a day: each sends it an email. */
  readonly mailboxDay: number
}

type Sender = {
  /** The network address; null for what came by email, whose sender is only a mailbox. */
  readonly address: string | null
  /** Who is sent an email because of it; null: nobody. */
  readonly mailbox: string | null
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const KEPT_MS = 2 * DAY_MS
/** Programs that hand mail in are one network, and have no limit of their own. */
const BY_EMAIL = 'email'

/** Counts one more, and says whether it is one too many. Those who send at once are counted one after the other. */
export async function isOneTooMany(
  tx: Tx,
  sender: Sender,
  { now, pepper, limits }: { readonly now: Date; readonly pepper: string; readonly limits: HelpLimits },
): Promise<boolean> {
  const hash = (text: string) => createHmac('sha256', pepper).update(text).digest('base64url').slice(0, 22)
  const network = sender.address === null ? BY_EMAIL : hash(`help network ${networkOf(sender.address)}`)
  const mailbox = sender.mailbox === null ? null : hash(`help mailbox ${sender.mailbox.toLowerCase()}`)
  for (const key of [network, ...(mailbox ? [mailbox] : [])]) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`help desk ${key}`}, 0))`.execute(tx)
  }
  const since = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
  const { rows } = await sql<{ networkHour: number; networkDay: number; mailboxDay: number }>`
    select (count(*) filter (where network = ${network} and sent_at > ${since(HOUR_MS)}))::integer as "networkHour",
      (count(*) filter (where network = ${network}))::integer as "networkDay",
      (count(*) filter (where mailbox = ${mailbox}))::integer as "mailboxDay"
    from help_sent where sent_at > ${since(DAY_MS)} and (network = ${network} or mailbox = ${mailbox})`.execute(tx)
  const counted = rows[0] ?? { networkHour: 0, networkDay: 0, mailboxDay: 0 }
  const isFull = (most: number, sent: number) => most > 0 && sent >= most
  if (
    (network !== BY_EMAIL &&
      (isFull(limits.networkHour, counted.networkHour) || isFull(limits.networkDay, counted.networkDay))) ||
    isFull(limits.mailboxDay, counted.mailboxDay)
  ) {
    return true
  }
  await tx.insertInto('help_sent').values({ network, mailbox, sent_at: now.toISOString() }).execute()
  return false
}

/** Forgets what counts for no limit any more. */
export async function sweepSent(db: Queryable, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString()
  await db.deleteFrom('help_sent').where('sent_at', '<=', before).execute()
}
