/** A DoS service as the index keeps it: what anyone may know, ready to be compared and shown. */
import { hash } from 'node:crypto'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type CompiledHours, compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'
import { type BusyTimes, busyTimesOf } from './busy-times.ts'
import type { ServiceStatus } from './service-record.ts'
import type { ServiceFacts, ServiceRow } from './service-row.ts'

export type IndexedService = {
  readonly uid: number
  /** Ledger number of its last change. */
  readonly seq: number
  /** Of everything that is held in memory of the service, private facts included: equal hashes mean nothing differs. */
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
  /** What `publicJsonOf` made, once it was asked for. */
  publicJson: string | undefined
}

/** What anyone may know of a service, and what it was made from. */
export type ReadService = {
  readonly service: IndexedService
  readonly facts: ServiceFacts
  readonly row: ServiceRow
  /** The same for services with the same clinical profile. */
  readonly clinicalDigest: string
}

type Hours = { readonly compiled: CompiledHours; readonly busy: BusyTimes; readonly digest: string }

/**
 * Turns rows into indexed services. Services with the same hours share them: a national directory has a quarter as
 * many patterns as services. One reader per batch; it remembers every pattern it met.
 */
export function serviceReader(holidays: HolidayCalendar): (row: ServiceRow) => ReadService {
  const patterns = new Map<string, Hours>()
  const hoursOf = (text: string): Hours => {
    const known = patterns.get(text)
    if (known) return known
    const times = JSON.parse(text) as OpeningTimes
    const made = { compiled: compileOpeningTimes(times, holidays), busy: busyTimesOf(times), digest: digestOf(text) }
    patterns.set(text, made)
    return made
  }
  return (row) => {
    const facts = JSON.parse(row.facts) as ServiceFacts
    const [name, publicName, typeId, odsCode, status, lines, postcode, latitude, longitude, phone, web] = facts
    const { compiled, busy, digest: hoursDigest } = hoursOf(row.hours)
    const clinicalDigest = digestOf(row.clinical)
    const service: IndexedService = {
      uid: row.uid,
      seq: row.seq,
      hash: digestOf(`${row.facts}${row.details}${hoursDigest}${clinicalDigest}`).slice(0, HASH_LENGTH),
      odsCode,
      name,
      publicName,
      typeId,
      status,
      address: lines.join(', '),
      postcode,
      latitude,
      longitude,
      phone,
      web,
      hours: compiled,
      busy,
      publicJson: undefined,
    }
    return { service, facts, row, clinicalDigest }
  }
}

/** The five characters by which a service belongs to a pharmacy; undefined without a code. */
export const pharmacyOf = ({ odsCode }: IndexedService): string | undefined =>
  odsCode === null ? undefined : pharmacyCodeOf(odsCode)

/** Whether a search by distance may find the service: only Active ones that are placed. */
export const isFindable = ({ status, latitude, longitude }: IndexedService): boolean =>
  status === 'ACTIVE' && latitude !== null && longitude !== null

/**
 * The part of the open-data answer that does not depend on the question, as JSON text without its closing brace: the
 * distance and the open state follow. Made when a service is first shown, and kept with it.
 */
export function publicJsonOf(service: IndexedService): string {
  if (service.publicJson !== undefined) return service.publicJson
  const { uid, odsCode, name, typeId, latitude, longitude, phone, web, address, postcode } = service
  const whole = JSON.stringify({ uid, odsCode, name, typeId, latitude, longitude, phone, web, address, postcode })
  service.publicJson = inOnePiece(whole.slice(0, -1))
  return service.publicJson
}

/** Takes less time than to look a long text up by itself. */
const digestOf = (text: string): string => hash('sha256', text, 'base64')

/** 96 bits of SHA-256: enough to notice any difference, short enough to keep for every service. */
const HASH_LENGTH = 16

/** Text that was cut or put together remembers its parts, which costs memory and every reader time; this one is whole. */
const inOnePiece = (text: string): string => Buffer.from(text).toString()
