/**
 * The 60,000 services that the measurements search: from the generator beside the repository, or where that is absent
 * from our own fictitious directory. Made once, kept in the cache folder.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ServiceRecord, ServiceStatus } from '#src/directory/service-record.ts'
import type { Catalogue } from '#src/directory/triage/triage-reference.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { dateOf, dayOf, formatClock, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'

export const BENCH_SERVICES = 60_000
export const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/signpost-bench')
const GENERATOR = resolve(import.meta.dirname, '../../../shared/tools/directory-generator/gen.mjs')
const DEMO_WRITER = resolve(import.meta.dirname, '../../src/demo/write-directory.ts')
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

/** What a call handler asks, as the generator writes it. */
export type BenchCall = {
  readonly postcode: string
  readonly easting: number
  readonly northing: number
  readonly distanceKm: number
  readonly age: { readonly value: number; readonly format: string }
  readonly ageDays: readonly [number, number]
  readonly gender: 'M' | 'F' | 'I'
  readonly sg: number
  readonly sds: readonly number[]
  readonly disposition: number | null
  readonly role: number
  readonly surgery: string | null
  readonly time: string
}

export type BenchDirectory = {
  readonly source: string
  /** Where `services.jsonl`, `reference.json` and `gazetteer.csv` are. */
  readonly folder: string
  readonly services: readonly ServiceRecord[]
  readonly questions: readonly BenchQuestion[]
}

/** Reads the directory, or makes it first. */
export function benchDirectory(size = BENCH_SERVICES): BenchDirectory {
  const called = size === BENCH_SERVICES ? '' : ` of ${size}`
  return existsSync(GENERATOR)
    ? directoryBy(`directory-generator${called}`, GENERATOR, ['--n', String(size)])
    : directoryBy(`the fictitious directory${called}`, DEMO_WRITER, ['--services', String(size)])
}

function directoryBy(source: string, script: string, args: readonly string[]): BenchDirectory {
  const folder = join(CACHE, source.replaceAll(' ', '-'))
  if (!existsSync(join(folder, 'complete'))) {
    mkdirSync(folder, { recursive: true })
    execFileSync(process.execPath, [script, ...args, '--out', folder], { stdio: 'ignore' })
    writeFileSync(join(folder, 'complete'), '')
  }
  const services = linesOf(join(folder, 'services.jsonl')).map((line) =>
    serviceOf(JSON.parse(line) as GeneratedService),
  )
  const queries = join(folder, 'queries-nearest.jsonl')
  const questions = existsSync(queries)
    ? linesOf(queries).map((line) => JSON.parse(line) as BenchQuestion)
    : questionsNear(services)
  return { source, folder, services, questions }
}

/** The calls that go with the directory, and its reference data; our own directory's calls are made up from its services. */
export function benchCalls({ folder, services }: BenchDirectory): {
  readonly calls: readonly BenchCall[]
  readonly reference: Catalogue
} {
  const reference = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Catalogue
  const queries = join(folder, 'queries-triage.jsonl')
  const calls = existsSync(queries) ? linesOf(queries).map((line) => JSON.parse(line) as BenchCall) : callsFor(services)
  return { calls, reference }
}

function callsFor(services: readonly ServiceRecord[]): readonly BenchCall[] {
  const profiled = services.filter(({ easting, other }) => easting !== null && other['sgsd'] !== undefined)
  return Array.from({ length: 5000 }, (_, index) => {
    const { postcode, easting, northing, other } = profiled[(index * 7919) % profiled.length] as ServiceRecord
    const given = other as {
      readonly sgsd: Record<string, readonly number[]>
      readonly dispositions?: readonly number[]
    }
    const groups = Object.keys(given.sgsd)
    const sg = groups[index % groups.length] ?? '0'
    const years = 16 + (index % 70)
    const minute = (index * 367 + 7) % MINUTES_PER_DAY
    return {
      postcode: postcode ?? '',
      easting: easting ?? 0,
      northing: northing ?? 0,
      distanceKm: 60,
      age: { value: years, format: 'Years' },
      ageDays: [years * 365.25, years * 365.25],
      gender: index % 2 === 0 ? 'F' : 'M',
      sg: Number(sg),
      sds: given.sgsd[sg]?.slice(0, 1) ?? [],
      disposition: given.dispositions?.[index % given.dispositions.length] ?? null,
      role: 23,
      surgery: null,
      time: `${dateOf(FIRST_DAY + ((index * 11) % DAYS))}T${formatClock(minute)}`,
    }
  })
}

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

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
