/** Inviting somebody by email. Nothing is given before they sign in with that address and accept. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { grantsOf } from '#src/accounts/sessions.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { AccessDeps } from './access-deps.ts'
import { giveAccess, grantableRoles, tellOwners } from './give-access.ts'
import { type Invitation, loadInvitation, loadWaitingInvitations } from './invitation-store.ts'
import { loadDirectRoles, lockPeopleOf } from './members.ts'
import { loadActorNames } from './people-words.ts'

export const OPEN_DAYS = 14
const MOST_WAITING = 50
const DAY_MS = 86_400_000
/** Sending again within this time is a second click. */
const SAME_CLICK_MS = 10 * 60_000

export type Invite = { readonly email: string; readonly role: PharmacyRole; readonly lastDay: LocalDate | null }
type Deps = Pick<AccessDeps, 'db' | 'clock'>

/** Saves an invitation and sends it. The same one sent twice is one. */
export async function saveInvitation(
  { db, clock }: Deps,
  actor: Actor,
  odsCode: string,
  invite: Invite,
): Promise<Result<number>> {
  const now = clock.now()
  const by = auditNameOf(actor)
  return await db.transact(async (tx) => {
    await lockPeopleOf(tx, [odsCode])
    const stored = await loadProfile(tx, odsCode)
    const waiting = (await loadWaitingInvitations(tx, odsCode)).filter(({ openUntil }) => openUntil > now.toISOString())
    const same = waiting.find(({ email }) => email === invite.email)
    if (same && isSameInvite(same, invite, now)) return accepted(same.id)
    if (!stored || stored.profile.status === 'closed') {
      return refused(problem('email', 'closed', 'The pharmacy has closed for good. Nobody can be invited any more'))
    }
    const wrong =
      notAllowed(actor, { odsCode, profile: stored.profile }, invite) ??
      (await alreadyIn(tx, { odsCode, invite, now, waiting: waiting.length, invited: same !== undefined }))
    if (wrong) return refused(wrong)
    const id = await insertInvitation(tx, odsCode, { invite, by, now })
    const entry = entryOf('invite', { id, odsCode, ...invite }, by)
    await sendInvitation(tx, { id, profile: stored.profile, now, by })
    await appendToLedger(tx, now.toISOString(), [entry])
    return accepted(id)
  })
}

/** Sends a waiting invitation again, open for as long as a new one. False when there is none. */
export async function sendAgain({ db, clock }: Deps, actor: Actor, invitation: Invitation): Promise<boolean> {
  const now = clock.now()
  const by = auditNameOf(actor)
  return await db.transact(async (tx) => {
    await lockPeopleOf(tx, [invitation.odsCode])
    const current = await loadInvitation(tx, invitation.id)
    const stored = await loadProfile(tx, invitation.odsCode)
    if (current?.state !== 'waiting' || !stored || stored.profile.status === 'closed') return false
    if (now.getTime() - Date.parse(current.sentAt) < SAME_CLICK_MS) return true
    if (notAllowed(actor, { odsCode: current.odsCode, profile: stored.profile }, current)) return false
    await tx
      .updateTable('access_invitation')
      .set({
        sent_at: now.toISOString(),
        open_until: openUntil(now),
        times_sent: current.timesSent + 1,
        invited_by: by,
      })
      .where('id', '=', current.id)
      .execute()
    await sendInvitation(tx, { id: current.id, profile: stored.profile, now, by })
    await appendToLedger(tx, now.toISOString(), [entryOf('invite-again', current, by)])
    return true
  })
}

/** Ends a waiting invitation, by whoever manages the people of the pharmacy or by the one who was invited. */
export async function endInvitation(
  { db, clock }: Deps,
  actor: Actor,
  invitation: Invitation,
  how: 'withdrawn' | 'declined',
): Promise<boolean> {
  const now = clock.now()
  return await db.transact(async (tx) => {
    await lockPeopleOf(tx, [invitation.odsCode])
    if (!(await closeInvitation(tx, invitation.id, how, now))) return false
    if (how === 'declined') await tellDeclined(tx, invitation, now)
    const action = how === 'withdrawn' ? 'withdraw-invitation' : 'decline-invitation'
    await appendToLedger(tx, now.toISOString(), [entryOf(action, invitation, auditNameOf(actor))])
    return true
  })
}

async function tellDeclined(tx: Tx, invitation: Invitation, now: Date): Promise<void> {
  const { id, odsCode, email: person, role, lastDay } = invitation
  const stored = await loadProfile(tx, odsCode)
  const pharmacy = { odsCode, name: stored?.profile.name ?? '' }
  const facts = { cause: `invitation ${id}`, pharmacy, person, role, lastDay, by: '' }
  await tellOwners(tx, { ...facts, what: 'declined' }, { now, actor: auditNameOf({ email: person }) })
}

/** `over`: it was withdrawn, has run out, or whoever sent it may not give access any more. */
export type Accepted = 'accepted' | 'accepted-before' | 'over'

/** Gives the access that one was invited to. The page has checked that the invitation is for this address. */
export async function acceptInvitation({ db, clock }: Deps, actor: Actor, id: number): Promise<Accepted> {
  const known = await loadInvitation(db.pool, id)
  if (!known || known.email !== actor.email) return 'over'
  const now = clock.now()
  return await db.transact(async (tx) => {
    await lockPeopleOf(tx, [known.odsCode])
    const invitation = await loadInvitation(tx, id)
    const stored = await loadProfile(tx, known.odsCode)
    if (!invitation || !stored) return 'over'
    if (invitation.state === 'accepted') return 'accepted-before'
    if (!(await isGood(tx, invitation, { profile: stored.profile, now }))) return 'over'
    await closeInvitation(tx, id, 'accepted', now)
    const { odsCode, email, role, lastDay, invitedBy: by } = invitation
    const given = await giveAccess(tx, { odsCode, email, role, lastDay, by, now }, true)
    const pharmacy = { odsCode, name: stored.profile.name }
    const nameOf = await loadActorNames(tx, [by])
    const facts = { cause: `invitation ${id}`, pharmacy, role, lastDay, by: nameOf(by) }
    await queueEmail(tx, { ...facts, kind: 'your-access', recipient: email, outcome: 'granted', reason: '' })
    await tellOwners(tx, { ...facts, what: 'granted', person: email }, { now, actor: auditNameOf(actor) })
    const entry = entryOf('accept-invitation', invitation, auditNameOf(actor))
    await appendToLedger(tx, now.toISOString(), [entry, ...given])
    return 'accepted'
  })
}

/** Whether an invitation can still be accepted. Whoever lost the right to give access invites nobody. */
export async function isGood(
  db: Queryable,
  invitation: Invitation,
  { profile, now }: { readonly profile: Profile; readonly now: Date },
): Promise<boolean> {
  const { state, openUntil: until, lastDay, invitedBy, odsCode, role } = invitation
  const today = dateOf(toLondon(now).day)
  if (state !== 'waiting' || until <= now.toISOString() || (lastDay && lastDay < today)) return false
  if (profile.status === 'closed') return false
  const email = invitedBy.replace(/^person:/, '')
  const inviter = { personId: 0, name: '', email, grants: await grantsOf(db, email, now) }
  return grantableRoles(inviter, targetOf(odsCode, { profile })).includes(role)
}

const isSameInvite = (before: Invitation, { role, lastDay }: Invite, now: Date): boolean =>
  before.role === role && before.lastDay === lastDay && now.getTime() - Date.parse(before.sentAt) < SAME_CLICK_MS

function notAllowed(
  actor: Actor,
  { odsCode, profile }: { readonly odsCode: string; readonly profile: Profile },
  { email, role }: Pick<Invite, 'email' | 'role'>,
): Problem | undefined {
  if (email === actor.email) return problem('email', 'self', 'You cannot invite yourself')
  if (grantableRoles(actor, targetOf(odsCode, { profile })).includes(role)) return undefined
  return problem('role', 'above', 'You cannot give more access than you have yourself')
}

async function alreadyIn(
  tx: Tx,
  given: {
    readonly odsCode: string
    readonly invite: Invite
    readonly now: Date
    readonly waiting: number
    readonly invited: boolean
  },
): Promise<Problem | undefined> {
  const { odsCode, invite, now, waiting, invited } = given
  const [had] = await loadDirectRoles(tx, { odsCode, email: invite.email, now })
  if (had)
    return problem('email', 'member', `${invite.email} has access already. Change it on the page before this one`)
  if (invited) {
    return problem('email', 'invited', `${invite.email} is invited already. Send that invitation again, or withdraw it`)
  }
  if (waiting < MOST_WAITING) return undefined
  return problem('email', 'too-many', `${MOST_WAITING} invitations are waiting. Withdraw some before you send more`)
}

async function insertInvitation(
  tx: Tx,
  odsCode: string,
  { invite, by, now }: { readonly invite: Invite; readonly by: string; readonly now: Date },
): Promise<number> {
  const at = now.toISOString()
  // One that has run out since the last night makes room.
  await tx
    .updateTable('access_invitation')
    .set({ state: 'lapsed', ended_at: at })
    .where('ods_code', '=', odsCode)
    .where('email', '=', invite.email)
    .where('state', '=', 'waiting')
    .execute()
  const { email, role, lastDay: last_day } = invite
  const { id } = await tx
    .insertInto('access_invitation')
    .values({
      ods_code: odsCode,
      email,
      role,
      last_day,
      invited_by: by,
      invited_at: at,
      sent_at: at,
      open_until: openUntil(now),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function sendInvitation(
  tx: Tx,
  given: { readonly id: number; readonly profile: Profile; readonly now: Date; readonly by: string },
): Promise<void> {
  const { id, profile, now, by } = given
  const invitation = await loadInvitation(tx, id)
  if (!invitation) throw new Error(`Invitation ${id} was stored and is not there`)
  const { email: recipient, role, lastDay, timesSent, openUntil: until } = invitation
  const pharmacy = { odsCode: profile.odsCode, name: profile.name }
  const nameOf = await loadActorNames(tx, [by])
  const facts = { pharmacy, role, lastDay, by: nameOf(by) }
  await queueEmail(tx, {
    ...facts,
    kind: 'access-invitation',
    invitationId: id,
    timesSent,
    recipient,
    openUntil: until,
  })
  if (timesSent > 1) return
  await tellOwners(tx, { ...facts, cause: `invitation ${id}`, what: 'invited', person: recipient }, { now, actor: by })
}

async function closeInvitation(
  tx: Tx,
  id: number,
  state: 'accepted' | 'declined' | 'withdrawn',
  now: Date,
): Promise<boolean> {
  const closed = await tx
    .updateTable('access_invitation')
    .set({ state, ended_at: now.toISOString() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return closed.numUpdatedRows === 1n
}

const openUntil = (now: Date): string => new Date(now.getTime() + OPEN_DAYS * DAY_MS).toISOString()

const entryOf = (
  action: string,
  { id, odsCode, email, role, lastDay }: Invite & { readonly id: number; readonly odsCode: string },
  actor: string,
): LedgerEntry => ({
  actor,
  action,
  target: `access-invitation:${id}`,
  detail: { odsCode, email, role, lastDay },
  changes: [],
})

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
