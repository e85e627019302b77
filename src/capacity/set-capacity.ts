/**
 * Setting Red, Amber or Green: the one way, whether a page or a program asks. One transaction changes
 * the services, the ledger and the history, and queues the prompt before it lapses.
 */
import { sql } from 'kysely'
import { lockServiceStates, type ServiceState, serviceChange, storeServiceRows } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import {
  type CapacitySetting,
  decideCapacity,
  LONGEST_NOTE,
  resetAfter,
  resetMinuteOf,
} from '#src/rules/capacity-setting.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { queuePrompts } from './lapse-prompts.ts'

/** From where a capacity is set. */
export type CapacityVia = 'page' | 'api'

/** One service and what it shall say. Minutes: 0 to 7200, absent or null is 240; Green has none. */
export type ServiceCapacity = {
  readonly uid: number
  readonly status: string
  readonly resetInMinutes?: number | null
  readonly note?: string | null
}

export type SetBy = {
  /** As in `audit.actor`: `person:EMAIL`, `account:NAME`. */
  readonly actor: string
  readonly via: CapacityVia
  /** What else the ledger remembers of it, such as a program's number of its request. */
  readonly about?: Readonly<Record<string, unknown>>
}

export type StoredSetting = {
  /** The row of the history. */
  readonly id: number
  readonly uid: number
  readonly status: CapacityStatus
  /** UTC ISO text; null for Green. */
  readonly resetAt: string | null
  readonly note: string | null
}

export type CapacitySaved = {
  /** Await the ledger follower reaching it before showing anything. */
  readonly seq: number
  /** In the order in which they were asked for. */
  readonly settings: readonly StoredSetting[]
}

/** Programs and pages take up to 900 characters, before which they put words of their own. */
export const LONGEST_STORED_NOTE = LONGEST_NOTE + 100

/**
 * Sets the services, all of them or none. Refused with problems whose `field` is the uid for a service that there is not
 * (`unknown`), that is not active (`inactive`), or that is named twice (`twice`); else `status`, `resetInMinutes`, `note`.
 * Who may set them is asked before: `maySet`. A closure in force stays Red whatever is set; it holds again afterwards.
 */
export async function setCapacity(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  settings: readonly ServiceCapacity[],
  by: SetBy,
): Promise<Result<CapacitySaved>> {
  return db.transact((tx) => setCapacityIn(tx, settings, { ...by, now: clock.now() }))
}

/** As `setCapacity`, in the caller's transaction, which must hold no services and no ledger head yet. */
export async function setCapacityIn(
  tx: Tx,
  settings: readonly ServiceCapacity[],
  { actor, via, about, now }: SetBy & { readonly now: Date },
): Promise<Result<CapacitySaved>> {
  const decided = settings.map((asked) => ({
    uid: asked.uid,
    result: decideCapacity(asked, { longestNote: LONGEST_STORED_NOTE }),
  }))
  const problems = [...twice(settings), ...decided.flatMap(({ result }) => (result.ok ? [] : result.problems))]
  if (problems.length > 0) return refused(...problems)
  if (settings.length === 0) return accepted({ seq: 0, settings: [] })

  const services = await lockServicesByUid(
    tx,
    settings.map(({ uid }) => uid),
  )
  const missing = settings.flatMap(({ uid }) => missingProblem(uid, services.get(uid)))
  if (missing.length > 0) return refused(...missing)
  const planned = decided.flatMap(({ uid, result }) => {
    const service = services.get(uid)
    return service && result.ok ? [plan(service, result.value, now)] : []
  })
  const stored = await storeHistory(tx, planned, { actor, via, now })
  await queuePrompts(tx, stored, { actor, now })
  const seq = await storeServices(tx, planned, { actor, via, about: about ?? {}, now })
  return accepted({ seq, settings: stored })
}

type Planned = ServiceState & {
  readonly after: ServiceRecord
  readonly setting: CapacitySetting
  readonly resetAt: Date | null
  /** The reset as the record has it. */
  readonly recordReset: string | null
}

/** What the record of a service says of its capacity. */
type RecordCapacity = { readonly status: CapacityStatus; readonly resetAt?: string }

function plan(service: ServiceState, setting: CapacitySetting, now: Date): Planned {
  const resetAt = resetAfter(setting, now)
  const recordReset = resetAt && resetMinuteOf(resetAt)
  const capacity: RecordCapacity = { status: setting.status, ...(recordReset !== null && { resetAt: recordReset }) }
  const { record } = service
  return { ...service, setting, resetAt, recordReset, after: { ...record, other: { ...record.other, capacity } } }
}

const twice = (settings: readonly ServiceCapacity[]): readonly Problem[] => {
  const seen = new Set<number>()
  return settings.flatMap(({ uid }) => {
    if (!seen.has(uid)) {
      seen.add(uid)
      return []
    }
    return [{ field: String(uid), code: 'twice', message: `Service ${uid} is named twice` }]
  })
}

function missingProblem(uid: number, service: ServiceState | undefined): readonly Problem[] {
  if (!service) return [{ field: String(uid), code: 'unknown', message: `There is no service ${uid}` }]
  if (service.record.status === 'ACTIVE') return []
  return [{ field: String(uid), code: 'inactive', message: `Service ${uid} is not active` }]
}

/**
 * Locks the services in the order of whoever changes a profile: the profiles of their pharmacies first, then the
 * services by uid. Two who meet wait for each other in turn and never in a circle.
 */
export async function lockServicesByUid(tx: Tx, uids: readonly number[]): Promise<ReadonlyMap<number, ServiceState>> {
  await sql`
    select ods_code from profile
    where ods_code = any(array(select ods_five from service where uid = any(${[...uids]}::bigint[])))
    order by ods_code for update`.execute(tx)
  return lockServiceStates(tx, uids)
}

/** Writes the history: what was set before and asked for later is over. */
async function storeHistory(
  tx: Tx,
  planned: readonly Planned[],
  { actor, via, now }: SetBy & { readonly now: Date },
): Promise<readonly StoredSetting[]> {
  const at = now.toISOString()
  const uids = planned.map(({ record }) => record.uid)
  const isOneOf = sql<boolean>`uid = any(${uids}::bigint[])`
  await tx
    .updateTable('capacity_setting')
    .set({ replaced_at: at })
    .where(isOneOf)
    .where('replaced_at', 'is', null)
    .execute()
  await tx
    .updateTable('capacity_schedule')
    .set({ ended_at: at, outcome: 'cancelled' })
    .where(isOneOf)
    .where('ended_at', 'is', null)
    .execute()
  const rows = await tx
    .insertInto('capacity_setting')
    .values(
      planned.map(({ record, setting, resetAt, recordReset }) => ({
        uid: record.uid,
        set_at: at,
        status: setting.status,
        reset_at: resetAt?.toISOString() ?? null,
        record_reset: recordReset,
        note: setting.note,
        set_by: actor,
        via,
      })),
    )
    .returning(['id', 'uid'])
    .execute()
  const ids = new Map(rows.map(({ id, uid }) => [uid, id]))
  return planned.map(({ record, setting, resetAt }) => ({
    id: ids.get(record.uid) ?? 0,
    uid: record.uid,
    status: setting.status,
    resetAt: resetAt?.toISOString() ?? null,
    note: setting.note,
  }))
}

/**
 * Writes the ledger and the services. One that is set to what it was says so again: that it was set just now counts where
 * a capacity is shown only when it is recent.
 */
async function storeServices(
  tx: Tx,
  planned: readonly Planned[],
  { actor, via, about, now }: SetBy & { readonly now: Date },
): Promise<number> {
  const recordedAt = now.toISOString()
  const [first] = planned
  const [place] = await appendToLedger(tx, recordedAt, [
    {
      actor,
      action: 'set-capacity',
      target: planned.length === 1 && first ? `service:${first.record.uid}` : 'services',
      detail: {
        ...about,
        via,
        settings: planned.map(({ record, setting, resetAt }) => ({
          uid: record.uid,
          status: setting.status,
          resetAt: resetAt?.toISOString() ?? null,
          note: setting.note,
        })),
      },
      changes: planned.map(({ record, after }) => serviceChange(record, after)),
    },
  ])
  const rows = planned.map(({ after, overrides, profileOds }, index) => ({
    record: after,
    overrides,
    profileOds,
    seq: place?.changeSeqs[index] ?? 0,
  }))
  await storeServiceRows(tx, rows, recordedAt)
  await tx
    .updateTable('service')
    .set({ capacity_set_at: recordedAt })
    .where('uid', '=', sql<number>`any(${planned.map(({ record }) => record.uid)}::bigint[])`)
    .execute()
  return place?.seq ?? 0
}
