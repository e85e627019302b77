/**
 * The services around the fictitious pharmacies: emergency departments, urgent treatment centres, surgeries, dentists,
 * opticians, those that answer out of hours.
 */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { boardAt, councilAt, postcodeAreaOf } from './areas.ts'
import { clinicalOf, endpointsOf, wordsOf } from './clinical-profiles.ts'
import { daily, sessionsOf, weekdays } from './hours.ts'
import { placeMaker, scatteredOutcodes } from './places.ts'
import { type Random, randomFor } from './random.ts'

type Kind = {
  readonly typeId: number
  readonly name: string
  /** How many there are beside 1,200 pharmacies. */
  readonly count: number
  readonly prefix: string
  readonly weekly: (random: Random) => WeeklyHours | 'always'
}

const SURGERY_WEEK = weekdays('08:00-18:30')
const SURGERY_WITH_SATURDAY = weekdays('08:00-18:30', '09:00-12:00')
const DENTIST_WEEKS = [
  weekdays('09:00-13:00,14:00-17:30'),
  weekdays('08:30-17:00'),
  weekdays('09:00-17:30', '09:00-13:00'),
]

const SHOP_WEEK = weekdays('09:00-17:30', '09:00-17:00')
const EVENINGS = weekdays('16:00-20:00', '09:00-13:00')
const OUT_OF_HOURS = [...weekdays('00:00-08:00,18:30-24:00').slice(0, 5), ...daily('00:00-24:00').slice(5)]

const KINDS: readonly Kind[] = [
  { typeId: 105, name: 'Emergency Department', count: 120, prefix: 'RZ', weekly: () => 'always' },
  {
    typeId: 135,
    name: 'Urgent Treatment Centre',
    count: 130,
    prefix: 'RY',
    weekly: (random) => (random.chance(0.15) ? 'always' : daily('08:00-20:00')),
  },
  {
    typeId: 100,
    name: 'GP Practice',
    count: 900,
    prefix: 'YZ',
    weekly: (random) => (random.chance(0.1) ? SURGERY_WITH_SATURDAY : SURGERY_WEEK),
  },
  { typeId: 12, name: 'Dental Practice', count: 500, prefix: 'VZ', weekly: (random) => random.pick(DENTIST_WEEKS) },
  { typeId: 14, name: 'Optician', count: 150, prefix: 'TZ', weekly: () => SHOP_WEEK },
  { typeId: 112, name: 'Urgent Eye Care', count: 60, prefix: 'TY', weekly: () => SHOP_WEEK },
  { typeId: 25, name: 'Out of Hours GP', count: 50, prefix: 'NZ', weekly: () => OUT_OF_HOURS },
  { typeId: 136, name: 'GP Access Hub', count: 50, prefix: 'UZ', weekly: () => EVENINGS },
  { typeId: 142, name: 'Mental Health Crisis Line', count: 30, prefix: 'RX', weekly: () => 'always' },
]

/** Numbered from 2000000001 on, apart from those that an import creates. */
const FIRST_UID = 2_000_000_001

/** Every service of the directory that is not a pharmacy's. `share` 1 goes with 1,200 pharmacies. Deterministic. */
export function demoOtherServices(share: number): readonly ServiceRecord[] {
  const random = randomFor('other services')
  const outcodes = scatteredOutcodes(randomFor('other outcodes'))
  const place = placeMaker(random, [6, 7, 8, 9])
  let uid = FIRST_UID
  const services = KINDS.flatMap((kind) =>
    Array.from({ length: Math.round(kind.count * share) }, (_, index) =>
      otherService(kind, index, uid++, place(outcodes[(index * 3 + kind.typeId) % outcodes.length] ?? 'M1'), random),
    ),
  )
  return withSurgeries(services)
}

function otherService(
  kind: Kind,
  index: number,
  uid: number,
  where: ReturnType<ReturnType<typeof placeMaker>>,
  random: Random,
): ServiceRecord {
  const weekly = kind.weekly(random)
  const always = weekly === 'always'
  const { lines, town, postcode, latitude, longitude } = where
  const street = lines[0]?.replace(/^\d+ /, '') ?? ''
  const surgery = kind.typeId === 100 ? surgeryName(street, index) : undefined
  const odsCode = `${kind.prefix}${(index + 1).toString(36).toUpperCase().padStart(4, '0')}`
  return {
    uid,
    name: `${kind.name}: ${surgery ?? street}, ${town}`,
    publicName: surgery ?? null,
    typeId: kind.typeId,
    odsCode,
    status: 'ACTIVE',
    address: lines,
    postcode,
    latitude,
    longitude,
    ...toGrid({ latitude, longitude }),
    phone: dramaNumber(index),
    web: null,
    nonPublicPhone: dramaNumber(index + 500),
    email: `${odsCode.toLowerCase()}@example.nhs.uk`,
    ...wordsOf(kind.typeId),
    hours: {
      weekly: always ? daily('') : weekly,
      bankHoliday: kind.typeId === 135 ? sessionsOf('08:00-20:00') : [],
      openAllHours: always,
      specified: {},
    },
    other: {
      capacity: { status: statusOf(kind.typeId, index) },
      ...clinicalOf(kind.typeId),
      restricted: false,
      referrals: [],
      endpoints: endpointsOf(kind.typeId, odsCode),
      ...peculiarities(kind.typeId, index, postcode),
    },
  }
}

const KINDS_OF_SURGERY = ['Medical Centre', 'Surgery', 'Health Centre', 'Medical Practice', 'Family Practice']

/** Surgeries go by a name that their patients use. */
const surgeryName = (street: string, index: number): string =>
  `${street.replace(/^The /, '')} ${KINDS_OF_SURGERY[index % KINDS_OF_SURGERY.length]}`

/** Numbers from the range kept for drama, so that nobody is ever rung. */
const dramaNumber = (index: number): string => `01632 960${String(index % 1000).padStart(3, '0')}`

/** One emergency department takes nobody now, one treatment centre few. */
function statusOf(typeId: number, index: number): CapacityStatus {
  if (typeId === 105 && index === 5) return 'RED'
  return typeId === 135 && index === 3 ? 'AMBER' : 'GREEN'
}

/** What only some services of a type have. */
function peculiarities(typeId: number, index: number, postcode: string): Readonly<Record<string, unknown>> {
  if (typeId === 105 && index % 3 === 0) {
    const total = index % 20
    return { hospitalScore: { total, note: `Score ${total} (invented)`, updatedAt: '2026-11-21 08:00:00' } }
  }
  if (typeId === 135 && index % 10 === 7) return { limitedTo: [boardAt(postcode)] }
  if (typeId === 112)
    return { returnIfOpenMinutes: 30, ...(index % 5 === 0 ? { promotedTo: [councilAt(postcode)] } : {}) }
  if (typeId === 136) return { attributes: [{ name: 'requirebooking', dataType: 'Boolean', value: 'TRUE' }] }
  return {}
}

/** How many of the nearest surgeries commission a service, and whether it takes their patients only. */
const COMMISSIONED: Readonly<Record<number, { readonly surgeries: number; readonly restricted: boolean }>> = {
  25: { surgeries: 12, restricted: false },
  135: { surgeries: 3, restricted: false },
  136: { surgeries: 6, restricted: true },
}

/** Surgeries take their own patients; hubs and those that answer out of hours work for the surgeries around them. */
function withSurgeries(services: readonly ServiceRecord[]): readonly ServiceRecord[] {
  const surgeries = services.filter(({ typeId }) => typeId === 100)
  const nearby = Map.groupBy(surgeries, ({ postcode }) => postcodeAreaOf(postcode ?? ''))
  return services.map((service) => {
    const { typeId, odsCode, postcode, other } = service
    if (typeId === 100) return { ...service, other: { ...other, restricted: true, referrals: [odsCode] } }
    const commissioned = COMMISSIONED[typeId]
    if (!commissioned) return service
    const near = nearby.get(postcodeAreaOf(postcode ?? '')) ?? []
    const referrals = nearest(service, near, commissioned.surgeries).map((surgery) => surgery.odsCode)
    return { ...service, other: { ...other, restricted: commissioned.restricted, referrals } }
  })
}

function nearest(to: ServiceRecord, among: readonly ServiceRecord[], count: number): readonly ServiceRecord[] {
  const metres = ({ easting, northing }: ServiceRecord) =>
    Math.hypot((easting ?? 0) - (to.easting ?? 0), (northing ?? 0) - (to.northing ?? 0))
  return among.toSorted((a, b) => metres(a) - metres(b) || a.uid - b.uid).slice(0, count)
}
