/** The closures of an area: in force, to come, or over a few days ago; and what each pharmacy has lost by them this month. */
import { type RawBuilder, sql } from 'kysely'
import { loadDeliveries, overallDelivery } from '#src/closures/notices/notice-delivery.ts'
import { deliveryWords, type Tag } from '#src/closures/notices/notice-view.ts'
import { pharmacyCounts, type Where } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { specifiedDates } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { absoluteMinute } from '#src/rules/capacity.ts'
import type { ClosureEnd } from '#src/rules/closure-states.ts'
import type { Position } from '#src/rules/distance.ts'
import { dayOf, instantOf, londonDateOf, parseLocalDate, toLondon } from '#src/rules/london-time.ts'
import { lostMinutes } from '#src/rules/lost-hours.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'

export const CLOSURE_SHOWS = ['now', 'planned', 'over'] as const
/** `over`: ended within the last 7 days; those that were cancelled never began and are left out. */
export type ClosureShow = (typeof CLOSURE_SHOWS)[number]

export const CLOSURES_A_PAGE = 25
const DAYS_OVER = 7
const MS_PER_DAY = 86_400_000

export type AreaClosure = {
  readonly id: string
  readonly odsCode: string
  readonly pharmacy: string
  /** Where the pharmacy is; null where nobody knows. */
  readonly position: Position | null
  /** Instants are UTC ISO text. */
  readonly startsAt: string
  readonly expectedAt: string | null
  /** When it ended, by a person or as expected; null while it is not over. */
  readonly endedAt: string | null
  /** Uids of the services that are closed; null: the whole pharmacy. */
  readonly services: readonly number[] | null
  readonly reason: string
  /** How far the notice to the ICB has come; null where none was written. */
  readonly notice: Tag | null
  /** Minutes of opening that the pharmacy lost this month up to now, by closures of all of it. */
  readonly lostMinutes: number
}

export type ClosuresAsked = {
  readonly where: Where
  readonly show: ClosureShow
  /** 1 for the first. */
  readonly page: number
  readonly now: Date
  readonly holidays: HolidayCalendar
}

/** How many pharmacies of an area are closed now, or have services that are. */
export async function countClosuresNow(db: Queryable, where: Where, now: Date): Promise<number> {
  const { rows } = await sql<{ closures: number }>`
    select count(*)::integer as closures
    from closure join profile pharmacy on pharmacy.ods_code = closure.ods_code
    where ${isShown('now', now)} and ${isOfArea(where)}`.execute(db)
  return rows[0]?.closures ?? 0
}

/** One page of the closures, with how many there are. */
export async function loadClosuresInArea(
  db: Queryable,
  { where, show, page, now, holidays }: ClosuresAsked,
): Promise<{ readonly closures: readonly AreaClosure[]; readonly total: number }> {
  const { rows: counted } = await sql<{ total: number }>`
    select count(*)::integer as total from closure join profile pharmacy on pharmacy.ods_code = closure.ods_code
    where ${isShown(show, now)} and ${isOfArea(where)}`.execute(db)
  const { rows } = await sql<Omit<AreaClosure, 'notice' | 'lostMinutes'> & { howEnded: ClosureEnd | null }>`
    select closure.id, closure.ods_code as "odsCode", pharmacy.name as pharmacy, starts_at as "startsAt",
      pharmacy.document #> '{address,position}' as position, expected_at as "expectedAt", services, reason,
      case when ${show === 'over'} then coalesce(ended_at, expected_at) end as "endedAt"
    from closure join profile pharmacy on pharmacy.ods_code = closure.ods_code
    where ${isShown(show, now)} and ${isOfArea(where)}
    order by ${show === 'over' ? sql`coalesce(ended_at, expected_at) desc` : sql`starts_at`}, closure.id
    limit ${CLOSURES_A_PAGE} offset ${(page - 1) * CLOSURES_A_PAGE}`.execute(db)
  const ids = rows.map(({ id }) => id)
  const notices = await loadNoticeTags(db, ids, now)
  const lost = await loadLost(db, [...new Set(rows.map(({ odsCode }) => odsCode))], { now, holidays })
  return {
    closures: rows.map((row) => ({
      ...row,
      notice: notices.get(row.id) ?? null,
      lostMinutes: lost.get(row.odsCode) ?? 0,
    })),
    total: counted[0]?.total ?? 0,
  }
}

/** In the words of the index `closure_not_ended`, where that serves. */
function isShown(show: ClosureShow, now: Date): RawBuilder<boolean> {
  const at = sql`${now.toISOString()}::timestamptz`
  if (show === 'planned') return sql<boolean>`ended_at is null and starts_at > ${at}`
  if (show === 'now') {
    return sql<boolean>`ended_at is null and starts_at <= ${at} and (expected_at is null or expected_at > ${at})`
  }
  const since = new Date(now.getTime() - DAYS_OVER * MS_PER_DAY).toISOString()
  return sql<boolean>`how_ended is distinct from 'cancelled'
    and coalesce(ended_at, expected_at) <= ${at} and coalesce(ended_at, expected_at) > ${since}::timestamptz`
}

const isOfArea = (where: Where): RawBuilder<boolean> =>
  sql<boolean>`(closure.ods_code <> ${TRAINING_PHARMACY} and ${pharmacyCounts(where)})`

async function loadNoticeTags(db: Queryable, ids: readonly string[], now: Date): Promise<ReadonlyMap<string, Tag>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; version: number }>`
    select closure_id as id, max(version) as version from suspension_notice
    where closure_id = any(${[...ids]}::text[]) group by closure_id`.execute(db)
  const tags = new Map<string, Tag>()
  for (const { id, version } of rows) {
    const delivery = overallDelivery(version, await loadDeliveries(db, id))
    tags.set(id, deliveryWords(delivery, undefined, { today: londonDateOf(now), isOver: false }).tag)
  }
  return tags
}

/** By ODS code: the minutes of opening lost this month up to now, whatever closure they fell into. */
async function loadLost(
  db: Queryable,
  odsCodes: readonly string[],
  { now, holidays }: { readonly now: Date; readonly holidays: HolidayCalendar },
): Promise<ReadonlyMap<string, number>> {
  if (odsCodes.length === 0) return new Map()
  const first = parseLocalDate(`${londonDateOf(now).slice(0, 7)}-01`) ?? londonDateOf(now)
  const monthStart = { day: dayOf(first), minute: 0 }
  const { rows } = await sql<{ odsCode: string; from: string; until: string }>`
    select ods_code as "odsCode", starts_at as "from",
      least(coalesce(ended_at, expected_at, ${now.toISOString()}::timestamptz), ${now.toISOString()}::timestamptz) as until
    from closure
    where ods_code = any(${[...odsCodes]}::text[]) and services is null and how_ended is distinct from 'cancelled'
      and starts_at < ${now.toISOString()}::timestamptz
      and coalesce(ended_at, expected_at, ${now.toISOString()}::timestamptz) > ${instantOf(monthStart).toISOString()}::timestamptz`.execute(
    db,
  )
  const minuteOf = (instant: string): number => absoluteMinute(toLondon(new Date(instant)))
  const closed = Map.groupBy(rows, ({ odsCode }) => odsCode)
  const span = { from: absoluteMinute(monthStart), until: absoluteMinute(toLondon(now)) }
  const profiles = await loadProfiles(db, [...closed.keys()])
  return new Map(
    [...profiles].map(([odsCode, { profile }]) => {
      const times = {
        ...{ weekly: profile.weekly, bankHoliday: null, openAllHours: false },
        specified: specifiedDates(profile),
      }
      const spells = (closed.get(odsCode) ?? []).map(({ from, until }) => ({
        from: minuteOf(from),
        until: minuteOf(until),
      }))
      return [odsCode, lostMinutes(times, spells, { span, holidays })]
    }),
  )
}
