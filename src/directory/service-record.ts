/**
 * A DoS service as the directory keeps it: column `service.record`, one JSON object.
 * The interchange format (`import services`) is mapped to it and back without loss.
 */
import type { ClosedSpell } from '#src/rules/closed-spells.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'

export const SERVICE_STATUSES = ['ACTIVE', 'COMMISSIONING', 'SUSPENDED', 'CLOSED', 'RETIRED'] as const
export type ServiceStatus = (typeof SERVICE_STATUSES)[number]

export type ServiceRecord = {
  /** Public, stable, never re-used: the "service id" of every API. */
  readonly uid: number
  readonly name: string
  readonly publicName: string | null
  readonly typeId: number
  readonly odsCode: string | null
  readonly status: ServiceStatus
  readonly address: readonly string[]
  readonly postcode: string | null
  /** OSGB36 grid metres and WGS84 degrees; null when the service is not placed: it is then never found by distance. */
  readonly easting: number | null
  readonly northing: number | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly phone: string | null
  readonly web: string | null
  /** For professionals only, as is `email`; never in a public output. */
  readonly nonPublicPhone: string | null
  readonly email: string | null
  readonly publicInformation: string | null
  /** For professionals only. */
  readonly referralInformation: string | null
  /** Those on which the pharmacy's closures lie are written in already. */
  readonly hours: OpeningTimes
  /** The closures that its pharmacy told, which make it Red; absent: none. Not part of the interchange format. */
  readonly closures?: readonly ClosedSpell[]
  /** Everything else as it was given (clinical profile, capacity, endpoints, attributes, unknown keys). */
  readonly other: Readonly<Record<string, unknown>>
  /** How the interchange format gave the facts above, where it could have said the same in another way. */
  readonly asGiven?: AsGiven
}

/** For `export services` only, which writes a fact as it was given for as long as it still is that fact. */
export type AsGiven = {
  /** Keys that were not given at all. */
  readonly absent: readonly string[]
  /** Values that were written in another way than ours, by key. */
  readonly values: Readonly<Record<string, unknown>>
}

/** A service's own values that a profile does not replace until a person decides; same shapes as in the record. */
export type Overrides = {
  readonly phone?: string | null
  readonly web?: string | null
  readonly nonPublicPhone?: string | null
  readonly email?: string | null
  readonly place?: Pick<ServiceRecord, 'address' | 'postcode' | 'easting' | 'northing' | 'latitude' | 'longitude'>
  /** By weekday, 0 Monday to 6 Sunday. */
  readonly weekly?: Readonly<Record<string, OpeningTimes['weekly'][number]>>
  /** By date; null: the service has no entry for that date. */
  readonly specified?: Readonly<Record<string, OpeningTimes['specified'][`${number}-${number}-${number}`] | null>>
  readonly bankHoliday?: OpeningTimes['bankHoliday']
  readonly openAllHours?: boolean
}
