/** Changing what a member may do, taking it back, and leaving. A pharmacy that has an owner never loses its last one here. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { YourAccess } from '#src/emails/your-access.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { isAbove, type PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import type { AccessDeps } from './access-deps.ts'
import { giveAccess, grantableRoles, takeAccess, tellOwners } from './give-access.ts'
import { loadDirectRoles, loadOwners, lockPeopleOf } from './members.ts'
import { loadActorNames } from './people-words.ts'

type Deps = Pick<AccessDeps, 'db' | 'clock'>
type Held = { readonly role: PharmacyRole; readonly lastDay: LocalDate | null }

/**
 * `gone`: they have no access any more. `last-owner`: nobody would own the pharmacy. `not-allowed`: the role is above
 * one's own, or one would raise oneself.
 */
export type MemberChanged = 'changed' | 'unchanged' | 'gone' | 'last-owner' | 'not-allowed'

/** Gives a member another role or another last day. */
export async function changeMember(
  deps: Deps,
  actor: Actor,
  member: { readonly odsCode: string; readonly email: string },
  wanted: Held,
): Promise<MemberChanged> {
  return await onMember(deps, member, async (tx, { profile, held, now }) => {
    if (!mayChange(actor, member, { wanted, held, profile })) return 'not-allowed'
    if (wanted.role === held.role && wanted.lastDay === held.lastDay) return 'unchanged'
    if (wanted.role !== 'owner' && (await isLastOwner(tx, member, now))) return 'last-owner'
    const by = auditNameOf(actor)
    const entries = await giveAccess(tx, { ...member, ...wanted, by, now }, false)
    await tell(tx, { profile, member, now, by, outcome: 'changed', held: wanted, entries })
    return 'changed'
  })
}

/** Whoever stands above those whom one may change is out of reach too, and nobody raises themselves. */
function mayChange(
  actor: Actor,
  member: { readonly odsCode: string; readonly email: string },
  { wanted, held, profile }: { readonly wanted: Held; readonly held: Held; readonly profile: Profile },
): boolean {
  if (profile.status === 'closed') return false
  const allowed = grantableRoles(actor, targetOf(member.odsCode, { profile }))
  if (!allowed.includes(wanted.role) || !allowed.includes(held.role)) return false
  return member.email !== actor.email || !isAbove(wanted.role, held.role)
}

/** Takes a member's access to this pharmacy; of oneself it is called leaving. */
export async function removeMember(
  deps: Deps,
  actor: Actor,
  member: { readonly odsCode: string; readonly email: string },
): Promise<MemberChanged> {
  return await onMember(deps, member, async (tx, { profile, held, now }) => {
    const isSelf = member.email === actor.email
    const allowed = grantableRoles(actor, targetOf(member.odsCode, { profile }))
    if (!isSelf && !allowed.includes(held.role)) return 'not-allowed'
    if (await isLastOwner(tx, member, now)) return 'last-owner'
    const by = auditNameOf(actor)
    const entries = await takeAccess(tx, { ...member, by, now })
    await tell(tx, { profile, member, now, by, outcome: isSelf ? 'left' : 'removed', held, entries })
    return 'changed'
  })
}

type Opened = { readonly profile: Profile; readonly held: Held; readonly now: Date }

async function onMember(
  { db, clock }: Deps,
  { odsCode, email }: { readonly odsCode: string; readonly email: string },
  work: (tx: Tx, opened: Opened) => Promise<MemberChanged>,
): Promise<MemberChanged> {
  const now = clock.now()
  return await db.transact(async (tx) => {
    await lockPeopleOf(tx, [odsCode])
    const stored = await loadProfile(tx, odsCode)
    const [held] = await loadDirectRoles(tx, { odsCode, email, now })
    return stored && held ? await work(tx, { profile: stored.profile, held, now }) : 'gone'
  })
}

/** Whether a pharmacy would be left without an owner if this one went. */
export async function isLastOwner(
  db: Queryable,
  { odsCode, email }: { readonly odsCode: string; readonly email: string },
  now: Date,
): Promise<boolean> {
  const owners = await loadOwners(db, odsCode, now)
  return owners.length === 1 && owners[0] === email
}

async function tell(
  tx: Tx,
  told: {
    readonly profile: Profile
    readonly member: { readonly odsCode: string; readonly email: string }
    readonly now: Date
    readonly by: string
    readonly outcome: Extract<YourAccess['outcome'], 'changed' | 'removed' | 'left'>
    readonly held: Held
    readonly entries: readonly LedgerEntry[]
  },
): Promise<void> {
  const { profile, member, now, by, outcome, held, entries } = told
  const { odsCode, email: recipient } = member
  const nameOf = await loadActorNames(tx, [by])
  const action = outcome === 'changed' ? 'change-access' : 'end-access'
  const detail = { odsCode, email: recipient, role: held.role, lastDay: held.lastDay, how: outcome }
  const entry = { actor: by, action, target: `person:${recipient}`, detail, changes: [] }
  const [place] = await appendToLedger(tx, now.toISOString(), [entry, ...entries])
  const pharmacy = { odsCode, name: profile.name }
  const facts = { cause: `audit ${place?.auditSeq}`, pharmacy, ...held, by: nameOf(by) }
  await queueEmail(tx, { ...facts, kind: 'your-access', recipient, outcome, reason: '' })
  await tellOwners(tx, { ...facts, what: outcome, person: recipient }, { now, actor: by })
}
