/**
 * Whose capacity somebody may set. Rights begin at services: those of the pharmacies where a person may set capacity, or
 * those an account of a program names; and they reach every service below one of them, however deep.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '#src/accounts/actor.ts'
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { scopeOf } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope } from '#src/profiles/match-pharmacies.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'

/** A person, or a program by its account. */
export type CapacitySetter = Actor | ApiAccount

/** The services among `uids` that they may set. Whether a service is active is asked by `setCapacity`. */
export async function maySet(
  db: Queryable,
  setter: CapacitySetter,
  uids: readonly number[],
): Promise<ReadonlySet<number>> {
  const roots = rootsOf(setter)
  if (!roots || uids.length === 0) return new Set()
  // A pair of service and ancestor comes once: services that are each other's parents end the walk.
  const { rows } = await sql<{ uid: number }>`
    with recursive line (uid, ancestor) as (
      select uid, uid from service where uid = any(${[...uids]}::bigint[])
      union
      select line.uid, parent.uid from line
        join service as child on child.uid = line.ancestor
        join service as parent on parent.uid = ${PARENT_OF_CHILD}
    )
    select distinct line.uid from line join service as root on root.uid = line.ancestor where ${roots}`.execute(db)
  return new Set(rows.map(({ uid }) => uid))
}

export const SETTABLE_A_PAGE = 50

/** A service in a list of those that somebody may set. */
export type SettableService = {
  readonly uid: number
  readonly name: string
  readonly odsCode: string | null
  readonly typeId: number
}

export type SettableServices = {
  readonly services: readonly SettableService[]
  /** How many there are on all pages. */
  readonly total: number
}

/**
 * One page (from 1) of the active services that they may set, by name, or by uid for whoever may set them all. `text`
 * narrows them to a uid, an ODS code or part of a name. None for somebody without the right.
 */
export async function settableServices(
  db: Queryable,
  setter: CapacitySetter,
  { text = '', page = 1 }: { readonly text?: string; readonly page?: number } = {},
): Promise<SettableServices> {
  const roots = rootsOf(setter)
  if (!roots) return { services: [], total: 0 }
  const isEverywhere = roots === EVERYWHERE
  const reached = isEverywhere ? EVERYWHERE : sql`uid = any(${await uidsBelow(db, roots)}::bigint[])`
  const found = sql`service where ${reached} and status = 'ACTIVE' and ${matches(text)}`
  const counted = await sql<{ total: number }>`select count(*) as total from ${found}`.execute(db)
  const { rows: services } = await sql<SettableService>`
    select uid, record ->> 'name' as name, ods_code as "odsCode", type_id as "typeId" from ${found}
    order by ${isEverywhere ? sql`uid` : sql`record ->> 'name' collate "und-x-icu", uid`}
    limit ${SETTABLE_A_PAGE} offset ${(Math.max(1, page) - 1) * SETTABLE_A_PAGE}`.execute(db)
  return { services, total: Number(counted.rows[0]?.total ?? 0) }
}

/** The services at which rights begin and all below them, level by level: each level is one look into an index. */
async function uidsBelow(db: Queryable, roots: RawBuilder<unknown>): Promise<readonly number[]> {
  const { rows } = await sql<{ uid: number }>`select root.uid from service as root where ${roots}`.execute(db)
  const reached = new Set<number>()
  let level = rows.map(({ uid }) => uid)
  while (level.length > 0) {
    for (const uid of level) reached.add(uid)
    const below = await sql<{ uid: number }>`
      select uid from service where record #>> '{other,parentUid}' = any(${level.map(String)}::text[])`.execute(db)
    level = below.rows.map(({ uid }) => uid).filter((uid) => !reached.has(uid))
  }
  return [...reached]
}

const EVERYWHERE = sql`true`

/** The number of the service above `child`; null when it has none, or something that is no number. */
const PARENT_OF_CHILD = sql`
  case when child.record #>> '{other,parentUid}' ~ '^[0-9]{1,15}$' then (child.record #>> '{other,parentUid}')::bigint end`

/** Where rights begin, as a condition on the service `root`; undefined: nowhere. */
function rootsOf(setter: CapacitySetter): RawBuilder<unknown> | undefined {
  if ('grants' in setter) return rootsOfPerson(setter)
  if (!setter.permissions.includes('editCapacity') || setter.services.length === 0) return undefined
  return sql`root.uid = any(${[...setter.services]}::bigint[])`
}

function rootsOfPerson(actor: Actor): RawBuilder<unknown> | undefined {
  const scope = scopeOf(actor, 'set-capacity')
  if (scope.everywhere) return EVERYWHERE
  if (scope.odsCodes.length + scope.parentCodes.length + scope.icbCodes.length === 0) return undefined
  // An array, so that the services are looked up by it.
  return sql`root.ods_five = any(array(
    select ods_code from profile where status <> 'closed' and ods_code <> ${TRAINING_PHARMACY} and ${inScope(scope)}))`
}

function matches(text: string): RawBuilder<unknown> {
  const words = text.normalize('NFKC').replaceAll('\0', '').trim()
  if (words === '') return sql`true`
  const like = `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(
    uid::text = ${words} or ods_code ilike ${`${words.replaceAll(/[\\%_\s]/g, '')}%`}
    or record ->> 'name' ilike ${like})`
}
