/** What programs read: one service, all of a pharmacy, and what was set before. Any account may read any active service. */
import { loadCapacities, loadCapacityHistory } from '#src/capacity/capacity-records.ts'
import { loadScheduled } from '#src/capacity/scheduled-capacity.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Answered } from './set-one.ts'
import { refusedWith } from './set-one.ts'
import { pastJson, scheduledJson, statusJson } from './status-json.ts'
import { loadServicesOfPharmacy, loadToldServices, REFUSALS, readRefusal } from './told-services.ts'

const USUAL_HISTORY = 20
const LONGEST_HISTORY = 100

/** How busy a service is now. */
export async function readService(db: Queryable, uid: number | undefined, now: Date): Promise<Answered> {
  const found = await findService(db, uid)
  if ('refused' in found) return found.refused
  const { service } = found
  return { status: 200, body: statusJson(service, (await loadCapacities(db, [service.uid], now)).get(service.uid)) }
}

/** How busy the active services of a pharmacy are, by uid. */
export async function readPharmacy(db: Queryable, odsCode: string | undefined, now: Date): Promise<Answered> {
  const services = odsCode === undefined ? [] : await loadServicesOfPharmacy(db, odsCode)
  if (services.length === 0) return { status: 404, body: 'Given pharmacy does not exist, or has no active services' }
  const uids = services.map(({ uid }) => uid)
  const capacities = await loadCapacities(db, uids, now)
  const shown = services.map((service) => ({
    ...statusJson(service, capacities.get(service.uid)),
    odsCode: service.odsCode,
    typeId: service.typeId,
  }))
  return { status: 200, body: { odsCode, services: shown } }
}

/** What was set of a service, the newest first, and what waits. `limit`: 1 to 100, 20 unless told. */
export async function readHistory(
  db: Queryable,
  uid: number | undefined,
  query: unknown,
  now: Date,
): Promise<Answered> {
  const limit = limitIn(query)
  const found = await findService(db, uid)
  if ('refused' in found) return found.refused
  if (limit === undefined) {
    return {
      status: 400,
      body: { limit: [`VAL-0010 - The limit must be a whole number from 1 to ${LONGEST_HISTORY}.`] },
    }
  }
  const { uid: id, name } = found.service
  const history = await loadCapacityHistory(db, id, limit)
  const waiting = (await loadScheduled(db, [id])).get(id)
  const scheduled = waiting && { scheduled: scheduledJson(waiting) }
  return { status: 200, body: { id, name, ...scheduled, history: history.map((past) => pastJson(past, now)) } }
}

async function findService(db: Queryable, uid: number | undefined) {
  const service = uid === undefined ? undefined : (await loadToldServices(db, [uid])).get(uid)
  const refusal = readRefusal(service)
  return refusal || !service ? { refused: refusedWith(refusal ?? REFUSALS.unknown) } : { service }
}

function limitIn(query: unknown): number | undefined {
  const { limit = String(USUAL_HISTORY) } = query as { readonly limit?: unknown }
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit)) return undefined
  return Number(limit) >= 1 && Number(limit) <= LONGEST_HISTORY ? Number(limit) : undefined
}
