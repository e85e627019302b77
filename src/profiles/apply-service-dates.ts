/**
 * Services that begin or end today: the directory changes by itself, without anybody saving anything. Done nightly just
 * after midnight in London, and idempotent: a profile whose services stand as they should is left alone, so a night that
 * was missed is made up by the next run.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import { type CommitContext, commitProfiles } from './commit-profiles.ts'
import { lockProfiles } from './load-profiles.ts'

const ACTOR = 'system:service-dates'
const ACTION = 'apply-service-dates'
/** As many as an import writes at a time, so that the server goes on answering. */
const BATCH = 200

/** The services that the directory knows: the dates of others are shown where they are read. */
const IN_DIRECTORY = OFFERED_SERVICES.filter(({ dosType, zCode }) => dosType !== null || zCode !== null).map(
  ({ code }) => code,
)

/** Projects every profile with dated services again. Answers how many had a DoS service that changed. */
export async function applyServiceDates({
  db,
  clock,
}: {
  readonly db: Db
  readonly clock: Clock
}): Promise<{ readonly changed: number }> {
  const context: CommitContext = {
    actor: ACTOR,
    action: ACTION,
    recordedAt: clock.now().toISOString(),
    decides: false,
    onMeeting: 'take',
  }
  let changed = 0
  for (let after = ''; ; ) {
    const codes = await datedProfiles(db.pool, after)
    const last = codes.at(-1)
    if (last === undefined) return { changed }
    changed += await db.transact(async (tx) => {
      const stored = [...(await lockProfiles(tx, codes)).values()]
      const writes = stored.map((before) => ({ before, profile: before.profile, sections: before.sections }))
      const committed = await commitProfiles(tx, writes, context)
      return committed.filter(({ outcome }) => outcome !== 'unchanged').length
    })
    after = last
  }
}

/** The next profiles, by code, with a first or last day on a service that the directory shows. */
async function datedProfiles(db: Queryable, after: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('profile')
    .select('ods_code')
    .where('ods_code', '>', after)
    .where((where) => where.or(IN_DIRECTORY.map(isDated)))
    .orderBy('ods_code')
    .limit(BATCH)
    .execute()
  return rows.map((row) => row.ods_code)
}

const isDated = (code: string): RawBuilder<boolean> =>
  sql<boolean>`coalesce(document #>> array['services', ${code}, 'from'], document #>> array['services', ${code}, 'to']) is not null`
