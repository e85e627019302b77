/**
 * Whether a pharmacy's shared mailbox may let somebody in (ADR 15).
 *
 * Who reads the mailbox works at the pharmacy; so its word is enough, with three exceptions that would let somebody help
 * themselves: the mailbox of the person who asks; an owner's place where there is an owner to ask; and a mailbox that a
 * person wrote into the profile within the last week, because editors may change that address.
 */
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { loadOwners } from './members.ts'

const SETTLED_AFTER_DAYS = 7
const DAY_MS = 86_400_000

/** `address`: where the mailbox is told of what happens; null where there is none. */
export type MailboxPower = { readonly address: string | null; readonly mayDecide: boolean }

/** What the mailbox may do about somebody who asks for a role. The caller has locked the people of the pharmacy. */
export async function loadMailboxPower(
  tx: Tx,
  profile: Profile,
  asked: {
    readonly email: string
    readonly role: PharmacyRole
    readonly now: Date
    readonly domains: readonly string[]
  },
): Promise<MailboxPower> {
  const address = sharedMailboxOf(profile, asked.domains)
  if (address === null) return { address, mayDecide: false }
  const mayDecide =
    address !== asked.email &&
    !(asked.role === 'owner' && (await loadOwners(tx, profile.odsCode, asked.now)).length > 0) &&
    !(await wasChangedLately(tx, profile.odsCode, asked.now))
  return { address, mayDecide }
}

/** Whether a person changed the address within the last days; what an import or the set-up wrote counts as settled. */
async function wasChangedLately(tx: Tx, odsCode: string, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - SETTLED_AFTER_DAYS * DAY_MS).toISOString()
  const { rows } = await sql<{ actor: string }>`
    select actor from (
      select version, actor, recorded_at, document -> 'contact' ->> 'professionalEmail' as address,
        lag(document -> 'contact' ->> 'professionalEmail') over (order by version) as before
      from profile_version
      where ods_code = ${odsCode}
        and version >= coalesce(
          (select max(version) from profile_version where ods_code = ${odsCode} and recorded_at <= ${since}), 0)
    ) as recent
    where address is distinct from before and recorded_at > ${since}
    order by version desc
    limit 1`.execute(tx)
  return rows[0]?.actor.startsWith('person:') ?? false
}
