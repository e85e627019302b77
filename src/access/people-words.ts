/** How people are named to those who see who has access. */
import { nameFromEmail } from '#src/accounts/people.ts'
import type { Queryable } from '#src/platform/db/db.ts'

/** In audit.actor: somebody who reads the pharmacy's shared mailbox, whoever that is. */
export const BY_SHARED_MAILBOX = 'system:shared-mailbox'
/** In audit.actor: nobody; time went by. */
export const BY_TIME = 'system:end-access'

/** `Amina Khan (amina.khan@nhs.net)` for `person:EMAIL`, and what stands behind the other names of the audit. */
export async function loadActorNames(
  db: Queryable,
  actors: readonly (string | null)[],
): Promise<(actor: string) => string> {
  const emails = [...new Set(actors.flatMap((actor) => (actor?.startsWith('person:') ? [actor.slice(7)] : [])))]
  const rows =
    emails.length === 0
      ? []
      : await db.selectFrom('person').select(['email', 'name']).where('email', 'in', emails).execute()
  const names = new Map(rows.map(({ email, name }) => [`person:${email}`, name]))
  return (actor) => {
    if (actor.startsWith('person:')) return namedPerson(actor.slice('person:'.length), names.get(actor) ?? null)
    if (actor === BY_SHARED_MAILBOX) return 'the pharmacy’s shared mailbox'
    return actor === BY_TIME ? 'nobody: it had a last day' : 'the support team'
  }
}

/** `Amina Khan (amina.khan@nhs.net)`; of somebody who never signed in the address alone. */
export const namedPerson = (email: string, name: string | null): string =>
  name === null || name === email ? email : `${name} (${email})`

/** A name to show for somebody whose name may not be known. */
export const shownName = (email: string, name: string | null): string => name ?? nameFromEmail(email)
