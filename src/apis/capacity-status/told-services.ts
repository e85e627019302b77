/** The services that a request names, and why one cannot be read or set, in the words and the order of the API. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'

export type ToldService = {
  readonly uid: number
  readonly name: string
  readonly status: string
  readonly typeId: number
  readonly odsCode: string | null
  readonly parentUid: string | null
}

/** What a request is refused with: a status, and a body that is one JSON string. */
export type Refusal = { readonly status: number; readonly text: string }

/** Source: Capacity Status API v0.0.1. */
export const REFUSALS = {
  inactiveUser: { status: 401, text: 'Given Dos user does not have an active status' },
  unknown: { status: 404, text: 'Given service does not exist' },
  inactive: { status: 404, text: 'Given service does not have an active status' },
  notYours: { status: 403, text: 'Given DoS user does not have authority to edit the service' },
} as const satisfies Readonly<Record<string, Refusal>>

/** Reads the number in an address; undefined when no service can have it. */
export const parseUid = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

/** Services by uid, whatever their status. */
export async function loadToldServices(
  db: Queryable,
  uids: readonly number[],
): Promise<ReadonlyMap<number, ToldService>> {
  return new Map((await load(db, sql`uid = any(${[...uids]}::bigint[])`)).map((service) => [service.uid, service]))
}

/** The active services of a pharmacy, by uid. */
export const loadServicesOfPharmacy = (db: Queryable, odsCode: string): Promise<readonly ToldService[]> =>
  load(db, sql`ods_five = ${odsCode} and status = 'ACTIVE'`)

async function load(db: Queryable, which: ReturnType<typeof sql>): Promise<readonly ToldService[]> {
  const { rows } = await sql<ToldService>`
    select uid, record ->> 'name' as name, status, type_id as "typeId", ods_code as "odsCode",
      record #>> '{other,parentUid}' as "parentUid"
    from service where ${which} order by uid`.execute(db)
  return rows
}

/** Why a service cannot be read; undefined when it can. */
export function readRefusal(service: ToldService | undefined): Refusal | undefined {
  if (!service) return REFUSALS.unknown
  return service.status === 'ACTIVE' ? undefined : REFUSALS.inactive
}

/** Why a service cannot be set: first that there is none, then that it is not active, then that it is not theirs. */
export function setRefusal(service: ToldService | undefined, isTheirs: boolean): Refusal | undefined {
  return readRefusal(service) ?? (isTheirs ? undefined : REFUSALS.notYours)
}
