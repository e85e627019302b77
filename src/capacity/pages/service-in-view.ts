/** One service, for somebody who asks about its capacity: what it is, whose, and what they may do. */
import type { FastifyRequest } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import { loadOpenClosures } from '#src/closures/closure-records.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { maySet } from '../who-may-set.ts'
import { isInSight } from './board-rows.ts'
import { type CapacityDeps, capacityActor } from './capacity-actor.ts'

export type ServiceInView = {
  readonly actor: Actor
  readonly record: ServiceRecord
  /** Its pharmacy; null when it is not the service of one. */
  readonly pharmacy: { readonly odsCode: string; readonly name: string } | null
  readonly maySet: boolean
  /** Whether they may say that the pharmacy is closed. */
  readonly mayClose: boolean
  readonly maySeePharmacy: boolean
  /** The closure that makes it Red now. */
  readonly closureId: string | null
  /** Other active services of the pharmacy that they may set. */
  readonly others: readonly ServiceRecord[]
}

/**
 * The service in the address. Throws `Forbidden` when it is not theirs to see, whether there is one or not, and
 * `NotFound` for those who may see all.
 */
export async function serviceInView({ db, clock }: CapacityDeps, request: FastifyRequest): Promise<ServiceInView> {
  const actor = capacityActor(request)
  const { uid: text } = request.params as { uid: string }
  // No service has the number 0.
  const uid = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
  if (!(await isInSight(db.pool, scopeOf(actor, 'see-capacity'), uid))) {
    throw new Forbidden('You do not have access to the capacity of this service')
  }
  const row = await db.pool
    .selectFrom('service')
    .select(['record', 'ods_five'])
    .where('uid', '=', uid)
    .executeTakeFirst()
  if (!row) throw new NotFound(`There is no service “${text}”`)
  const record = row.record as ServiceRecord
  const settable = await maySet(db.pool, actor, [uid])
  const found = { actor, record, maySet: settable.has(uid) }
  const stored = row.ods_five === null ? undefined : await loadProfile(db.pool, row.ods_five)
  if (!stored) return { ...found, ...NO_PHARMACY }
  const { odsCode, name } = stored.profile
  const target = targetOf(odsCode, stored)
  return {
    ...found,
    pharmacy: { odsCode, name },
    mayClose: can(actor, 'edit-changes', target),
    maySeePharmacy: can(actor, 'view-profile', target),
    closureId: await closureOf(db.pool, odsCode, uid, clock.now()),
    others: await othersOf(db.pool, actor, odsCode, uid),
  }
}

const NO_PHARMACY = { pharmacy: null, mayClose: false, maySeePharmacy: false, closureId: null, others: [] } as const

async function closureOf(db: Queryable, odsCode: string, uid: number, now: Date): Promise<string | null> {
  const closures = await loadOpenClosures(db, odsCode)
  const here = closures.filter(({ services }) => services === null || services.includes(uid))
  return here.find((closure) => closureStateAt(closure, now.getTime()) === 'closed')?.id ?? null
}

async function othersOf(db: Queryable, actor: Actor, odsCode: string, uid: number): Promise<readonly ServiceRecord[]> {
  const records = (await loadServicesOf(db, odsCode)).map(({ record }) => record)
  const others = records.filter((record) => record.status === 'ACTIVE' && record.uid !== uid)
  const settable = await maySet(
    db,
    actor,
    others.map((record) => record.uid),
  )
  return others.filter((record) => settable.has(record.uid))
}
