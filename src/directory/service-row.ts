/** One service as it is read: texts that the database wrote when the service was saved (`migrations/0005-…`). */
import type { ServiceRecord } from './service-record.ts'

export type ServiceRow = {
  readonly uid: number
  readonly seq: number
  /** JSON text of `ServiceFacts`. */
  readonly facts: string
  /** JSON text of `ServiceRecord.hours`. */
  readonly hours: string
  /** JSON text of `GivenClinical`. */
  readonly clinical: string
  /** JSON text of `GivenDetails`. */
  readonly details: string
  /** When its capacity was last set, UTC epoch seconds; null when it never was. */
  readonly capacitySetAtSeconds: number | null
}

/** What is looked at of every service, in the order of the function `service_facts` of the database. */
export type ServiceFacts = readonly [
  name: ServiceRecord['name'],
  publicName: ServiceRecord['publicName'],
  typeId: ServiceRecord['typeId'],
  odsCode: ServiceRecord['odsCode'],
  status: ServiceRecord['status'],
  address: ServiceRecord['address'],
  postcode: ServiceRecord['postcode'],
  latitude: ServiceRecord['latitude'],
  longitude: ServiceRecord['longitude'],
  phone: ServiceRecord['phone'],
  web: ServiceRecord['web'],
  easting: ServiceRecord['easting'],
  northing: ServiceRecord['northing'],
  capacity: GivenCapacity | null,
  closures: ServiceRecord['closures'] | null,
]

/** As the interchange format gives it. */
export type GivenCapacity = { readonly status?: string | null; readonly resetAt?: string | null }

/** Whom urgent care sends to a service, in the order of `service_clinical`. Null: missing, or given as null. */
export type GivenClinical = readonly [
  genders: readonly string[] | null,
  ages: readonly (readonly [number, number])[] | null,
  sgsd: Readonly<Record<string, readonly number[]>> | null,
  dispositions: readonly number[] | null,
  roles: readonly (number | { readonly id: number })[] | null,
  restricted: boolean | null,
  referrals: readonly string[] | null,
  limitedTo: readonly string[] | null,
  promotedTo: readonly string[] | null,
  returnIfOpenMinutes: number | null,
]

/** What professionals are shown, in the order of `service_details`. Null: missing, or given as null. */
export type GivenDetails = readonly [
  nonPublicPhone: ServiceRecord['nonPublicPhone'],
  email: ServiceRecord['email'],
  publicInformation: ServiceRecord['publicInformation'],
  referralInformation: ServiceRecord['referralInformation'],
  address: ServiceRecord['address'],
  parentUid: number | null,
  endpoints: readonly Readonly<Record<string, unknown>>[] | null,
  attributes: readonly Readonly<Record<string, unknown>>[] | null,
  capacity: GivenCapacity | null,
  hospitalScore: { readonly total: number; readonly note: string; readonly updatedAt: string } | null,
]
