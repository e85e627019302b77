/** What is under way between a person and pharmacies that they do not look after yet. */
import type { Actor } from '#src/accounts/actor.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { loadInvitationsFor } from './invitation-store.ts'

/** How many requests wait, and which invitations can be answered. Two queries for somebody with nothing under way. */
export async function loadAccessNews(db: Queryable, { email }: Actor, now: Date) {
  const { asked } = await db
    .selectFrom('access_request')
    .select((row) => row.fn.countAll<number>().as('asked'))
    .where('email', '=', email)
    .where('state', '=', 'asked')
    .executeTakeFirstOrThrow()
  const invitations = await loadInvitationsFor(db, email, now)
  const codes = invitations.map(({ odsCode }) => odsCode)
  const profiles = codes.length > 0 ? await loadProfiles(db, codes) : new Map<string, never>()
  return {
    asked: Number(asked),
    invitations: invitations.map(({ id, odsCode }) => ({
      href: `/manage/invitations/${id}`,
      pharmacy: `${profiles.get(odsCode)?.profile.name ?? ''} (${odsCode})`,
    })),
  }
}
