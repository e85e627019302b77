/**
 * Every night: rights that have ended are taken out of the table (they count for nothing from the moment they end),
 * people hear a week before that a right of theirs ends, and invitations that nobody answered make room.
 */
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { type PharmacyRole, parsePharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { tellOwners } from './give-access.ts'
import { lastDayBefore } from './members.ts'
import { BY_TIME } from './people-words.ts'

const NOTICE_DAYS = 7
const DAY_MS = 86_400_000

export type Tidied = { readonly ended: number; readonly noticed: number; readonly lapsed: number }

/** Does all of it; a second time the same night does nothing. */
export async function tidyAccess(db: Db, now: Date): Promise<Tidied> {
  return await db.transact(async (tx) => {
    const noticed = await giveNotice(tx, now)
    const ended = await takeOutEnded(tx, now)
    const lapsed = await tx
      .updateTable('access_invitation')
      .set({ state: 'lapsed', ended_at: now.toISOString() })
      .where('state', '=', 'waiting')
      .where('open_until', '<=', now.toISOString())
      .executeTakeFirst()
    await appendToLedger(tx, now.toISOString(), ended)
    return { ended: ended.length, noticed, lapsed: Number(lapsed.numUpdatedRows) }
  })
}

type EndingGrant = {
  readonly email: string
  readonly role: string
  readonly scope: string
  readonly granted_at: string
  readonly expires_at: string | null
}

async function takeOutEnded(tx: Tx, now: Date): Promise<readonly LedgerEntry[]> {
  const gone = await tx
    .deleteFrom('role_grant')
    .where('expires_at', '<=', now.toISOString())
    .returning(['email', 'role', 'scope', 'granted_at', 'expires_at'])
    .execute()
  for (const grant of gone) await tellAbout(tx, grant, 'ended', now)
  return gone.map(({ email, role, scope, expires_at }) => ({
    actor: BY_TIME,
    action: 'end-access',
    target: `person:${email}`,
    detail: { role, scope, expiresAt: expires_at, how: 'ended' },
    changes: [],
  }))
}

/** Of a right that was given for a week or less nobody needs to be told: its end was in the first email. */
async function giveNotice(tx: Tx, now: Date): Promise<number> {
  const soon = await tx
    .selectFrom('role_grant')
    .select(['email', 'role', 'scope', 'granted_at', 'expires_at'])
    .where('expires_at', '>', now.toISOString())
    .where('expires_at', '<=', new Date(now.getTime() + NOTICE_DAYS * DAY_MS).toISOString())
    .execute()
  let noticed = 0
  for (const grant of soon) {
    const lastsMs = Date.parse(grant.expires_at ?? '') - Date.parse(grant.granted_at)
    if (lastsMs > (NOTICE_DAYS + 1) * DAY_MS && (await tellAbout(tx, grant, 'ending', now))) noticed += 1
  }
  return noticed
}

/** Tells the person and the owners, once for each end; false when they had been told, or it is about no one pharmacy. */
async function tellAbout(tx: Tx, grant: EndingGrant, what: 'ending' | 'ended', now: Date): Promise<boolean> {
  const about = await pharmacyOf(tx, grant)
  if (!about || grant.expires_at === null) return false
  const { pharmacy, role } = about
  const lastDay = lastDayBefore(grant.expires_at)
  const facts = {
    cause: `${grant.email} ${grant.role} ${grant.scope} ${grant.expires_at}`,
    pharmacy,
    role,
    lastDay,
    by: '',
  }
  const isNew = await queueEmail(tx, {
    ...facts,
    kind: 'your-access',
    recipient: grant.email,
    outcome: what,
    reason: '',
  })
  if (isNew) await tellOwners(tx, { ...facts, what, person: grant.email }, { now, actor: BY_TIME })
  return isNew
}

async function pharmacyOf(
  tx: Tx,
  { role: text, scope }: EndingGrant,
): Promise<
  { readonly pharmacy: { readonly odsCode: string; readonly name: string }; readonly role: PharmacyRole } | undefined
> {
  const role = parsePharmacyRole(text)
  const odsCode = scope.replace(/^ods:/, '')
  const stored = role && odsCode !== scope ? await loadProfile(tx, odsCode) : undefined
  return role && stored && { pharmacy: { odsCode, name: stored.profile.name }, role }
}
