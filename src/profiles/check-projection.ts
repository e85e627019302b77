/** Proves that profiles and the directory agree: every matched service equals the projection of its profile. */
import type { Queryable } from '#src/platform/db/db.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { loadServices, type StoredService } from './load-profiles.ts'
import { planProjection } from './plan-projection.ts'
import type { Profile } from './profile.ts'

/** One service that does not stand as its profile says. `fields` are in the words of the interchange format. */
export type Disagreement = {
  readonly odsCode: string
  readonly uid: number
  readonly because: 'differs' | 'not-projected' | 'projected-but-unmatched'
  readonly fields: readonly string[]
}

export type Agreement = {
  readonly profiles: number
  readonly services: number
  readonly disagreements: readonly Disagreement[]
}

const PAGE = 500

/**
 * Compares every profile with its services, as they should stand on the London date `today`. Services that begin or end
 * today may still stand as they did yesterday: the job that applies their dates runs after midnight. Reads all of them,
 * in pages; changes nothing.
 */
export async function checkProjection(db: Queryable, today: LocalDate): Promise<Agreement> {
  const disagreements: Disagreement[] = []
  let profiles = 0
  let services = 0
  for (let after = ''; ; ) {
    const page = await db
      .selectFrom('profile')
      .select(['ods_code', 'document'])
      .where('ods_code', '>', after)
      .orderBy('ods_code')
      .limit(PAGE)
      .execute()
    const stored = await loadServices(
      db,
      page.map((row) => row.ods_code),
    )
    for (const { ods_code, document } of page) {
      const here = stored.get(ods_code) ?? []
      services += here.filter(({ profileOds }) => profileOds !== null).length
      disagreements.push(...disagreementsOf(document as Profile, here, today))
    }
    profiles += page.length
    const last = page.at(-1)
    if (!last || page.length < PAGE) return { profiles, services, disagreements }
    after = last.ods_code
  }
}

function disagreementsOf(
  profile: Profile,
  services: readonly StoredService[],
  today: LocalDate,
): readonly Disagreement[] {
  const now = disagreementsOn(profile, services, today)
  if (now.length === 0) return now
  return disagreementsOn(profile, services, dateOf(dayOf(today) - 1)).length === 0 ? [] : now
}

function disagreementsOn(
  profile: Profile,
  services: readonly StoredService[],
  today: LocalDate,
): readonly Disagreement[] {
  const plans = planProjection({
    before: undefined,
    after: profile,
    services,
    decides: false,
    keep: new Set(),
    onMeeting: 'take',
    today,
  })
  return plans.flatMap((plan, index) => {
    const projected = services[index]?.profileOds ?? null
    const because = becauseOf(projected, plan.profileOds, plan.fields.length > 0)
    return because
      ? [{ odsCode: profile.odsCode, uid: plan.uid, because, fields: plan.fields.map(({ field }) => field) }]
      : []
  })
}

function becauseOf(is: string | null, should: string | null, differs: boolean): Disagreement['because'] | undefined {
  if (is === null && should !== null) return 'not-projected'
  if (is !== null && should === null) return 'projected-but-unmatched'
  return differs ? 'differs' : undefined
}
