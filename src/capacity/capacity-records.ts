/**
 * How busy services are, as of a moment, and what was set before. A lapse and a closure are computed here, when somebody
 * reads: whether a sweep ran makes no difference to anybody.
 */
import { type RawBuilder, sql } from 'kysely'
import type { GivenCapacity } from '#src/directory/service-row.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { absoluteMinute, type CapacityStatus } from '#src/rules/capacity.ts'
import { parseCapacityStatus } from '#src/rules/capacity-setting.ts'
import { type ClosedSpell, closedMinutesOf } from '#src/rules/closed-spells.ts'
import { instantOf, MINUTES_PER_DAY, parseLondonMinute, toLondon } from '#src/rules/london-time.ts'
import type { CapacityVia } from './set-capacity.ts'

/**
 * Why it is what it is. `closure`: shut, and Red whatever was set. `setting`: somebody set it, or an import brought it.
 * `lapsed`: what was set is over. `never`: nobody ever said anything.
 */
export type CapacityCause = 'closure' | 'setting' | 'lapsed' | 'never'

/** Instants are UTC ISO text. */
export type CurrentCapacity = {
  readonly uid: number
  readonly status: CapacityStatus
  /** When it will be Green by itself: the end that was set, or the expected reopening. Null for Green and for no end. */
  readonly resetAt: string | null
  /** Null when it lapsed, and under a closure. */
  readonly note: string | null
  /** As in `audit.actor`: who set what holds, or held until it lapsed, or closed it; null when an import brought it. */
  readonly setBy: string | null
  /** A person's name, or that of a program's account; null when not known. */
  readonly setByName: string | null
  readonly setAt: string | null
  readonly because: CapacityCause
  /** The expected reopening while it is shut; null when nobody knows, and when it is not shut. */
  readonly closedUntil: string | null
  /** When it turned Green by itself; null unless it lapsed. */
  readonly lapsedAt: string | null
}

/** The capacities of services at a moment, by uid; there is none for a service that does not exist. */
export async function loadCapacities(
  db: Queryable,
  uids: readonly number[],
  now: Date,
): Promise<ReadonlyMap<number, CurrentCapacity>> {
  if (uids.length === 0) return new Map()
  const { rows } = await sql<StoredCapacity>`
    select service.uid, record #> '{other,capacity}' as given, record -> 'closures' as closures,
      capacity_set_at as "recordSetAt", last.status, last.reset_at as "resetAt", last.record_reset as "recordReset",
      last.note, last.set_by as "setBy", last.set_at as "setAt", person.name as "personName"
    from service
    left join lateral (
      select * from capacity_setting where capacity_setting.uid = service.uid order by id desc limit 1
    ) as last on true
    left join person on person.email = ${emailIn(sql`last.set_by`)}
    where service.uid = any(${[...uids]}::bigint[])`.execute(db)
  const capacities = rows.map((row) => capacityOf(row, now))
  return withClosers(
    db,
    capacities.map((capacity) => [capacity.uid, capacity]),
    now,
  )
}

type StoredCapacity = {
  readonly uid: number
  readonly given: GivenCapacity | null
  readonly closures: readonly ClosedSpell[] | null
  readonly recordSetAt: string | null
  /** The last row of the history; all null without one. */
  readonly status: string | null
  readonly resetAt: string | null
  readonly recordReset: string | null
  readonly note: string | null
  readonly setBy: string | null
  readonly setAt: string | null
  readonly personName: string | null
}

const NOTHING = { note: null, setBy: null, setByName: null, setAt: null, closedUntil: null, lapsedAt: null } as const

function capacityOf(row: StoredCapacity, now: Date): CurrentCapacity {
  const { uid } = row
  const closedUntil = closedUntilOf(row.closures ?? [], now)
  if (closedUntil !== undefined) {
    return { ...NOTHING, uid, status: 'RED', because: 'closure', resetAt: closedUntil, closedUntil }
  }
  const set = settingOf(row)
  if (!set) return { ...NOTHING, uid, status: 'GREEN', resetAt: null, because: 'never' }
  const { status, resetAt, note, setBy, setByName, setAt } = set
  const who = { uid, setBy, setByName, setAt, closedUntil: null }
  if (resetAt !== null && Date.parse(resetAt) <= now.getTime()) {
    return { ...who, status: 'GREEN', resetAt: null, note: null, because: 'lapsed', lapsedAt: resetAt }
  }
  return { ...who, status, resetAt, note, because: 'setting', lapsedAt: null }
}

type Setting = Pick<CurrentCapacity, 'status' | 'resetAt' | 'note' | 'setBy' | 'setByName' | 'setAt'>

/** What the record says, with what the history knows of it. An import after the last setting leaves the record alone. */
function settingOf(row: StoredCapacity): Setting | undefined {
  const { given, note, setBy, setAt, resetAt, recordReset } = row
  if (!given) return undefined
  const status = parseCapacityStatus(given.status) ?? 'GREEN'
  const givenReset = status === 'GREEN' ? null : (given.resetAt ?? null)
  if (row.status === status && recordReset === givenReset) {
    return { status, resetAt, note, setBy, setByName: nameOf(setBy, row.personName), setAt }
  }
  const end = parseLondonMinute(givenReset ?? '')
  return {
    ...{ status, resetAt: end ? instantOf(end).toISOString() : null },
    ...{ note: null, setBy: null, setByName: null, setAt: row.recordSetAt },
  }
}

/** Until when closures in force at this moment last, one after the other; null: nobody knows; undefined: none is. */
function closedUntilOf(closures: readonly ClosedSpell[], now: Date): string | null | undefined {
  const spells = closures.flatMap((closure) => closedMinutesOf(closure) ?? []).sort((a, b) => a.from - b.from)
  const start = absoluteMinute(toLondon(now))
  let end = start
  for (const { from, until } of spells) if (from <= end && until > end) end = until
  if (end === start) return undefined
  if (end === Number.POSITIVE_INFINITY) return null
  return instantOf({ day: Math.floor(end / MINUTES_PER_DAY), minute: end % MINUTES_PER_DAY }).toISOString()
}

/** Adds who said that those that are shut are. */
async function withClosers(
  db: Queryable,
  capacities: readonly (readonly [number, CurrentCapacity])[],
  now: Date,
): Promise<ReadonlyMap<number, CurrentCapacity>> {
  const byUid = new Map(capacities)
  const shut = capacities.flatMap(([uid, { because }]) => (because === 'closure' ? [uid] : []))
  if (shut.length === 0) return byUid
  const at = now.toISOString()
  const { rows } = await sql<{ uid: number; toldAt: string; toldBy: string; personName: string | null }>`
    select distinct on (service.uid) service.uid, told_at as "toldAt", told_by as "toldBy", person.name as "personName"
    from service
    join closure on closure.ods_code = service.ods_five
      and (closure.services is null or service.uid = any(closure.services))
      and closure.starts_at <= ${at} and closure.ended_at is null
      and (closure.expected_at is null or closure.expected_at > ${at})
    left join person on person.email = ${emailIn(sql`told_by`)}
    where service.uid = any(${shut}::bigint[])
    order by service.uid, told_at`.execute(db)
  for (const { uid, toldAt, toldBy, personName } of rows) {
    const capacity = byUid.get(uid)
    if (capacity) byUid.set(uid, { ...capacity, setAt: toldAt, setBy: toldBy, setByName: nameOf(toldBy, personName) })
  }
  return byUid
}

/** The address in an actor who is a person; null for anybody else. */
const emailIn = (actor: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case when ${actor} like 'person:%' then substr(${actor}, 8) end`

const nameOf = (actor: string | null, personName: string | null): string | null =>
  personName ?? (actor?.startsWith('account:') ? actor.slice('account:'.length) : null)

/** Something that was set. Instants are UTC ISO text. */
export type PastCapacity = {
  readonly id: number
  readonly setAt: string
  readonly status: CapacityStatus
  /** When it was to end by itself; null for Green. Past, and not replaced before: it lapsed then. */
  readonly resetAt: string | null
  readonly note: string | null
  /** As in `audit.actor`. */
  readonly setBy: string
  readonly setByName: string | null
  readonly via: CapacityVia
  /** When something else was set; null for the last. */
  readonly replacedAt: string | null
}

/** What was set of a service, the newest first, `limit` at most. Closures are not in it: they have a history of their own. */
export async function loadCapacityHistory(db: Queryable, uid: number, limit: number): Promise<readonly PastCapacity[]> {
  const { rows } = await sql<Omit<PastCapacity, 'setByName'> & { personName: string | null }>`
    select capacity_setting.id, set_at as "setAt", status, reset_at as "resetAt", note, set_by as "setBy", via,
      replaced_at as "replacedAt", person.name as "personName"
    from capacity_setting left join person on person.email = ${emailIn(sql`set_by`)}
    where uid = ${uid} order by capacity_setting.id desc limit ${limit}`.execute(db)
  return rows.map(({ personName, ...past }) => ({ ...past, setByName: nameOf(past.setBy, personName) }))
}

/** Notes in the history which settings have lapsed; says how many. Nobody's answer depends on it. */
export async function noteLapses(db: Queryable, now: Date): Promise<number> {
  const at = now.toISOString()
  const { numUpdatedRows } = await db
    .updateTable('capacity_setting')
    .set({ lapsed_noted_at: at })
    .where('reset_at', '<=', at)
    .where('lapsed_noted_at', 'is', null)
    .where('replaced_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
