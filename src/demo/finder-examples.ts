/** What the fictitious receptionist keeps in the Service Finder, and what professionals told of services that did not help. */
import { auditNameOf } from '#src/accounts/actor.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { loadTriageReference } from '#src/reference-data/reference-file.ts'
import { keptSearch, searchBehind } from '#src/service-finder/search-behind.ts'
import { uidsOf } from './busy-services.ts'
import { actorOf } from './person-row.ts'

const HOUR_MS = 3_600_000
/** ODS codes: a pharmacy, one of its services, a treatment centre. */
const FAVOURITES = ['FZ042', 'FZ042PF1', 'RY003D']
const SEARCHES = ['type=135&place=M1&km=10', 'type=12&place=M4&km=5&open=now']
const PROBLEMS = [
  { code: 'FZ048PF1', reason: 'no-capacity', hoursAgo: 5 },
  { code: 'FZ02BPF1', reason: 'no-answer', hoursAgo: 49 },
  { code: 'FZ02BPF1', reason: 'closed', hoursAgo: 76 },
] as const

/** Keeps them once: what somebody drops later stays dropped. */
export async function seedFinderExamples({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const there = await db.pool.selectFrom('referral_problem').select('id').limit(1).executeTakeFirst()
  if (there) return
  const grace = await actorOf(db, clock, 'grace.hill')
  const now = clock.now()
  const uidOf = await uidsOf(db, [...FAVOURITES, ...PROBLEMS.map(({ code }) => code)])
  const reference = await loadTriageReference(db.pool)
  const at = now.toISOString()
  const searches = SEARCHES.flatMap((asked) => {
    const search = searchBehind(`/finder/results?${asked}`, { clock, reference: () => reference, places: AS_TYPED })
    return search ? [keptSearch(search, reference)] : []
  })
  const kept = { person_id: grace.personId, saved_at: at }
  await db.transact(async (tx) => {
    const favourites = FAVOURITES.map((code) => ({ ...kept, uid: uidOf(code) }))
    await tx
      .insertInto('finder_favourite')
      .values(favourites)
      .onConflict((on) => on.doNothing())
      .execute()
    await tx
      .insertInto('finder_search')
      .values(searches.map((search) => ({ ...kept, ...search })))
      .onConflict((on) => on.doNothing())
      .execute()
    const problems = PROBLEMS.map(({ code, reason, hoursAgo }) => ({
      ...{ uid: uidOf(code), ods_code: code.slice(0, 5), reason, told_by: auditNameOf(grace) },
      told_at: new Date(now.getTime() - hoursAgo * HOUR_MS).toISOString(),
    }))
    await tx.insertInto('referral_problem').values(problems).execute()
  })
}

/** What is kept of a search is the name of its place, and these are names already. */
const AS_TYPED = {
  find: (label: string) => ({
    kind: 'found' as const,
    place: { label, kind: 'outcode' as const, insteadOf: undefined, latitude: 0, longitude: 0 },
  }),
}
