/** The services around the fictitious pharmacies: emergency departments, urgent treatment centres, surgeries, dentists. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { toGrid } from '#src/reference-data/national-grid.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
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
]

/** The types around the pharmacies: id and name. */
export const OTHER_TYPES = KINDS.map(({ typeId, name }) => [String(typeId), name] as const)

/** Numbered from 2000000001 on, apart from those that an import creates. */
const FIRST_UID = 2_000_000_001

/** Every service of the directory that is not a pharmacy's. `share` 1 goes with 1,200 pharmacies. Deterministic. */
export function demoOtherServices(share: number): readonly ServiceRecord[] {
  const random = randomFor('other services')
  const outcodes = scatteredOutcodes(randomFor('other outcodes'))
  const place = placeMaker(random, [6, 7, 8, 9])
  let uid = FIRST_UID
  return KINDS.flatMap((kind) =>
    Array.from({ length: Math.round(kind.count * share) }, (_, index) =>
      otherService(kind, index, uid++, place(outcodes[(index * 3 + kind.typeId) % outcodes.length] ?? 'M1'), random),
    ),
  )
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
  return {
    uid,
    name: `${kind.name}: ${lines[0]?.replace(/^\d+ /, '')}, ${town}`,
    publicName: null,
    typeId: kind.typeId,
    odsCode: `${kind.prefix}${(index + 1).toString(36).toUpperCase().padStart(4, '0')}`,
    status: 'ACTIVE',
    address: lines,
    postcode,
    latitude,
    longitude,
    ...toGrid({ latitude, longitude }),
    phone: `01632 960${String(index % 1000).padStart(3, '0')}`,
    web: null,
    nonPublicPhone: null,
    email: null,
    publicInformation: null,
    referralInformation: null,
    hours: {
      weekly: always ? daily('') : weekly,
      bankHoliday: kind.typeId === 135 ? sessionsOf('08:00-20:00') : [],
      openAllHours: always,
      specified: {},
    },
    other: { capacity: { status: 'GREEN' } },
  }
}
