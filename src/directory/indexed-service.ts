/** A DoS service as the index keeps it: what anyone may know, ready to be compared and shown. */
import { hash } from 'node:crypto'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type CompiledHours, compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { type BusyTimes, busyTimesOf } from './busy-times.ts'
import type { ServiceRecord, ServiceStatus } from './service-record.ts'

export type IndexedService = {
  readonly uid: number
  /** Ledger number of its last change. */
  readonly seq: number
  /** Of the whole record as stored: equal hashes mean equal records. */
  readonly hash: string
  readonly odsCode: string | null
  readonly name: string
  readonly publicName: string | null
  readonly typeId: number
  readonly status: ServiceStatus
  /** The lines joined by comma and space; empty when there are none. */
  readonly address: string
  readonly postcode: string | null
  /** Null when the service is not placed: it is then never found by distance. */
  readonly latitude: number | null
  readonly longitude: number | null
  readonly phone: string | null
  readonly web: string | null
  readonly hours: CompiledHours
  readonly busy: BusyTimes
  /**
   * The part of the open-data answer that does not depend on the question, as JSON text without its closing brace: the
   * distance and the open state follow.
   */
  readonly publicJson: string
}

/** What the index reads of a record. Private facts are left behind in the database (`service-rows.ts`). */
export type PublicFacts = Pick<
  ServiceRecord,
  | 'name'
  | 'publicName'
  | 'typeId'
  | 'odsCode'
  | 'status'
  | 'address'
  | 'postcode'
  | 'latitude'
  | 'longitude'
  | 'phone'
  | 'web'
  | 'hours'
>

/** One service as read: `record` is JSON text of `ServiceRecord`, spelled as the database spells it. */
export type ServiceRow = {
  readonly uid: number
  readonly seq: number
  readonly record: string
  /** When its capacity was last set, UTC ISO text; absent or null when it never was. */
  readonly capacitySetAt?: string | null
}

/** What anyone may know of a service, and what it was made from. */
export type ReadService = {
  readonly service: IndexedService
  readonly record: ServiceRecord
  readonly capacitySetAt: string | null
}

type Hours = { readonly compiled: CompiledHours; readonly busy: BusyTimes }

/**
 * Turns rows into indexed services. Services with the same hours share them: a national directory has a quarter as
 * many patterns as services. One reader per batch; it remembers every pattern it met.
 */
export function serviceReader(holidays: HolidayCalendar): (row: ServiceRow) => ReadService {
  const patterns = new Map<string, Hours>()
  const hoursOf = (times: PublicFacts['hours']): Hours => {
    const key = JSON.stringify(times)
    const known = patterns.get(key)
    if (known) return known
    const made = { compiled: compileOpeningTimes(times, holidays), busy: busyTimesOf(times) }
    patterns.set(key, made)
    return made
  }
  return ({ uid, seq, record: text, capacitySetAt = null }) => {
    const record = JSON.parse(text) as ServiceRecord
    const facts: PublicFacts = record
    const { compiled, busy } = hoursOf(facts.hours)
    const { name, publicName, typeId, odsCode, status, postcode, latitude, longitude, phone, web } = facts
    const address = facts.address.join(', ')
    const publicJson = writePublicJson(uid, facts, address)
    const own = { uid, seq, hash: hashOf(text), name, publicName, typeId, odsCode, status, address, postcode }
    const service = { ...own, latitude, longitude, phone, web, hours: compiled, busy, publicJson }
    return { record, service, capacitySetAt }
  }
}

/** The five characters by which a service belongs to a pharmacy; undefined without a code. */
export const pharmacyOf = ({ odsCode }: IndexedService): string | undefined =>
  odsCode === null ? undefined : pharmacyCodeOf(odsCode)

/** Whether a search by distance may find the service: only Active ones that are placed. */
export const isFindable = ({ status, latitude, longitude }: IndexedService): boolean =>
  status === 'ACTIVE' && latitude !== null && longitude !== null

/** 96 bits of SHA-256: enough to notice any difference, short enough to keep for every service. */
const hashOf = (text: string): string => hash('sha256', text, 'base64').slice(0, 16)

function writePublicJson(uid: number, facts: PublicFacts, address: string): string {
  const { odsCode, name, typeId, latitude, longitude, phone, web, postcode } = facts
  const json = JSON.stringify({ uid, odsCode, name, typeId, latitude, longitude, phone, web, address, postcode })
  // In one piece: text that was cut or put together remembers its parts, which costs memory and every reader time.
  return Buffer.from(json.slice(0, -1)).toString()
}
