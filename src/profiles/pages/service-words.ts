/** DoS services as a pharmacy reads them: what each is, what changes in it, and what it has of its own. */
import { decidedBy } from '#src/directory/project-profile.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { StoredService } from '#src/profiles/load-profiles.ts'
import type { ServicePlan } from '#src/profiles/plan-projection.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { projectedFacts } from '#src/profiles/projected-facts.ts'
import { dayName, formatDate, formatSessions } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { Z_CODE_GROUP } from '#src/rules/offered-services.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import { hoursInSentence } from './change-words.ts'
import { type Difference, differencesBetween, type Stated } from './stated.ts'
import { serviceTag } from './status-tags.ts'

/** The name of a service type; its number where we have no name. */
export const typeName = (typeId: number): string =>
  Object.hasOwn(PHARMACY_TYPES, typeId) ? PHARMACY_TYPES[typeId as 13] : `Service type ${typeId}`

/** A service that a change reaches. */
export type ReachedService = {
  readonly uid: number
  readonly name: string
  readonly type: string
  readonly differences: readonly Difference[]
}

/** The services whose record a change alters, with what becomes different in each. */
export const reachedServices = (plans: readonly ServicePlan[]): readonly ReachedService[] =>
  plans
    .filter(({ fields }) => fields.length > 0)
    .map(({ uid, before, after }) => ({
      uid,
      name: nameOf(after),
      type: typeName(after.typeId),
      differences: differencesBetween(statedService(before), statedService(after)),
    }))

/** The name people know a service by. */
export const nameOf = ({ publicName, name }: ServiceRecord): string => publicName || name

const CONTACTS = [
  { key: 'phone', label: 'Phone number' },
  { key: 'web', label: 'Website' },
  { key: 'nonPublicPhone', label: 'Professional phone number' },
  { key: 'email', label: 'Professional email address' },
] as const

function statedService(record: ServiceRecord): readonly Stated[] {
  const { hours } = record
  return [
    { key: 'status', label: 'Status', text: serviceTag(record.status).text },
    { key: 'z-codes', label: 'Z codes', text: zCodesOf(record).join(', ') || 'None' },
    ...CONTACTS.map(({ key, label }) => ({ key, label, text: record[key] || 'None' })),
    { key: 'address', label: 'Address', text: [...record.address, record.postcode ?? ''].join(', ') },
    ...hours.weekly.map((day, index) => ({ key: `day-${index}`, label: dayName(index), text: formatSessions(day) })),
    ...datesInOrder(hours.specified).map((date) => ({
      key: date,
      label: formatDate(date),
      text: formatSessions(hours.specified[date] ?? null),
    })),
    { key: 'all-hours', label: 'Always open', text: hours.openAllHours ? 'Yes' : 'No' },
  ]
}

/** `360=14207`: what the service says it has, of the group that stands for services of pharmacies. */
const zCodesOf = ({ other }: ServiceRecord): readonly string[] =>
  ((other['sgsd'] ?? {}) as Record<string, readonly number[]>)[Z_CODE_GROUP]?.map(
    (code) => `${Z_CODE_GROUP}=${code}`,
  ) ?? []

const datesInOrder = (specified: ServiceRecord['hours']['specified']): readonly LocalDate[] =>
  (Object.keys(specified) as LocalDate[]).sort()

/** A service that has a value of its own where a change would now put the pharmacy's. */
export type OwnValues = { readonly uid: number; readonly name: string; readonly values: readonly string[] }

/** The services with values of their own among those that a change decides; dates always reach every service. */
export function servicesWithOwnValues(
  before: Profile,
  after: Profile,
  services: readonly StoredService[],
  today: LocalDate,
): readonly OwnValues[] {
  const factsBefore = projectedFacts(before, today)
  const factsAfter = projectedFacts(after, today)
  return services.flatMap(({ record, overrides, profileOds }) => {
    const { contacts, days } = decidedBy(factsBefore(record), factsAfter(record))
    const values = [
      ...CONTACTS.filter(({ key }) => contacts.includes(key) && overrides[key] !== undefined).map(
        ({ key, label }) => `${label.toLowerCase()} ${overrides[key] || 'none'}`,
      ),
      ...days.flatMap((day) => ownDay(overrides, day)),
    ]
    return profileOds !== null && values.length > 0 ? [{ uid: record.uid, name: nameOf(record), values }] : []
  })
}

function ownDay({ weekly }: Overrides, day: number): readonly string[] {
  const own = weekly?.[String(day)]
  return own === undefined ? [] : [`${dayName(day)} ${hoursInSentence(own)}`]
}

/** Everything in which a service differs from its pharmacy's profile, in words. */
export function ownValuesOf(overrides: Overrides): readonly string[] {
  const dates = Object.entries(overrides.specified ?? {}) as [LocalDate, DayHours][]
  return [
    ...CONTACTS.filter(({ key }) => overrides[key] !== undefined).map(
      ({ key, label }) => `${label.toLowerCase()} ${overrides[key] || 'none'}`,
    ),
    ...(overrides.place ? ['its address or position on the map'] : []),
    ...Object.keys(overrides.weekly ?? {}).flatMap((day) => ownDay(overrides, Number(day))),
    ...dates.map(
      ([date, hours]) => `${formatDate(date)} ${hours === null ? 'as on other weeks' : hoursInSentence(hours)}`,
    ),
    ...(overrides.openAllHours ? ['open at all hours'] : []),
    ...(overrides.bankHoliday === undefined ? [] : [`bank holidays ${hoursInSentence(overrides.bankHoliday)}`]),
  ]
}
