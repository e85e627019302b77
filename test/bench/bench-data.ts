/**
 * The 60,000 services that the measurements search: from the generator beside the repository, or where that is absent
 * from our own fictitious directory, enlarged. Made once, kept in the cache folder.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { demoOtherServices } from '#src/demo/other-services.ts'
import { demoPharmacies } from '#src/demo/pharmacies.ts'
import type { ServiceRecord, ServiceStatus } from '#src/directory/service-record.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, dayOf, formatClock, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'

export const BENCH_SERVICES = 60_000
export const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/signpost-bench')
const GENERATOR = resolve(import.meta.dirname, '../../../shared/tools/directory-generator/gen.mjs')
/** The generator's queries fall into four weeks from here, and so do ours. */
const FIRST_DAY = dayOf('2026-12-07')
const DAYS = 28

/** Where and when somebody looks for the ten nearest open services of a type. */
export type BenchQuestion = {
  readonly latitude: number
  readonly longitude: number
  readonly time: string
  readonly typeIds: readonly number[]
}

export type BenchDirectory = {
  readonly source: string
  readonly services: readonly ServiceRecord[]
  readonly questions: readonly BenchQuestion[]
}

/** Reads or makes the directory. */
export function benchDirectory(): BenchDirectory {
  return existsSync(GENERATOR) ? generated() : enlarged()
}

function generated(): BenchDirectory {
  const folder = join(CACHE, 'generated-60k')
  if (!existsSync(join(folder, 'queries-nearest.jsonl'))) {
    mkdirSync(folder, { recursive: true })
    execFileSync(process.execPath, [GENERATOR, '--n', '60k', '--out', folder], { stdio: 'ignore' })
  }
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  return {
    source: 'directory-generator --n 60k',
    services: lines('services.jsonl').map((line) => serviceOf(JSON.parse(line) as GeneratedService)),
    questions: lines('queries-nearest.jsonl').map((line) => JSON.parse(line) as BenchQuestion),
  }
}

type Pair = readonly [string, string]
type GeneratedService = Omit<ServiceRecord, 'hours' | 'other' | 'status'> & {
  readonly status: ServiceStatus
  readonly openAllHours: boolean
  readonly weekly: readonly (readonly Pair[])[]
  readonly bankHoliday: readonly Pair[]
  readonly specified: Readonly<Record<string, readonly Pair[]>>
}

function serviceOf({ openAllHours, weekly, bankHoliday, specified, ...given }: GeneratedService): ServiceRecord {
  const { uid, name, publicName, typeId, odsCode, status, address, postcode, ...rest } = given
  const { easting, northing, latitude, longitude, phone, web, nonPublicPhone, email, ...more } = rest
  const { publicInformation, referralInformation, ...other } = more
  const hours: OpeningTimes = {
    weekly: weekly.map(sessionsOf),
    bankHoliday: sessionsOf(bankHoliday),
    openAllHours,
    specified: Object.fromEntries(Object.entries(specified).map(([date, pairs]) => [date, sessionsOf(pairs)])),
  }
  return {
    ...{ uid, name, publicName, typeId, odsCode, status, address, postcode },
    ...{ easting, northing, latitude, longitude, phone, web },
    ...{ nonPublicPhone: nonPublicPhone ?? null, email: email ?? null },
    ...{ publicInformation: publicInformation ?? null, referralInformation: referralInformation ?? null },
    hours,
    other,
  }
}

const sessionsOf = (pairs: readonly Pair[]): readonly Session[] =>
  pairs.map(([opens, closes]) => ({
    opens: minuteOf(opens),
    closes: closes === '23:59' ? MINUTES_PER_DAY : minuteOf(closes),
  }))

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

function enlarged(): BenchDirectory {
  const pharmacies = demoPharmacies({ pharmacies: 9500, today: dateOf(FIRST_DAY), holidays: holidayCalendar([]) })
  const others = demoOtherServices(8)
  const services = [...others, ...pharmacies.flatMap((one) => one.services as readonly ServiceRecord[])]
    .slice(-BENCH_SERVICES)
    .map((service, index) => ({ ...service, uid: 2_000_000_001 + index }))
  return { source: 'the fictitious directory, enlarged', services, questions: questionsNear(services) }
}

function questionsNear(services: readonly ServiceRecord[]): readonly BenchQuestion[] {
  const placed = services.filter(({ latitude }) => latitude !== null)
  return Array.from({ length: 5000 }, (_, index) => {
    const near = placed[(index * 7919) % placed.length]
    const minute = (index * 367 + 7) % MINUTES_PER_DAY
    const time = `${dateOf(FIRST_DAY + ((index * 11) % DAYS))}T${formatClock(minute)}`
    return { latitude: near?.latitude ?? 52, longitude: near?.longitude ?? -1, time, typeIds: [13] }
  })
}

/** A profile that says what the pharmacy's main service says, so that projecting it changes nothing. */
export function profileOf(service: ServiceRecord): Profile {
  const { odsCode, name, typeId, address, postcode, latitude, longitude, easting, northing } = service
  const isPlaced = latitude !== null && longitude !== null && easting !== null && northing !== null
  return {
    odsCode: pharmacyCodeOf(odsCode ?? ''),
    name,
    ownerName: null,
    kind: typeId === 134 ? 'distance-selling' : 'community',
    status: 'open',
    address: {
      lines: address,
      postcode: postcode ?? '',
      position: isPlaced ? { latitude, longitude, easting, northing } : null,
    },
    contact: { phone: service.phone, website: service.web },
    weekly: service.hours.weekly,
    holidays: {},
    changes: [],
    commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
  }
}
