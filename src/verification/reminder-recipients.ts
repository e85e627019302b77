/** Who is reminded about a pharmacy: those who may check it, and the mailbox that they share. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'

/** `name` is null for a shared mailbox and for somebody who has not signed in yet. */
export type Recipient = { readonly email: string; readonly name: string | null }

/** Those who may check, by the scope of their right: `ods:FA002`, `group:PNN00`. */
export type Editors = ReadonlyMap<string, readonly Recipient[]>

/** Roles whose people answer for a profile. Viewers look, and those who may only say that it is closed check nothing. */
const ANSWERING_ROLES = ['owner', 'editor', 'group']

/** Everybody who may check some pharmacy at `now`. One query, whatever their number. */
export async function loadEditors(db: Queryable, now: Date): Promise<Editors> {
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email', 'role_grant.scope', 'person.name'])
    .where('role_grant.role', 'in', ANSWERING_ROLES)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now.toISOString())]))
    .orderBy('role_grant.email')
    .execute()
  return Map.groupBy(rows, ({ scope }) => scope)
}

/**
 * The people of a pharmacy and its shared mailbox, each once. Nobody when no person may check it: a mailbox that nobody
 * acts for is invited to claim the profile instead.
 */
export function recipientsOf(
  { odsCode, commissioning }: Pick<Profile, 'odsCode' | 'commissioning'>,
  editors: Editors,
  sharedMailbox: string | null,
): readonly Recipient[] {
  const own = editors.get(`ods:${odsCode}`) ?? []
  const group = (commissioning.parentCode && editors.get(`group:${commissioning.parentCode}`)) || []
  const people = [...own, ...group]
  if (people.length === 0) return []
  const mailbox = sharedMailbox ? [{ email: sharedMailbox, name: null }] : []
  return [...new Map([...mailbox, ...people].map((recipient) => [recipient.email, recipient])).values()]
}
