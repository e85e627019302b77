/** The board: which services of a scope are Red, Amber or closed now, counted and listed by the database. */
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope } from '#src/profiles/match-pharmacies.ts'
import { formatLondon, toLondon } from '#src/rules/london-time.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import type { CapacityState } from './capacity-words.ts'

export const SERVICES_A_PAGE = 25
/** How long a service may be Red before the board marks it as an alert. */
export const RED_ALERT_HOURS = 4

/** `attention`: everything that is not Green. */
export const BOARD_SHOWS = ['attention', 'red', 'amber', 'closed', 'all'] as const
export type BoardShow = (typeof BOARD_SHOWS)[number]

export type BoardAsked = {
  readonly scope: Scope
  /** Only this area of the scope; null: all of it. */
  readonly area: string | null
  readonly show: BoardShow
  /** 1 for the first. */
  readonly page: number
  readonly now: Date
}

export type BoardRow = {
  readonly uid: number
  readonly state: CapacityState
  /** UTC ISO text: since when it is Red without a break; null when it is not Red, or only because it is closed. */
  readonly redSince: string | null
}

export type Board = {
  readonly rows: readonly BoardRow[]
  readonly counts: Readonly<Record<CapacityState, number>>
  /** How many are Red for longer than `RED_ALERT_HOURS`. */
  readonly alerts: number
  /** How many services there are, whatever they are. */
  readonly services: number
}

/** One page of the board, pharmacies first, with counts of all of it. */
export async function loadBoard(db: Queryable, asked: BoardAsked): Promise<Board> {
  const found = sql`select uid, profile_ods, ods_five, type_id, state, red_since from (${coloured(asked)}) as coloured
    where state <> 'GREEN'`
  const { rows: counted } = await sql<{ state: CapacityState; services: number; alerts: number }>`
    select state, count(*) as services, count(*) filter (where red_since <= ${alertBefore(asked.now)}::timestamptz) as alerts
    from (${found}) as found group by state`.execute(db)
  const { rows: total } = await sql<{ services: number }>`
    select count(*) as services from service where ${isListed(asked)}`.execute(db)
  const services = Number(total[0]?.services ?? 0)
  const countOf = (state: CapacityState) => Number(counted.find((row) => row.state === state)?.services ?? 0)
  const [red, amber, closed] = [countOf('RED'), countOf('AMBER'), countOf('CLOSED')]
  return {
    rows: await (asked.show === 'all' ? loadAll(db, asked) : loadColoured(db, asked, found)),
    counts: { RED: red, AMBER: amber, CLOSED: closed, GREEN: services - red - amber - closed },
    alerts: counted.reduce((sum, { alerts }) => sum + Number(alerts), 0),
    services,
  }
}

/** The codes of the areas in which there are pharmacies, as far as a scope reaches. */
export async function loadAreas(db: Queryable, scope: Scope): Promise<readonly string[]> {
  if (!scope.everywhere) return [...scope.icbCodes].sort()
  // From one code to the next through the index: the pharmacies of an area are not looked at.
  const { rows } = await sql<{ area: string }>`
    with recursive areas as (
      select min(${AREA}) as area from profile
      union all
      select (select min(${AREA}) from profile where ${AREA} > areas.area) from areas where area is not null)
    select area from areas where area is not null`.execute(db)
  return rows.map(({ area }) => area)
}

/** Whether a service lies in a scope. False for one that there is not, unless the scope is everywhere. */
export async function isInSight(db: Queryable, scope: Scope, uid: number): Promise<boolean> {
  if (scope.everywhere) return true
  const { rows } = await sql`select from service where uid = ${uid} and ${liesIn(scope, null)}`.execute(db)
  return rows.length > 0
}

type FoundRow = { uid: number; state: CapacityState; red_since: string | null }

const rowOf = ({ uid, state, red_since: redSince }: FoundRow): BoardRow => ({ uid, state, redSince })

const STATE_SHOWN: Readonly<Record<Exclude<BoardShow, 'attention' | 'all'>, CapacityState>> = {
  red: 'RED',
  amber: 'AMBER',
  closed: 'CLOSED',
}

/** What is not Green: pharmacies first, the worst first, the longest Red first. */
async function loadColoured(
  db: Queryable,
  { show, page }: BoardAsked,
  found: RawBuilder<unknown>,
): Promise<readonly BoardRow[]> {
  const wanted = show === 'attention' || show === 'all' ? sql`true` : sql`state = ${STATE_SHOWN[show]}`
  const { rows } = await sql<FoundRow>`
    select uid, state, red_since from (${found}) as found where ${wanted}
    order by ${IS_OTHER}, array_position(array['RED', 'CLOSED', 'AMBER'], state), red_since, ods_five, uid
    limit ${SERVICES_A_PAGE} offset ${(page - 1) * SERVICES_A_PAGE}`.execute(db)
  return rows.map(rowOf)
}

/** Every service: the services of a pharmacy one after the other, then the others. */
async function loadAll(db: Queryable, asked: BoardAsked): Promise<readonly BoardRow[]> {
  const { rows } = await sql<FoundRow>`
    select uid, ${stateAt(asked.now)} as state, ${redSince(asked.now)} as red_since
    from (select * from service where ${isListed(asked)}
      order by ${IS_OTHER}, ods_five, uid
      limit ${SERVICES_A_PAGE} offset ${(asked.page - 1) * SERVICES_A_PAGE}) as service
    order by ${IS_OTHER}, ods_five, uid`.execute(db)
  return rows.map(rowOf)
}

const AREA = sql`(document -> 'commissioning' ->> 'icbCode')`
/** In the words of the index `service_board`. */
const IS_OTHER = sql`(type_id not in (${sql.join(Object.keys(PHARMACY_TYPES).map((id) => sql.lit(Number(id))))}))`
/** In the words of the index `service_not_green`: what may be anything but Green. */
const MAY_BE_COLOURED = sql`(record #>> '{other,capacity,status}' in ('RED', 'AMBER') or record -> 'closures' is not null)`

/** The services that are listed at all: active, and in the scope. */
const isListed = ({ scope, area }: Pick<BoardAsked, 'scope' | 'area'>): RawBuilder<unknown> =>
  sql`status = 'ACTIVE' and ${liesIn(scope, area)}`

/** The services of the pharmacies of a scope, and every service below one of them: as far as rights reach. */
function liesIn(scope: Scope, area: string | null): RawBuilder<unknown> {
  if (scope.everywhere && area === null) return sql`true`
  const inArea = area === null ? sql`true` : sql`${AREA} = ${area}`
  return sql`uid in (
    with recursive below (uid) as (
      select uid from service where ods_five in (select ods_code from profile where ${inScope(scope)} and ${inArea})
      union
      select child.uid from below join service as child on child.record #>> '{other,parentUid}' = below.uid::text)
    select uid from below)`
}

const coloured = (asked: BoardAsked): RawBuilder<unknown> => sql`
  select uid, profile_ods, ods_five, type_id, ${stateAt(asked.now)} as state, ${redSince(asked.now)} as red_since
  from service where ${isListed(asked)} and ${MAY_BE_COLOURED}`

/** As `capacityAt` says it, from what is stored: London minutes are compared as text. */
function stateAt(now: Date): RawBuilder<unknown> {
  const minute = formatLondon(toLondon(now))
  return sql`case
    when exists (select from jsonb_array_elements(record -> 'closures') as spell
      where spell ->> 'from' <= ${minute} collate "C"
        and coalesce(spell ->> 'until', '9999') > ${minute} collate "C") then 'CLOSED'
    when coalesce(record #>> '{other,capacity,resetAt}', '9999') > ${minute} collate "C"
      then coalesce(record #>> '{other,capacity,status}', 'GREEN')
    else 'GREEN' end`
}

/** Red set again while it was Red goes on; Red that had lapsed before begins anew. */
const redSince = (now: Date): RawBuilder<unknown> => sql`case when ${stateAt(now)} = 'RED' then coalesce(
  (select min(set_at) from capacity_setting as red where red.uid = service.uid and red.id > coalesce(
    (select max(id) from capacity_setting as other where other.uid = service.uid
      and (other.status <> 'RED' or other.reset_at <= other.replaced_at)), 0)),
  capacity_set_at) end`

const alertBefore = (now: Date): string => new Date(now.getTime() - RED_ALERT_HOURS * 3_600_000).toISOString()
