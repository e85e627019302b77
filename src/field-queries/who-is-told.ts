/** Who at a pharmacy, or for its area, is told by email. */
import { loadHolders } from '#src/accounts/grants.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'

/** Somebody to write to; the name is null for a mailbox, and for people we do not know yet. */
export type Recipient = { readonly email: string; readonly name: string | null }

/**
 * Those who answer for the words of a pharmacy: its owners and editors; where it has none, its head office; where that
 * has nobody either, the mailbox that its people share. Empty: nobody can be reached by email.
 */
export async function loadAnswerers(
  db: Queryable,
  profile: Profile,
  { now, mailbox }: { readonly now: Date; readonly mailbox: string | null },
): Promise<readonly Recipient[]> {
  const holders = async (role: 'owner' | 'editor' | 'group', scope: string) => loadHolders(db, { role, scope, now })
  const here = `ods:${profile.odsCode}`
  const own = [...(await holders('owner', here)), ...(await holders('editor', here))]
  if (own.length > 0) return named(db, own)
  const { parentCode } = profile.commissioning
  const office = parentCode ? await holders('group', `group:${parentCode}`) : []
  if (office.length > 0) return named(db, office)
  return mailbox ? [{ email: mailbox, name: null }] : []
}

/** The people behind names of the audit; imports and other programs have no mailbox and are left out. */
export const personsOf = (db: Queryable, actors: readonly (string | null)[]): Promise<readonly Recipient[]> =>
  named(
    db,
    actors.flatMap((actor) => (actor?.startsWith('person:') ? [actor.slice('person:'.length)] : [])),
  )

async function named(db: Queryable, emails: readonly string[]): Promise<readonly Recipient[]> {
  const each = [...new Set(emails)]
  if (each.length === 0) return []
  const rows = await db.selectFrom('person').select(['email', 'name']).where('email', 'in', each).execute()
  const names = new Map(rows.map(({ email, name }) => [email, name]))
  return each.map((email) => ({ email, name: names.get(email) ?? null }))
}
