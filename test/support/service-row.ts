/** A service as it is read, without a database: what `migrations/0005-service-texts.sql` makes of its record. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { ServiceRow } from '#src/directory/service-row.ts'

const FACTS =
  'name publicName typeId odsCode status address postcode latitude longitude phone web easting northing other.capacity closures'
const CLINICAL = 'genders ages sgsd dispositions roles restricted referrals limitedTo promotedTo returnIfOpenMinutes'
const DETAILS =
  'nonPublicPhone email publicInformation referralInformation address other.parentUid other.endpoints other.attributes other.capacity other.hospitalScore'

/** The row of a record. A test compares it with what the databases store. */
export function rowOf(record: ServiceRecord, seq = 1): ServiceRow {
  return {
    uid: record.uid,
    seq,
    facts: textOf(record, FACTS),
    hours: JSON.stringify(record.hours),
    clinical: textOf(record.other, CLINICAL),
    details: textOf(record, DETAILS),
    capacitySetAtSeconds: null,
  }
}

const textOf = (from: object, paths: string): string =>
  JSON.stringify(paths.split(' ').map((path) => valueAt(from, path)))

const valueAt = (from: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from)
