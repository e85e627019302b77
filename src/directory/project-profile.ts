/**
 * How a profile shows on the DoS services it matches.
 *
 * Pure. `profiles` says what a pharmacy stated as `ProjectedFacts`; `check` proves that every matched service equals
 * its projection. Name, public name, clinical profile, referral text, endpoints and capacity are never projected.
 */
import { isDeepStrictEqual } from 'node:util'
import { type ClosedSpell, closeHours } from '#src/rules/closed-spells.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session, WeeklyHours } from '#src/rules/opening-times.ts'
import type { Overrides, ServiceRecord } from './service-record.ts'

/** Where a service is: its address and point, which move together. */
export type Place = NonNullable<Overrides['place']>

/** One Z code: a symptom group with a discriminator that says that a service is given there. */
export type ZCode = { readonly group: number; readonly discriminator: number; readonly carried: boolean }

/** What a pharmacy states of one service, in the directory's words. An absent key or a null day states nothing. */
export type ProjectedFacts = {
  readonly phone?: string | null
  readonly web?: string | null
  readonly nonPublicPhone?: string | null
  readonly email?: string | null
  readonly place: Place
  readonly weekly: WeeklyHours
  /** Every date with hours of its own. A date that is not here follows the week, or is unknown if it is a holiday. */
  readonly specified: OpeningTimes['specified']
  /** Those of the specified dates that answer for a bank holiday. */
  readonly holidays: readonly LocalDate[]
  /** Whether the service is given at all, for types that stand for one offered service; absent: nobody has said. */
  readonly status?: 'ACTIVE' | 'CLOSED'
  /** A Z code that the service must carry, or must not; absent: whatever it carries is its own. */
  readonly zCode?: ZCode
  /** The closures that reach this service. They lie over its hours, over those of its own too, and never replace them. */
  readonly closures?: readonly ClosedSpell[]
}

/** The contact values a profile projects; their names are the same in facts, record and overrides. */
const CONTACTS = ['phone', 'web', 'nonPublicPhone', 'email'] as const

/**
 * The record of a matched service, given what its pharmacy states and the values that are the service's own. What is
 * offered has no exceptions: its status and its Z code reach every service, as closures do.
 */
export function projectProfile(record: ServiceRecord, facts: ProjectedFacts, overrides: Overrides): ServiceRecord {
  const place = overrides.place ?? statedPlace(record, facts.place)
  const { closures: _, ...lasting } = record
  const { closures = [] } = facts
  return {
    ...lasting,
    ...(closures.length > 0 ? { closures } : {}),
    status: facts.status ?? record.status,
    other: facts.zCode ? withZCode(record.other, facts.zCode) : record.other,
    ...Object.fromEntries(CONTACTS.map((key) => [key, firstSaid(overrides[key], facts[key], record[key])])),
    address: place.address,
    postcode: place.postcode,
    easting: place.easting,
    northing: place.northing,
    latitude: place.latitude,
    longitude: place.longitude,
    hours: closeHours(
      {
        weekly: record.hours.weekly.map((own, day) =>
          firstSaid(overrides.weekly?.[day], facts.weekly[day] ?? undefined, own),
        ),
        bankHoliday: overrides.bankHoliday === undefined ? null : overrides.bankHoliday,
        openAllHours: overrides.openAllHours ?? false,
        specified: withOwnDates(facts.specified, overrides.specified),
      },
      closures,
    ),
  }
}

type Pairs = Readonly<Record<string, readonly number[]>>

/** The clinical profile with or without one Z code; the same object when it says so already. */
function withZCode(other: ServiceRecord['other'], { group, discriminator, carried }: ZCode): ServiceRecord['other'] {
  const pairs = (other['sgsd'] ?? {}) as Pairs
  const before = pairs[group] ?? []
  if (before.includes(discriminator) === carried) return other
  const after = carried ? [...before, discriminator] : before.filter((code) => code !== discriminator)
  const { [group]: _, ...others } = pairs
  return { ...other, sgsd: after.length > 0 ? { ...others, [group]: after } : others }
}

/** A pharmacy whose postcode has no known point leaves a service of the same postcode where it is. */
function statedPlace(record: ServiceRecord, stated: Place): Place {
  if (stated.latitude !== null || record.postcode !== stated.postcode) return stated
  return { ...placeOf(record), address: stated.address }
}

function firstSaid<T>(own: T | undefined, stated: T | undefined, now: T): T {
  if (own !== undefined) return own
  return stated === undefined ? now : stated
}

function withOwnDates(
  stated: OpeningTimes['specified'],
  own: Overrides['specified'] = {},
): Record<LocalDate, readonly Session[]> {
  const merged: Record<LocalDate, readonly Session[]> = { ...stated }
  for (const [date, sessions] of Object.entries(own) as [LocalDate, readonly Session[] | null][]) {
    if (sessions === null) delete merged[date]
    else merged[date] = sessions
  }
  return merged
}

/**
 * The overrides under which projecting `facts` changes nothing of `record` but what is offered: used when a profile
 * meets services that were there before it.
 */
export function overridesThatKeep(record: ServiceRecord, facts: ProjectedFacts): Overrides {
  const place = placeOf(record)
  const contacts = CONTACTS.filter((key) => facts[key] !== undefined && facts[key] !== record[key])
  const days = record.hours.weekly.flatMap((own, day) => {
    const stated = facts.weekly[day] ?? null
    return stated === null || isDeepStrictEqual(stated, own) ? [] : [[String(day), own] as const]
  })
  const lasting: Overrides = {
    ...Object.fromEntries(contacts.map((key) => [key, record[key]])),
    ...(isDeepStrictEqual(place, statedPlace(record, facts.place)) ? {} : { place }),
    ...(days.length > 0 ? { weekly: Object.fromEntries(days) } : {}),
    ...(record.hours.bankHoliday === null ? {} : { bankHoliday: record.hours.bankHoliday }),
    ...(record.hours.openAllHours ? { openAllHours: true } : {}),
  }
  // Dates that a closure wrote are no dates of the service's own, such as in a file that was exported meanwhile.
  const dates = differingDates(record.hours.specified, projectProfile(record, facts, lasting).hours.specified)
  return dates.length > 0 ? { ...lasting, specified: datesOf(record, dates) } : lasting
}

/** The parts of a profile that a change decided; `decidedBy` finds them, `decide` applies them to a service's overrides. */
export type Decided = {
  readonly contacts: readonly (typeof CONTACTS)[number][]
  readonly place: boolean
  /** Weekday numbers, 0 Monday. */
  readonly days: readonly number[]
  readonly dates: readonly LocalDate[]
  /** Whether a bank holiday is among the dates: then holidays are answered one by one, and no rule for all of them is left. */
  readonly holiday: boolean
}

/** Which projected values differ between what the pharmacy stated before and what it states now. */
export function decidedBy(before: ProjectedFacts, after: ProjectedFacts): Decided {
  const dates = differingDates(before.specified, after.specified)
  return {
    contacts: CONTACTS.filter((key) => before[key] !== after[key]),
    place: !isDeepStrictEqual(before.place, after.place),
    days: after.weekly.flatMap((hours, day) => (isDeepStrictEqual(hours, before.weekly[day]) ? [] : [day])),
    dates,
    holiday: dates.some((date) => after.holidays.includes(date)),
  }
}

/**
 * A service's overrides after a person decided: what was decided is no longer the service's own, so that the
 * pharmacy's word reaches it. With `keepAsItIs` the person chose to leave this service alone: what was decided becomes
 * the service's own, except dates, because a closure always reaches every service. Answering one bank holiday ends a
 * service's rule for all of them.
 */
export function overridesAfter(
  record: ServiceRecord,
  own: Overrides,
  decided: Decided,
  keepAsItIs: boolean,
): Overrides {
  const kept = keepAsItIs
    ? {
        ...own,
        ...Object.fromEntries(decided.contacts.map((key) => [key, record[key]])),
        ...(decided.place ? { place: placeOf(record) } : {}),
        weekly: {
          ...own.weekly,
          ...Object.fromEntries(decided.days.map((day) => [day, record.hours.weekly[day] ?? null])),
        },
      }
    : without(own, decided)
  const dated = { ...kept, specified: withoutKeys(kept.specified, decided.dates) }
  return tidy(decided.holiday ? withoutKeys<Overrides>(dated, ['bankHoliday']) : dated)
}

function without(own: Overrides, decided: Decided): Overrides {
  const dropped: readonly string[] = [
    ...decided.contacts,
    ...(decided.place ? ['place'] : []),
    ...(decided.days.length > 0 ? ['openAllHours'] : []),
  ]
  return { ...withoutKeys(own, dropped), weekly: withoutKeys(own.weekly, decided.days.map(String)) }
}

/** Drops the empty maps, so that "no overrides" is always `{}`. */
function tidy(overrides: Overrides): Overrides {
  const empty = (['weekly', 'specified'] as const).filter((key) => Object.keys(overrides[key] ?? {}).length === 0)
  return withoutKeys(overrides, empty)
}

function withoutKeys<T extends object>(value: T | undefined, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !keys.includes(key))) as T
}

const placeOf = ({ address, postcode, easting, northing, latitude, longitude }: ServiceRecord): Place => ({
  address,
  postcode,
  easting,
  northing,
  latitude,
  longitude,
})

function differingDates(a: OpeningTimes['specified'], b: OpeningTimes['specified']): LocalDate[] {
  const dates = [...new Set([...Object.keys(a), ...Object.keys(b)])] as LocalDate[]
  return dates.filter((date) => !isDeepStrictEqual(a[date], b[date])).sort()
}

const datesOf = (record: ServiceRecord, dates: readonly LocalDate[]) =>
  Object.fromEntries(dates.map((date) => [date, record.hours.specified[date] ?? null]))

/** One differing value of a service, by its name in the interchange format. */
export type FieldChange = { readonly field: string; readonly before: unknown; readonly after: unknown }

/** Which fields of a record differ, in the words of the interchange format; `other` is compared key by key. */
export function changedFields(before: ServiceRecord, after: ServiceRecord): readonly FieldChange[] {
  const a = flat(before)
  const b = flat(after)
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((field) => !isDeepStrictEqual(a[field], b[field]))
    .map((field) => ({ field, before: a[field] ?? null, after: b[field] ?? null }))
}

function flat({ hours, other, ...plain }: ServiceRecord): Readonly<Record<string, unknown>> {
  return { ...other, ...plain, ...hours }
}
