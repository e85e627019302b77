/** The board: which services of a scope are Red, Amber or closed now, counted and listed by the database. */
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import { EVERYWHERE, pharmacyCounts } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope, matchesText } from '#src/profiles/match-pharmacies.ts'
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
  /** Only this region, ICB or local authority of the scope, by its code; null: all of it. */
  readonly area: string | null
  /** Only pharmacies that somebody means by this: a code, a name or a postcode; empty: all services. */
  readonly text: string
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
  const { counted, page } = await loadColoured(db, asked)
  const { rows: total } = await sql<{ services: number }>`
    select count(*) as services from service where ${isListed(asked)}`.execute(db)
  const services = Number(total[0]?.services ?? 0)
  const countOf = (state: CapacityState) => counted.find((row) => row.state === state)?.services ?? 0
  const [red, amber, closed] = [countOf('RED'), countOf('AMBER'), countOf('CLOSED')]
  return {
    rows: asked.show === 'all' ? await loadAll(db, asked) : page,
    counts: { RED: red, AMBER: amber, CLOSED: closed, GREEN: services - red - amber - closed },
    alerts: counted.reduce((sum, { alerts }) => sum + alerts, 0),
    services,
  }
}

/** How many services of a scope, or an area of it, are Red, as the board counts them. */
export async function countRed(
  db: Queryable,
  { scope, area, now }: Pick<BoardAsked, 'scope' | 'area' | 'now'>,
): Promise<number> {
  const { rows } = await sql<{ services: number }>`
    select count(*)::integer as services
    from (${coloured({ scope, now, area, text: '', show: 'red', page: 1 })}) as found where state = 'RED'`.execute(db)
  return rows[0]?.services ?? 0
}

/** Whether a service, or one above it, lies in a scope. False for one that there is not, unless the scope is everywhere. */
export async function isInSight(db: Queryable, scope: Scope, uid: number): Promise<boolean> {
  if (scope.everywhere) return true
  const { rows } = await sql`
    with recursive line (uid) as (
      select uid from service where uid = ${uid}
      union
      select parent.uid from line join service as child on child.uid = line.uid
        join service as parent on parent.uid = case when child.record #>> '{other,parentUid}' ~ '^[0-9]{1,15}$'
          then (child.record #>> '{other,parentUid}')::bigint end)
    select from line join service using (uid)
    where ods_five in (select ods_code from profile where ${inScope(scope)}) limit 1`.execute(db)
  return rows.length > 0
}

type FoundRow = { uid: number; state: CapacityState; red_since: string | null }

const rowOf = ({ uid, state, red_since: redSince }: FoundRow): BoardRow => ({ uid, state, redSince })

const STATE_SHOWN: Readonly<Record<Exclude<BoardShow, 'attention' | 'all'>, CapacityState>> = {
  red: 'RED',
  amber: 'AMBER',
  closed: 'CLOSED',
}

type Counted = { readonly state: CapacityState; readonly services: number; readonly alerts: number }

/**
 * What is not Green, looked through once: how many of each state, and a page of them with pharmacies first, the worst
 * first, the longest Red first.
 */
async function loadColoured(
  db: Queryable,
  asked: BoardAsked,
): Promise<{ readonly counted: readonly Counted[]; readonly page: readonly BoardRow[] }> {
  const { show, page, now } = asked
  const wanted = show === 'attention' || show === 'all' ? sql`true` : sql`state = ${STATE_SHOWN[show]}`
  const order = sql`${IS_OTHER}, array_position(array['RED', 'CLOSED', 'AMBER'], state), red_since, ods_five, uid`
  const { rows } = await sql<Counted & Omit<FoundRow, 'uid'> & { uid: number | null; place: number }>`
    with found as materialized (${coloured(asked)})
    select null as uid, state, null as red_since, 0 as place, count(*)::integer as services,
      (count(*) filter (where red_since <= ${alertBefore(now)}::timestamptz))::integer as alerts
    from found group by state
    union all (
      select uid, state, red_since, (row_number() over (order by ${order}))::integer, 0, 0 from found where ${wanted}
      order by 4 limit ${SERVICES_A_PAGE} offset ${(page - 1) * SERVICES_A_PAGE})
    order by 4`.execute(db)
  return {
    counted: rows.filter(({ uid }) => uid === null),
    page: rows.flatMap(({ uid, ...row }) => (uid === null ? [] : [rowOf({ ...row, uid })])),
  }
}

/** Every service: the services of a pharmacy one after the other, then the others. */
async function loadAll(db: Queryable, asked: BoardAsked): Promise<readonly BoardRow[]> {
  const { rows } = await sql<FoundRow>`
    select uid, state, ${RED_SINCE} as red_since
    from (select *, ${stateAt(asked.now)} as state
      from (select uid, ods_five, type_id, capacity_set_at, capacity_given, closed_spells
        from service where ${isListed(asked)}
        order by ${IS_OTHER}, ods_five, uid
        limit ${SERVICES_A_PAGE} offset ${(asked.page - 1) * SERVICES_A_PAGE}) as page) as service
    order by ${IS_OTHER}, ods_five, uid`.execute(db)
  return rows.map(rowOf)
}

/** In the words of the index `service_board`. */
const IS_OTHER = sql`(type_id not in (${sql.join(Object.keys(PHARMACY_TYPES).map((id) => sql.lit(Number(id))))}))`
/** In the words of the index `service_not_green`: what may be anything but Green. */
const MAY_BE_COLOURED = sql`(capacity_given ->> 'status' in ('RED', 'AMBER') or closed_spells is not null)`

/** The services that are listed at all: active, and in the scope. */
const isListed = ({ text, ...where }: Pick<BoardAsked, 'scope' | 'area' | 'text'>): RawBuilder<unknown> => {
  const isMeant = sql`ods_five in (select ods_code from profile where ${matchesText(text)})`
  return sql`status = 'ACTIVE' and ${liesIn(where)} and ${text.trim() === '' ? sql`true` : isMeant}`
}

/** The services of the pharmacies of a scope; of single pharmacies also every service below one of theirs. */
function liesIn({ scope, area }: Pick<BoardAsked, 'scope' | 'area'>): RawBuilder<unknown> {
  if (scope.everywhere && area === null) return sql`true`
  const inArea = area === null ? sql`true` : pharmacyCounts({ reach: EVERYWHERE, area })
  const own = sql`ods_five in (select ods_code from profile pharmacy where ${inScope(scope)} and ${inArea})`
  // Whoever answers for hundreds of pharmacies has a right to what lies below them too, but nobody watches it there.
  if (scope.everywhere || scope.parentCodes.length + scope.icbCodes.length > 0) return own
  return sql`uid in (
    with recursive below (uid) as (
      select uid from service where ${own}
      union
      select child.uid from below join service as child on child.record #>> '{other,parentUid}' = below.uid::text)
    select uid from below)`
}

const coloured = (asked: BoardAsked): RawBuilder<unknown> => sql`
  select *, ${RED_SINCE} as red_since from (
    select uid, ods_five, type_id, capacity_set_at, ${stateAt(asked.now)} as state
    from service where ${isListed(asked)} and ${MAY_BE_COLOURED} offset 0) as service
  where state <> 'GREEN'`

/** As `capacityAt` says it, from what is stored: London minutes are compared as text. */
function stateAt(now: Date): RawBuilder<unknown> {
  const minute = formatLondon(toLondon(now))
  return sql`case
    when exists (select from jsonb_array_elements(closed_spells) as spell
      where spell ->> 'from' <= ${minute} collate "C"
        and coalesce(spell ->> 'until', '9999') > ${minute} collate "C") then 'CLOSED'
    when coalesce(capacity_given ->> 'resetAt', '9999') > ${minute} collate "C"
      then coalesce(capacity_given ->> 'status', 'GREEN')
    else 'GREEN' end`
}

/** Of a row `service` with its `state`. Red set again while it was Red goes on; Red that had lapsed before begins anew. */
const RED_SINCE = sql`case when state = 'RED' then coalesce(
  (select min(set_at) from capacity_setting as red where red.uid = service.uid and red.id > coalesce(
    (select max(id) from capacity_setting as other where other.uid = service.uid
      and (other.status <> 'RED' or other.reset_at <= other.replaced_at)), 0)),
  capacity_set_at) end`

const alertBefore = (now: Date): string => new Date(now.getTime() - RED_ALERT_HOURS * 3_600_000).toISOString()
