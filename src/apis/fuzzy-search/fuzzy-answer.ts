/**
 * A service as the Service Finder's search writes it. It carries numbers and instructions that are for professionals:
 * the audience of this API is `professional`, and its accounts are for programs that only professionals use.
 */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { capacityAt } from '#src/rules/capacity.ts'
import { openingTimesOf } from '#src/rules/compiled-hours.ts'
import { METRES_PER_MILE } from '#src/rules/distance.ts'
import { formatExchangeSession, rangeFrom, splitAtMidnight } from '#src/rules/exchange-hours.ts'
import { toLondon, WEEKDAYS } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import { roleName } from '#src/rules/referral-roles.ts'

export type FuzzyFound = {
  readonly service: UrgentCareService
  readonly score: number
  /** Null when the search had no place. */
  readonly distanceMetres: number | null
}

/** The keys are the wire format; their order is as recorded. A text that is missing is empty. */
export function fuzzyServiceOf(
  { service, score, distanceMetres }: FuzzyFound,
  { reference, now }: { readonly reference: TriageReference; readonly now: Date },
): Record<string, unknown> {
  const { shown, clinical } = service
  const details = detailsOf(service)
  const isPlaced = shown.latitude !== null && shown.longitude !== null
  return {
    _score: Math.round(score * 100) / 100,
    id: String(shown.uid),
    u_id: String(shown.uid),
    name: shown.name,
    public_name: textOf(shown.publicName),
    capacity_status: capacityAt(service.capacity, toLondon(now)),
    type_id: shown.typeId,
    type: reference.types.get(shown.typeId)?.name ?? '',
    ods_code: textOf(shown.odsCode),
    address: details.addressLines,
    postcode: textOf(shown.postcode),
    easting: isPlaced ? service.easting : null,
    northing: isPlaced ? service.northing : null,
    referral_roles: [...clinical.roles].map((role) => roleName(role, reference.roles.get(role))),
    distance: distanceMetres === null ? null : milesOf(distanceMetres),
    public_phone_number: textOf(shown.phone),
    non_public_phone_number: textOf(details.nonPublicPhone),
    email: textOf(details.email),
    web: textOf(shown.web),
    public_referral_instructions: textOf(details.publicInformation),
    referral_instructions: textOf(details.referralInformation),
    professional_referral_info: textOf(details.referralInformation),
    is_national: '',
    updated: '',
    ...hoursOf(service, now),
    location: isPlaced ? { lat: shown.latitude, lon: shown.longitude } : null,
    datasource: 'DIRECTORY_OF_SERVICES',
  }
}

const textOf = (text: string | null): string => text ?? ''

const milesOf = (metres: number): number => Math.round((metres / METRES_PER_MILE) * 100) / 100

/** Hours as six lists of equal lengths by threes: the day or date, its opening and its closing time. */
function hoursOf({ shown: { hours } }: UrgentCareService, now: Date): Record<string, readonly string[]> {
  const { weekly, specified } = splitAtMidnight(openingTimesOf(hours), hours.holidays, rangeFrom(toLondon(now).day))
  const days = weekly.flatMap((sessions, day) => rowsOf(dayName(day), sessions ?? []))
  const dates = Object.entries(specified).flatMap(([date, sessions]) => rowsOf(date, sessions))
  const column = (rows: readonly Row[], place: 0 | 1 | 2): readonly string[] => rows.map((row) => row[place])
  return {
    openingtimedays: column(days, 0),
    openingtime: column(days, 1),
    closingtime: column(days, 2),
    specifieddates: column(dates, 0),
    specificopentimes: column(dates, 1),
    specificendtimes: column(dates, 2),
  }
}

type Row = readonly [when: string, opens: string, closes: string]

const rowsOf = (when: string, sessions: readonly Session[]): readonly Row[] =>
  sessions.map((session) => [when, ...formatExchangeSession(session)] as const)

function dayName(day: number): string {
  const name = WEEKDAYS[day] ?? ''
  return name.charAt(0).toUpperCase() + name.slice(1)
}
