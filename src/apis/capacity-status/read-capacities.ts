/** What programs read: one service, all of a pharmacy, and what was set before. Any account may read any active service. */
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { loadCapacities, loadCapacityHistory } from '#src/capacity/capacity-records.ts'
import { loadScheduled } from '#src/capacity/scheduled-capacity.ts'
import { SETTABLE_A_PAGE, settableServices } from '#src/capacity/who-may-set.ts'
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

/** The active services that an account may set, by name, a page at a time. */
export async function readOwn(db: Queryable, account: ApiAccount, query: unknown, now: Date): Promise<Answered> {
  const page = wholeNumberIn(query, { name: 'page', usual: 1, most: 9999 })
  if (page === undefined) return { status: 400, body: { page: ['VAL-0010 - The page must be a whole number from 1.'] } }
  const { services, total } = await settableServices(db, account, { page })
  const uids = services.map(({ uid }) => uid)
  const capacities = await loadCapacities(db, uids, now)
  const shown = services.map((service) => ({
    ...statusJson(service, capacities.get(service.uid)),
    odsCode: service.odsCode,
    typeId: service.typeId,
  }))
  return { status: 200, body: { total, page, pageSize: SETTABLE_A_PAGE, services: shown } }
}

/** What was set of a service, the newest first, and what waits. `limit`: 1 to 100, 20 unless told. */
export async function readHistory(
  db: Queryable,
  uid: number | undefined,
  query: unknown,
  now: Date,
): Promise<Answered> {
  const limit = wholeNumberIn(query, { name: 'limit', usual: USUAL_HISTORY, most: LONGEST_HISTORY })
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

type NumberAsked = { readonly name: 'limit' | 'page'; readonly usual: number; readonly most: number }

/** A number of the query, from 1; undefined when it is none, or given twice. */
function wholeNumberIn(query: unknown, { name, usual, most }: NumberAsked): number | undefined {
  const text = (query as Readonly<Record<string, unknown>>)[name] ?? String(usual)
  if (typeof text !== 'string' || !/^\d{1,4}$/.test(text)) return undefined
  return Number(text) >= 1 && Number(text) <= most ? Number(text) : undefined
}
