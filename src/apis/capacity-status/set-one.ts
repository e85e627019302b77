/** PUT of one service: who may comes before what is said, as programs know it. */
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import { loadScheduled, scheduleCapacity } from '#src/capacity/scheduled-capacity.ts'
import { setCapacity } from '#src/capacity/set-capacity.ts'
import { maySet } from '#src/capacity/who-may-set.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { ReadBody, RequestFacts } from './asked-request.ts'
import { type Payload, readPayload } from './put-payload.ts'
import { scheduledJson, statusJson } from './status-json.ts'
import { loadToldServices, REFUSALS, type Refusal, setRefusal, type ToldService } from './told-services.ts'

export type SetDeps = {
  readonly db: Db
  readonly clock: Clock
  /** The searches of this process: a setting is in them before it is answered. */
  readonly follower: { reached(seq: number): Promise<void> }
}

export type Setter = { readonly account: ApiAccount; readonly facts: RequestFacts }

/** A status and a JSON body; `service` and `payload` are for the usage log. */
export type Answered = {
  readonly status: number
  readonly body: unknown
  readonly service?: ToldService | undefined
  readonly payload?: Payload
}

export const refusedWith = ({ status, text }: Refusal): Answered => ({ status, body: text })

/** How the audit names a program. */
export const actorOf = ({ username }: Pick<ApiAccount, 'username'>): string => `account:${username}`

/** Sets one service, or notes what it shall be later, and answers with what holds now. */
export async function setOne(
  deps: SetDeps,
  { account, facts }: Setter,
  uid: number | undefined,
  body: () => ReadBody,
): Promise<Answered> {
  const { db, clock } = deps
  const uids = uid === undefined ? [] : [uid]
  const service = (await loadToldServices(db.pool, uids)).get(uid ?? 0)
  const isTheirs = (await maySet(db.pool, account, uids)).size > 0
  const refusal = setRefusal(service, isTheirs)
  if (!service || refusal) return { ...refusedWith(refusal ?? REFUSALS.unknown), service }
  const json = body()
  if (!json.ok) return { status: json.status, body: { detail: json.detail }, service }
  const read = readPayload(json.value, clock.now())
  if (!read.ok) return { status: 400, body: read.faults, service }
  const answered = await apply(deps, { account, facts }, service, read.payload)
  return { ...answered, service, payload: read.payload }
}

async function apply(
  deps: SetDeps,
  { account, facts }: Setter,
  service: ToldService,
  payload: Payload,
): Promise<Answered> {
  const { db, clock, follower } = deps
  const { status, resetInMinutes, note, startsAt } = payload
  const asked = { uid: service.uid, status, resetInMinutes, note }
  const by = { actor: actorOf(account), via: 'api', about: facts } as const
  if (startsAt) {
    const scheduled = await scheduleCapacity(deps, { ...asked, startsAt }, by)
    if (!scheduled.ok) return refusedBy(scheduled.problems)
    const waiting = (await loadScheduled(db.pool, [service.uid])).get(service.uid)
    const holds = await statusNow(deps, service)
    return { status: 202, body: { ...holds, ...(waiting && { scheduled: scheduledJson(waiting) }) } }
  }
  const saved = await setCapacity({ db, clock }, [asked], by)
  if (!saved.ok) return refusedBy(saved.problems)
  await follower.reached(saved.value.seq)
  return { status: 200, body: await statusNow(deps, service) }
}

const statusNow = async ({ db, clock }: SetDeps, service: ToldService): Promise<object> =>
  statusJson(service, (await loadCapacities(db.pool, [service.uid], clock.now())).get(service.uid))

/** Somebody closed the service while it was being set. */
export function refusedBy(problems: readonly Problem[]): Answered {
  const [first] = problems
  if (first?.code === 'unknown') return refusedWith(REFUSALS.unknown)
  if (first?.code === 'inactive') return refusedWith(REFUSALS.inactive)
  return { status: 400, body: { non_field_errors: problems.map(({ message }) => message) } }
}
