/** One line of the interchange format as a service record, with every reason against it. Pure. */

import { isDeepStrictEqual } from 'node:util'
import type { AsGiven, ServiceRecord, ServiceStatus } from '#src/directory/service-record.ts'
import { toGps, toGrid } from '#src/rules/national-grid.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'
import { type Reading, readSessions, readSpecified, readWeekly, writeHours } from './interchange-hours.ts'
import { holdsUnstorableText } from './json-file.ts'
import { FIELD_CHECKS } from './service-line-checks.ts'

export type ServiceReading =
  | { readonly ok: true; readonly record: ServiceRecord; readonly unknownKeys: readonly string[] }
  | {
      readonly ok: false
      /** Whether the line is a JSON object at all. */
      readonly isObject: boolean
      readonly uid: number | undefined
      readonly reasons: readonly string[]
    }

type Given = Readonly<Record<string, unknown>>

const REQUIRED = ['uid', 'name', 'typeId', 'status'] as const
const HOURS = ['weekly', 'bankHoliday', 'specified'] as const
/** Keys that have a place of their own in a record; every other one is kept in `other`. */
const OWN_KEYS: readonly string[] = [
  'uid',
  'name',
  'publicName',
  'typeId',
  'odsCode',
  'status',
  'address',
  'postcode',
  'easting',
  'northing',
  'latitude',
  'longitude',
  'phone',
  'nonPublicPhone',
  'email',
  'web',
  'publicInformation',
  'referralInformation',
  'openAllHours',
  ...HOURS,
]

/** Reads a line. `isType` says whether a service type is known. */
export function parseServiceLine(text: string, isType: (typeId: number) => boolean): ServiceReading {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { ok: false, isObject: false, uid: undefined, reasons: ['the line is not JSON'] }
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, isObject: false, uid: undefined, reasons: ['the line is not a JSON object'] }
  }
  if (holdsUnstorableText(text, given)) {
    return { ok: false, isObject: true, uid: undefined, reasons: ['a text holds a character that no text may hold'] }
  }
  return readService(given as Given, isType)
}

function readService(given: Given, isType: (typeId: number) => boolean): ServiceReading {
  const hours = readHours(given)
  const reasons = [...fieldFaults(given), ...typeFaults(given, isType), ...pairFaults(given), ...hours.faults]
  if (reasons.length > 0) {
    return { ok: false, isObject: true, uid: typeof given['uid'] === 'number' ? given['uid'] : undefined, reasons }
  }
  const record = recordOf(given, hours.value)
  const unknownKeys = Object.keys(record.other).filter((key) => !Object.hasOwn(FIELD_CHECKS, key))
  const asGiven = asGivenOf(given, record)
  return { ok: true, record: asGiven ? { ...record, asGiven } : record, unknownKeys }
}

function fieldFaults(given: Given): readonly string[] {
  const missing = REQUIRED.filter((key) => given[key] === undefined).map((key) => `${key} is missing`)
  const wrong = Object.entries(given).flatMap(([key, value]) => {
    const faults = (Object.hasOwn(FIELD_CHECKS, key) && FIELD_CHECKS[key]?.(value)) || []
    return faults.map((fault) => `${key} ${fault}`)
  })
  return [...missing, ...wrong]
}

function typeFaults({ typeId }: Given, isType: (typeId: number) => boolean): readonly string[] {
  if (typeof typeId !== 'number' || !Number.isSafeInteger(typeId) || isType(typeId)) return []
  return [`typeId ${typeId} is not a type of the reference file or of the stored catalogue`]
}

function pairFaults(given: Given): readonly string[] {
  const isOwnParent = given['parentUid'] !== undefined && given['parentUid'] === given['uid']
  const isHalf = (a: string, b: string) => ((given[a] ?? null) === null) !== ((given[b] ?? null) === null)
  return [
    ...(isHalf('easting', 'northing') ? ['easting and northing must be given together'] : []),
    ...(isHalf('latitude', 'longitude') ? ['latitude and longitude must be given together'] : []),
    ...(isOwnParent ? ['parentUid must be the uid of another service'] : []),
  ]
}

const UNKNOWN_WEEK: OpeningTimes['weekly'] = Array.from({ length: 7 }, () => null)

function readHours(given: Given): { readonly value: OpeningTimes; readonly faults: readonly string[] } {
  const weekly = readOr(given['weekly'], readWeekly, UNKNOWN_WEEK)
  const bankHoliday = readOr(given['bankHoliday'], readSessions, null)
  const specified = readOr(given['specified'], readSpecified, {})
  const value = {
    weekly: weekly.value,
    bankHoliday: bankHoliday.value,
    specified: specified.value,
    openAllHours: given['openAllHours'] === true,
  }
  const faults = [
    ...(weekly.fault === undefined ? [] : [`weekly ${weekly.fault}`]),
    ...(bankHoliday.fault === undefined ? [] : [`bankHoliday ${bankHoliday.fault}`]),
    ...(specified.fault === undefined ? [] : [`specified ${specified.fault}`]),
  ]
  return { value, faults }
}

function readOr<T>(given: unknown, read: (given: unknown) => Reading<T>, otherwise: T): { value: T; fault?: string } {
  if (given === undefined) return { value: otherwise }
  const reading = read(given)
  return 'fault' in reading ? { value: otherwise, fault: reading.fault } : { value: reading.value }
}

function recordOf(given: Given, hours: OpeningTimes): ServiceRecord {
  const text = (key: string) => (given[key] ?? null) as string | null
  return {
    uid: given['uid'] as number,
    name: given['name'] as string,
    publicName: text('publicName'),
    typeId: given['typeId'] as number,
    odsCode: canonicalCode(given['odsCode']),
    status: given['status'] as ServiceStatus,
    address: (given['address'] ?? []) as readonly string[],
    postcode: text('postcode'),
    ...positionOf(given),
    phone: text('phone'),
    web: text('web'),
    nonPublicPhone: text('nonPublicPhone'),
    email: text('email'),
    publicInformation: text('publicInformation'),
    referralInformation: text('referralInformation'),
    hours,
    other: Object.fromEntries(Object.entries(given).filter(([key]) => !OWN_KEYS.includes(key))),
  }
}

const canonicalCode = (code: unknown): string | null =>
  typeof code === 'string' ? code.replaceAll(/\s/g, '').toUpperCase() : null

/** Both pairs, where at least one is given. */
function positionOf(given: Given): Pick<ServiceRecord, 'easting' | 'northing' | 'latitude' | 'longitude'> {
  const [easting, northing, latitude, longitude] = ['easting', 'northing', 'latitude', 'longitude'].map(
    (key) => (given[key] ?? null) as number | null,
  ) as [number | null, number | null, number | null, number | null]
  const grid = easting === null || northing === null ? undefined : { easting, northing }
  const gps = latitude === null || longitude === null ? undefined : { latitude, longitude }
  return {
    ...(grid ?? (gps ? toGrid(gps) : { easting: null, northing: null })),
    ...(gps ?? (grid ? toGps(grid) : { latitude: null, longitude: null })),
  }
}

/** A service in the interchange format, keys in its order, facts written as they were given where they still hold. */
export function writeServiceLine(record: ServiceRecord): Readonly<Record<string, unknown>> {
  const plain = plainLine(record)
  if (!record.asGiven) return plain
  const { absent, values } = record.asGiven
  const line: Record<string, unknown> = { ...plain, ...values }
  for (const key of absent) delete line[key]
  // Whatever was changed since is written as it is now.
  const then = readBack(line)
  return Object.fromEntries(
    Object.entries(plain).flatMap(([key, now]) => {
      if (!isDeepStrictEqual(then[key], now)) return [[key, now]]
      return Object.hasOwn(line, key) ? [[key, line[key]]] : []
    }),
  )
}

/** What a line says, in our way of writing. */
const readBack = (line: Given): Given => plainLine(recordOf(line, readHours(line).value))

function plainLine({ hours, other, asGiven: _, ...facts }: ServiceRecord): Readonly<Record<string, unknown>> {
  const { weekly, bankHoliday, specified } = writeHours(hours)
  const line: Record<string, unknown> = {
    ...facts,
    openAllHours: hours.openAllHours,
    weekly,
    bankHoliday,
    specified,
    ...other,
  }
  return Object.fromEntries(
    KEY_ORDER.filter((key) => key in line)
      .map((key) => [key, line[key]])
      .concat(rest(line)),
  )
}

/** The order of the format's description; what is not in it follows. */
const KEY_ORDER: readonly string[] = [...OWN_KEYS]

const rest = (line: Given): [string, unknown][] => Object.entries(line).filter(([key]) => !KEY_ORDER.includes(key))

/** What must be remembered so that `writeServiceLine` gives the line back; undefined when nothing. */
function asGivenOf(given: Given, record: ServiceRecord): AsGiven | undefined {
  const plain = plainLine(record)
  const absent = OWN_KEYS.filter((key) => !(key in given))
  const values = Object.fromEntries(
    OWN_KEYS.filter((key) => key in given)
      .map((key) => [key, endOfDayWritten(key, given[key])] as const)
      .filter(([key, value]) => !isDeepStrictEqual(plain[key], value)),
  )
  return absent.length === 0 && Object.keys(values).length === 0 ? undefined : { absent, values }
}

/** The one thing that an export changes: 24:00 becomes 23:59. */
function endOfDayWritten(key: string, value: unknown): unknown {
  return HOURS.some((hours) => hours === key) ? withoutTwentyFour(value) : value
}

function withoutTwentyFour(value: unknown): unknown {
  if (value === '24:00') return '23:59'
  if (Array.isArray(value)) return value.map(withoutTwentyFour)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutTwentyFour(item)]))
}
