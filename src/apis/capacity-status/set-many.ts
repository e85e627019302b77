/**
 * PUT of many services: each is set or refused by itself, and told so. Those that can be set are set in one transaction.
 * Ours; the API that this one replaces has one service at a time.
 */
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import { setCapacity } from '#src/capacity/set-capacity.ts'
import { maySet } from '#src/capacity/who-may-set.ts'
import { type Payload, readPayload } from './put-payload.ts'
import { type Answered, actorOf, refusedBy, type SetDeps, type Setter } from './set-one.ts'
import { statusJson } from './status-json.ts'
import { loadToldServices, setRefusal, type ToldService } from './told-services.ts'

export const MOST_AT_ONCE = 200

/** One answer to each item, in their order. */
export type ManyAnswered = { readonly answers: readonly (Answered & { readonly id: unknown })[] }

/** Sets what can be set. Undefined when the body is not a list of 1 to 200. */
export async function setMany(deps: SetDeps, setter: Setter, body: unknown): Promise<ManyAnswered | undefined> {
  if (!Array.isArray(body) || body.length === 0 || body.length > MOST_AT_ONCE) return undefined
  const { db, clock } = deps
  const named = uidsOf(body)
  const uids = named.flatMap(({ uid }) => (uid === undefined ? [] : [uid]))
  const services = await loadToldServices(db.pool, uids)
  const theirs = await maySet(db.pool, setter.account, uids)
  const now = clock.now()
  const read = named.map((item): Item => readItem(item, services.get(item.uid ?? 0), { theirs, now }))
  const answered = new Map<Item, Answered>()
  const holding = await setThose(deps, setter, read.filter(isGood), answered)
  const capacities = await loadCapacities(db.pool, holding, clock.now())
  return {
    answers: read.map((item) => ({
      id: item.id,
      ...('refused' in item ? item.refused : (answered.get(item) ?? accept(item, capacities))),
    })),
  }
}

type Named = {
  readonly item: unknown
  readonly id: unknown
  readonly uid: number | undefined
  readonly isTwice: boolean
}
type Good = { readonly id: unknown; readonly service: ToldService; readonly payload: Payload }
type Item = Good | { readonly id: unknown; readonly refused: Answered }

const isGood = (item: Item): item is Good => 'payload' in item

const accept = ({ service, payload }: Good, capacities: Awaited<ReturnType<typeof loadCapacities>>): Answered => ({
  status: 200,
  body: statusJson(service, capacities.get(service.uid)),
  service,
  payload,
})

/** The number of each item, and whether an earlier one has it. */
function uidsOf(items: readonly unknown[]): readonly Named[] {
  const seen = new Set<number>()
  return items.map((item) => {
    const id =
      typeof item === 'object' && item !== null && Object.hasOwn(item, 'id') ? (item as { id: unknown }).id : null
    const uid = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined
    const isTwice = uid !== undefined && seen.has(uid)
    if (uid !== undefined) seen.add(uid)
    return { item, id: uid ?? null, uid, isTwice }
  })
}

const wrong = (message: string): Answered => ({ status: 400, body: { id: [`VAL-0009 - ${message}`] } })

function readItem(
  { item, id, uid, isTwice }: Named,
  service: ToldService | undefined,
  { theirs, now }: { readonly theirs: ReadonlySet<number>; readonly now: Date },
): Item {
  if (uid === undefined) return { id, refused: wrong('The id of a service is needed, as a whole number.') }
  if (isTwice) return { id, refused: wrong('This service is named above already.') }
  const refusal = setRefusal(service, theirs.has(uid))
  if (refusal || !service) return { id, refused: { status: refusal?.status ?? 404, body: refusal?.text, service } }
  const payload = readPayload(item, now)
  if (!payload.ok) return { id, refused: { status: 400, body: payload.faults, service } }
  if (payload.payload.startsAt) {
    const body = { startAt: ['VAL-0007 - A later start is for one service at a time.'] }
    return { id, refused: { status: 400, body, service } }
  }
  return { id, service, payload: payload.payload }
}

/** Sets them together. One that was closed meanwhile is taken out, and the others are set without it. */
async function setThose(
  deps: SetDeps,
  setter: Setter,
  items: readonly Good[],
  answered: Map<Item, Answered>,
): Promise<readonly number[]> {
  if (items.length === 0) return []
  const saved = await setCapacity(
    deps,
    items.map(({ service, payload: { status, resetInMinutes, note } }) => ({
      uid: service.uid,
      status,
      resetInMinutes,
      note,
    })),
    { actor: actorOf(setter.account), via: 'api', about: setter.facts },
  )
  if (saved.ok) {
    await deps.follower.reached(saved.value.seq)
    return items.map(({ service }) => service.uid)
  }
  const gone = items.filter(({ service }) => saved.problems.some(({ field }) => field === String(service.uid)))
  if (gone.length === 0)
    throw new Error(`Capacities were refused: ${saved.problems.map(({ code }) => code).join(', ')}`)
  for (const item of gone) {
    const own = saved.problems.filter(({ field }) => field === String(item.service.uid))
    answered.set(item, { ...refusedBy(own), service: item.service })
  }
  return setThose(
    deps,
    setter,
    items.filter((item) => !gone.includes(item)),
    answered,
  )
}
