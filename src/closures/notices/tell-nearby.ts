/** Tells neighbours and GP surgeries that asked: once for each change of the state of a closure, in the background. */
import { sql } from 'kysely'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import { wholeClosureAt } from '#src/profiles/closure-words.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { distanceMetres } from '#src/rules/distance.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { momentOf } from '#src/rules/suspension-notice.ts'
import type { ClosureChanged } from '../after-closure-change.ts'
import { loadClosure, type StoredClosure } from '../closure-records.ts'
import { candidatesInDatabase, MOST_NEARBY, nearbyLine, type OpenNearby, openNearby } from './open-nearby.ts'
import { serviceNames } from './write-notice.ts'

/** Runs `tellNearby`. */
export const TELL_NEARBY = 'tell-nearby'

const TELLING = ['told', 'reopened', 'expired', 'cancelled'] as const
type Telling = (typeof TELLING)[number]
type Payload = { readonly closureId: string; readonly event: Telling }

/** Queues the telling of a change of state; nobody is told of a training pharmacy. */
export async function queueTellNearby(tx: Tx, { closure, event }: ClosureChanged): Promise<void> {
  const telling = TELLING.find((each) => each === event)
  if (!telling || closure.odsCode === TRAINING_PHARMACY) return
  const payload: Payload = { closureId: closure.id, event: telling }
  await enqueue(tx, TELL_NEARBY, payload, {
    uniqueKey: `${closure.id} ${telling}`,
    orderingKey: closure.id,
    maxAttempts: 40,
  })
}

export type TellNearbyDeps = { readonly db: Db; readonly clock: Clock; readonly holidays: HolidayCalendar }

/**
 * Queues an email to each listener; says how many were new. A closure that is over before anybody was told of it is not
 * told any more, and its end only to those who know of it; not while the pharmacy is closed by another one.
 */
export async function tellNearby({ db, clock, holidays }: TellNearbyDeps, job: Pick<Job, 'payload'>): Promise<number> {
  const { closureId, event } = job.payload as Payload
  const closure = await loadClosure(db.pool, closureId)
  const stored = closure && (await loadProfile(db.pool, closure.odsCode))
  if (!closure || !stored || (event === 'told' && closure.end !== null)) return 0
  const { profile } = stored
  const now = clock.now()
  if (isStillClosed(event, closure, profile, now)) return 0
  const listeners = await listenersOf(db.pool, closure, profile, event)
  if (listeners.length === 0) return 0
  const alternatives = event === 'told' ? await openThen(db.pool, { closure, profile, now, holidays }) : []
  const services = await serviceNames(db.pool, closure.odsCode, closure.services)
  const until = event === 'told' ? closure.expectedAt : closure.endedAt
  return await db.transact(async (tx) => {
    let told = 0
    for (const { id, name, email, odsCode } of listeners) {
      const noted = await tx
        .insertInto('closure_told')
        .values({ closure_id: closureId, event, listener_id: id, queued_at: now.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (noted.numInsertedOrUpdatedRows !== 1n) continue
      told += 1
      await queueEmail(tx, {
        kind: 'closure-nearby',
        recipient: email,
        listenerId: id,
        name,
        closureId,
        change: event,
        odsCode: closure.odsCode,
        pharmacyName: profile.name,
        postcode: profile.address.postcode,
        services,
        from: momentOf(closure.startsAt),
        until: until === null ? null : momentOf(until),
        begun: closure.startsAt <= now.getTime(),
        advice: closure.advice,
        professionalPhone: profile.contact.professionalPhone ?? null,
        alternatives: alternatives
          .filter((nearby) => nearby.odsCode !== odsCode)
          .slice(0, MOST_NEARBY)
          .map(nearbyLine),
      })
    }
    return told
  })
}

/** Whether a closure is over, and another one of the whole pharmacy in force: its end will be told. */
const isStillClosed = (event: Telling, { id }: StoredClosure, { closures = [] }: Profile, now: Date): boolean =>
  (event === 'reopened' || event === 'expired') &&
  wholeClosureAt(
    closures.filter((other) => other.id !== id),
    toLondon(now),
  ) !== undefined

type Told = {
  readonly id: number
  readonly name: string
  readonly email: string
  /** The pharmacy that is told; of a surgery the one that is closed. */
  readonly odsCode: string
}

/** Who said yes and is concerned: surgeries of this pharmacy, and pharmacies as near as each of them asked. */
async function listenersOf(
  db: Queryable,
  { id: closureId, odsCode }: StoredClosure,
  { address }: Profile,
  event: Telling,
): Promise<readonly Told[]> {
  const { rows } = await sql<Told & { kind: string; within: number | null; latitude: number; longitude: number }>`
    select listener.id, listener.kind, listener.name, listener.email, listener.ods_code as "odsCode",
      listener.within_metres as within,
      (profile.document #>> '{address,position,latitude}')::float8 as latitude,
      (profile.document #>> '{address,position,longitude}')::float8 as longitude
    from closure_listener as listener join profile on profile.ods_code = listener.ods_code
    where listener.confirmed_at is not null and listener.ended_at is null
      and ((listener.kind = 'surgery' and listener.ods_code = ${odsCode})
        or (listener.kind = 'pharmacy' and listener.ods_code <> ${odsCode} and profile.status <> 'closed'))
      and (${event} = 'told' or exists (
        select from closure_told
        where closure_told.closure_id = ${closureId} and event = 'told' and listener_id = listener.id))
    order by listener.id`.execute(db)
  const { position } = address
  return rows.filter(({ kind, within, latitude, longitude }) => {
    if (kind === 'surgery') return true
    if (!position || within === null || latitude === null || longitude === null) return false
    return distanceMetres(position, { latitude, longitude }) <= within
  })
}

/** One more than an email names: a pharmacy is not told of itself. */
async function openThen(
  db: Queryable,
  given: {
    readonly closure: StoredClosure
    readonly profile: Profile
    readonly now: Date
    readonly holidays: HolidayCalendar
  },
): Promise<readonly OpenNearby[]> {
  const { closure, profile, now, holidays } = given
  const { position } = profile.address
  if (!position) return []
  const at = toLondon(new Date(Math.max(now.getTime(), closure.startsAt)))
  const wanted = { own: closure.odsCode, at, most: MOST_NEARBY + 1 }
  const candidates = await candidatesInDatabase(
    db,
    holidays,
    position,
    (found) => openNearby(found, wanted).length === wanted.most,
  )
  return openNearby(candidates, wanted)
}

/** How many were told of each change of a closure, and whether somebody is still to be told. */
export async function countTold(
  db: Queryable,
  closureId: string,
): Promise<{ readonly told: number; readonly ended: number; readonly isWaiting: boolean }> {
  const rows = await db
    .selectFrom('closure_told')
    .select(['event', (row) => row.fn.countAll<number>().as('count')])
    .where('closure_id', '=', closureId)
    .groupBy('event')
    .execute()
  const waiting = await db
    .selectFrom('job')
    .select('id')
    .where('queue', '=', TELL_NEARBY)
    .where('ordering_key', '=', closureId)
    .where('done_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  const sum = (isWanted: (event: string) => boolean) =>
    rows.filter(({ event }) => isWanted(event)).reduce((total, { count }) => total + Number(count), 0)
  return {
    told: sum((event) => event === 'told'),
    ended: sum((event) => event !== 'told'),
    isWaiting: waiting !== undefined,
  }
}
