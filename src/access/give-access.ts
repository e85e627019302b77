/** Rights at one pharmacy, given and taken in the caller's transaction; the caller has locked its people. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { can, type Target } from '#src/accounts/can.ts'
import { deleteGrant, writeGrant } from '#src/accounts/grants.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { PeopleChanged } from '#src/emails/people-changed.ts'
import type { Tx } from '#src/platform/db/db.ts'
import type { LedgerEntry } from '#src/platform/db/ledger.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { isAbove, PHARMACY_ROLES, type PharmacyRole, parsePharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { endOfLastDay, loadDirectRoles, loadOwners } from './members.ts'

export type GivenAccess = {
  readonly odsCode: string
  readonly email: string
  readonly role: PharmacyRole
  readonly lastDay: LocalDate | null
  /** As in audit.actor. */
  readonly by: string
  readonly now: Date
}

/**
 * Gives access, in place of what the address had at this pharmacy. `keepOthers` leaves a lasting right alone that is
 * lower than one with a last day, so that a viewer who stands in as a locum is a viewer again afterwards.
 */
export async function giveAccess(
  tx: Tx,
  { odsCode, email, role, lastDay, by, now }: GivenAccess,
  keepOthers: boolean,
): Promise<readonly LedgerEntry[]> {
  const scope = `ods:${odsCode}`
  const had = await loadDirectRoles(tx, { odsCode, email, now })
  const kept = (other: (typeof had)[number]): boolean =>
    other.role === role || (keepOthers && (isAbove(other.role, role) || (lastDay !== null && other.lastDay === null)))
  const entries: (LedgerEntry | undefined)[] = []
  for (const other of had.filter((each) => !kept(each))) {
    entries.push(await deleteGrant(tx, { email, role: other.role, scope }, by))
  }
  const expiresAt = lastDay === null ? undefined : endOfLastDay(lastDay)
  entries.push(await writeGrant(tx, { email, role, scope }, { by, now, expiresAt }))
  return entries.filter((entry) => entry !== undefined)
}

/** Takes all that an address has at this pharmacy. */
export async function takeAccess(
  tx: Tx,
  { odsCode, email, by, now }: Pick<GivenAccess, 'odsCode' | 'email' | 'by' | 'now'>,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = []
  for (const { role } of await loadDirectRoles(tx, { odsCode, email, now })) {
    const entry = await deleteGrant(tx, { email, role, scope: `ods:${odsCode}` }, by)
    if (entry) entries.push(entry)
  }
  return entries
}

/**
 * The roles that somebody may give at a pharmacy: none above their own there, and none without `manage-people`. Head
 * offices and the desks, whose rights come from elsewhere, give all.
 */
export function grantableRoles(actor: Actor, target: Target): readonly PharmacyRole[] {
  const ranks = actor.grants
    .filter((grant) => can({ ...actor, grants: [grant] }, 'manage-people', target))
    .map(({ role }) => PHARMACY_ROLES.indexOf(parsePharmacyRole(role) ?? 'owner'))
  return PHARMACY_ROLES.slice(Math.min(PHARMACY_ROLES.length, ...ranks))
}

/** Whether somebody may say yes or no to a request for this pharmacy. */
export const mayDecideAccess = (actor: Actor, target: Target): boolean =>
  can(actor, 'decide-access', target) || can(actor, 'manage-people', target)

/** Tells the owners of a pharmacy, and whoever else is named, but for the person it is about and whoever did it. */
export async function tellOwners(
  tx: Tx,
  facts: Omit<PeopleChanged, 'kind' | 'recipient'>,
  also: { readonly now: Date; readonly actor: string; readonly others?: readonly (string | null)[] },
): Promise<void> {
  const owners = await loadOwners(tx, facts.pharmacy.odsCode, also.now)
  const recipients = new Set([...owners, ...(also.others ?? []).filter((address) => address !== null)])
  for (const recipient of recipients) {
    if (recipient === facts.person || auditNameOf({ email: recipient }) === also.actor) continue
    await queueEmail(tx, { ...facts, kind: 'people-changed', recipient })
  }
}
