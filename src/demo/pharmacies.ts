/** The fictitious pharmacies: who they are, what each says about itself, and its DoS services. Deterministic. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { DatedChange, Delivery, HolidayAnswer, Profile, SectionStanding, Sections } from '#src/profiles/profile.ts'
import { SECTIONS } from '#src/profiles/profile.ts'
import { projectedFacts, specifiedDates } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import type { OpeningTimes, WeeklyHours } from '#src/rules/opening-times.ts'
import { areaCodeOf, boardAt } from './areas.ts'
import { clinicalOf, endpointsOf, wordsOf } from './clinical-profiles.ts'
import { drawWeek, firstFortyHours, sessionsOf, shorterWeek } from './hours.ts'
import { drawFacilities, drawServices } from './offers.ts'
import { type DemoPlace, placeMaker, scatteredOutcodes } from './places.ts'
import { type Random, randomFor } from './random.ts'

export type DemoPharmacy = {
  readonly profile: Profile
  readonly sections: Sections
  readonly services: readonly Omit<ServiceRecord, 'uid'>[]
}

/** The head office of the largest chain, which has 300 branches. */
export const LARGEST_GROUP = { code: 'PZ001', name: 'Marigold Pharmacy', branches: 300 } as const

/** Fictitious chains: head office code, trading name, and how many branches of 1,200 pharmacies are theirs. */
const CHAINS: readonly { readonly code: string; readonly name: string; readonly branches: number }[] = [
  LARGEST_GROUP,
  { code: 'PZ002', name: 'Harrow & Finch Chemist', branches: 90 },
  { code: 'PZ003', name: 'Northgate Pharmacy', branches: 60 },
  { code: 'PZ004', name: 'Well Street Pharmacy', branches: 40 },
  { code: 'PZ005', name: 'Pestle & Co', branches: 25 },
]
const SURNAMES = [
  'Abbott',
  'Bagshaw',
  'Chowdhury',
  'Dunmore',
  'Eastwood',
  'Farrant',
  'Goswami',
  'Hallam',
  'Iqbal',
  'Jessop',
]
const MORE_SURNAMES = [
  'Kettle',
  'Lakhani',
  'Marsden',
  'Nayar',
  'Okafor',
  'Pargeter',
  'Quayle',
  'Rahman',
  'Sowerby',
  'Thackray',
]
const KINDS_OF_SHOP = ['Pharmacy', 'Chemist', 'Late Night Pharmacy', 'Health Centre Pharmacy', 'Village Pharmacy']

/** DoS types beside the main one, and how many services of each a pharmacy has on average. */
const FURTHER_SERVICES = [
  { typeId: 131, suffix: 'UMS', name: 'Pharmacy Urgent Medicines Supply', average: 0.95 },
  { typeId: 132, suffix: 'PF1', name: 'Pharmacy Enhanced: Pharmacy First', average: 0.97 },
  { typeId: 132, suffix: 'PF2', name: 'Pharmacy Enhanced: minor illness', average: 0.93 },
  { typeId: 137, suffix: 'CAS', name: 'IUC Pharmacy Clinical Assessment', average: 0.02 },
  { typeId: 148, suffix: 'BPS', name: 'Pharmacy Blood Pressure Check', average: 0.9 },
  { typeId: 149, suffix: 'CON', name: 'Pharmacy Contraception', average: 0.65 },
] as const
const DISTANCE_SELLING_SHARE = 0.04
const SHORTER_HOURS_SHARE = 0.1

export type DemoOptions = { readonly pharmacies: number; readonly today: LocalDate; readonly holidays: HolidayCalendar }

/** The pharmacies of the fictitious directory as they stand on `today`, in the order of their codes. */
export function demoPharmacies({ pharmacies, today, holidays }: DemoOptions): readonly DemoPharmacy[] {
  const place = placeMaker(randomFor('places of pharmacies'), [1, 2, 3, 4, 5])
  const outcodes = outcodesFor(pharmacies)
  const asked = holidays.statutoryDays(dayOf(today), dayOf(today) + 548).map(({ date }) => date)
  return Array.from({ length: pharmacies }, (_, index) =>
    pharmacy(index, { where: place(outcodes[index] ?? 'M1'), today, asked, share: pharmacies / 1200 }),
  )
}

/** Two pharmacies a district on average: most districts have one or two, a few have six. */
function outcodesFor(count: number): readonly string[] {
  const random = randomFor('outcodes')
  const districts = scatteredOutcodes(random)
  const chosen: string[] = []
  for (let index = 0; chosen.length < count; index++) {
    const outcode = districts[index % districts.length] ?? 'M1'
    const here = random.weighted([
      [1, 45],
      [2, 30],
      [3, 13],
      [4, 7],
      [6, 5],
    ] as const)
    for (let more = 0; more < here && chosen.length < count; more++) chosen.push(outcode)
  }
  return chosen
}

type Setting = {
  readonly where: DemoPlace
  readonly today: LocalDate
  readonly asked: readonly LocalDate[]
  /** How many times the usual 1,200 pharmacies there are. */
  readonly share: number
}

function pharmacy(index: number, setting: Setting): DemoPharmacy {
  const { where, today, asked } = setting
  const odsCode = `FZ${(index + 1).toString(36).toUpperCase().padStart(3, '0')}`
  const random = randomFor(`pharmacy ${odsCode}`)
  const chain = chainOf(index, setting.share)
  const distanceSelling = !chain && random.chance(DISTANCE_SELLING_SHARE * 1.75)
  const name = chain?.name ?? independentName(random, where, distanceSelling)
  const weekly = drawWeek(random)
  // what depends on the date has its own series, so that the same pharmacies stand there every day
  const dated = randomFor(`dates of ${odsCode}`)
  const habit = random.weighted([
    ['keen', 55],
    ['partly', 25],
    ['never', 20],
  ] as const)
  const said: Profile = {
    odsCode,
    name,
    ownerName: `${chain?.name ?? name} Ltd`,
    ...kindOf(odsCode, distanceSelling),
    status: 'open',
    address: { lines: where.lines, postcode: where.postcode, position: positionOf(where) },
    contact: contactOf(index, odsCode, name, { random, distanceSelling }),
    weekly,
    holidays: holidayAnswers(habit === 'keen' ? asked : habit === 'partly' ? asked.slice(0, 3) : [], dated),
    changes: dated.chance(0.03) ? [plannedChange(today, dated, distanceSelling)] : [],
    commissioning: {
      parentCode: chain?.code ?? null,
      icbCode: areaCodeOf(boardAt(where.postcode)),
      healthAndWellbeingBoard: null,
    },
  }
  const types = drawTypes(random, distanceSelling)
  const core = firstFortyHours(weekly)
  const agreed = habit === 'keen' && core ? { contract: { condition: 'forty' as const, core } } : {}
  const profile = habit === 'never' ? said : { ...said, ...agreed, ...offersOf(said, types, today) }
  return { profile, sections: standings(habit, profile, today, dated), services: servicesOf(profile, types, today) }
}

function chainOf(index: number, share: number) {
  // the chains are spread over the whole list, so that every part of England has some
  const turn = (index * 7) % 1200
  let first = 0
  for (const chain of CHAINS) {
    if (turn >= first && turn < first + chain.branches && index < 1200 * Math.max(1, share)) return chain
    first += chain.branches
  }
  return undefined
}

function independentName(random: Random, where: DemoPlace, distanceSelling: boolean): string {
  const surname = random.pick([...SURNAMES, ...MORE_SURNAMES])
  if (distanceSelling) return `${surname}'s Online Pharmacy`
  return random.chance(0.3) ? `${where.town} ${random.pick(KINDS_OF_SHOP)}` : `${surname} ${random.pick(KINDS_OF_SHOP)}`
}

/** Numbers from the ranges kept for drama, so that nobody is ever rung. */
const dramaNumber = (index: number, offset: number): string =>
  `01632 960${String((index + offset) % 1000).padStart(3, '0')}`

/** Every third is a mobile that stays at the pharmacy, which takes text messages. */
const forColleagues = (index: number): string =>
  index % 3 === 0 ? `07700 900${String((index + 500) % 1000).padStart(3, '0')}` : dramaNumber(index, 500)

function contactOf(
  index: number,
  odsCode: string,
  name: string,
  { random, distanceSelling }: { readonly random: Random; readonly distanceSelling: boolean },
): Profile['contact'] {
  const host = name
    .toLowerCase()
    .replaceAll("'", '')
    .replaceAll(/[^a-z]+/g, '-')
  return {
    phone: dramaNumber(index, 0),
    ...(random.chance(0.27) || distanceSelling
      ? { website: `https://www.${host}.example/${odsCode.toLowerCase()}` }
      : {}),
    ...(random.chance(0.4) ? { professionalPhone: forColleagues(index) } : {}),
    ...(random.chance(0.6) ? { professionalEmail: `pharmacy.${odsCode.toLowerCase()}@nhsmail.example` } : {}),
  }
}

const DELIVERIES = [
  'Free, by Royal Mail Tracked 48, in plain packaging.',
  'Free, by our own drivers or by tracked post. Medicines that must stay cold come by courier.',
  'Free, by tracked post. You choose a safe place on our website.',
] as const

const kindOf = (odsCode: string, distanceSelling: boolean): Pick<Profile, 'kind' | 'delivery'> =>
  distanceSelling ? { kind: 'distance-selling', delivery: deliveryOf(odsCode) } : { kind: 'community' }

/** How a distance seller delivers. Numbers of the register are seven digits; these belong to nobody. */
function deliveryOf(odsCode: string): Delivery {
  const random = randomFor(`delivery of ${odsCode}`)
  return {
    how: random.pick(DELIVERIES),
    orderBy: random.pick([720, 840, 960]),
    workingDays: random.between(1, 3),
    premisesNumber: `1999${String(random.between(100, 999))}`,
  }
}

const positionOf = ({ latitude, longitude }: DemoPlace) => ({ latitude, longitude, ...toGrid({ latitude, longitude }) })

function holidayAnswers(dates: readonly LocalDate[], random: Random): Record<LocalDate, HolidayAnswer> {
  return Object.fromEntries(
    dates.map((date) => [
      date,
      date.endsWith('12-25') && random.chance(0.99) ? { answer: 'closed' } : holidayAnswer(random),
    ]),
  )
}

const holidayAnswer = (random: Random): HolidayAnswer =>
  random.weighted<HolidayAnswer>([
    [{ answer: 'closed' }, 60],
    [{ answer: 'other', sessions: sessionsOf('10:00-16:00') }, 25],
    [{ answer: 'other', sessions: sessionsOf('10:00-14:00') }, 8],
    [{ answer: 'usual' }, 7],
  ])

const BUILDING_WORK = 'We are closed for building work. The nearest pharmacies are listed on our door.'

function plannedChange(today: LocalDate, random: Random, remote: boolean): DatedChange {
  const from = dayOf(today) + random.between(2, 40)
  const closed = random.chance(0.76)
  return {
    id: `planned-${from}`,
    from: dateOf(from),
    to: dateOf(from + (closed ? random.between(0, 2) : 0)),
    sessions: closed ? [] : sessionsOf('09:00-13:00'),
    reason: random.pick(['refit', 'staff-training', 'other']),
    note: closed ? (remote ? 'We move to other premises. Orders go out again afterwards.' : BUILDING_WORK) : null,
  }
}

/** When each section was last changed and checked: keen pharmacies this quarter, others not yet. */
function standings(habit: 'keen' | 'partly' | 'never', profile: Profile, today: LocalDate, random: Random): Sections {
  const { odsCode } = profile
  const person = `person:pharmacy.${odsCode.toLowerCase()}@nhsmail.example`
  const daysAgo = (days: number) =>
    new Date((dayOf(today) - days) * 86_400_000 + random.between(9, 16) * 3_600_000).toISOString()
  const imported = daysAgo(400)
  const isSilent = (section: string) =>
    habit === 'never' || ((section === 'services' || section === 'facilities') && profile[section] === undefined)
  const standing = (section: string): SectionStanding => {
    if (isSilent(section)) {
      return {
        source: 'list',
        changedAt: imported,
        changedBy: 'command:pharmaceutical-list',
        checkedAt: null,
        checkedBy: null,
      }
    }
    const checked = habit === 'keen' && random.chance(0.8)
    return {
      source: 'pharmacy',
      changedAt: daysAgo(random.between(60, 300)),
      changedBy: person,
      checkedAt: daysAgo(checked ? random.between(1, 40) : random.between(95, 180)),
      checkedBy: person,
    }
  }
  return Object.fromEntries(SECTIONS.map((section) => [section, standing(section)])) as Sections
}

/** A DoS service to be: its type, and whether its hours are shorter than its pharmacy's. */
type Drawn = (typeof FURTHER_SERVICES)[number] & { readonly isShorter: boolean }

/** Blood pressure is measured on the spot, so that no distance seller has that service. */
function drawTypes(random: Random, distanceSelling: boolean): readonly Drawn[] {
  const drawn = FURTHER_SERVICES.filter(({ average }) => random.chance(average))
  const further = drawn.filter(({ typeId }) => !(distanceSelling && typeId === 148))
  return further.map((one) => ({ ...one, isShorter: random.chance(SHORTER_HOURS_SHARE) }))
}

/** Three in four of those who answer at all say what they offer, and most of them what their building has. */
function offersOf(
  profile: Profile,
  types: readonly Drawn[],
  today: LocalDate,
): Pick<Profile, 'services' | 'facilities'> {
  const random = randomFor(`offers of ${profile.odsCode}`)
  const [services, facilities] = [random.chance(0.85), random.chance(0.9)]
  const has = (typeId: number) => types.some((one) => one.typeId === typeId)
  return {
    ...(services ? { services: drawServices(profile, has, today, random) } : {}),
    ...(facilities ? { facilities: drawFacilities(profile, random) } : {}),
  }
}

function servicesOf(
  profile: Profile,
  types: readonly Drawn[],
  today: LocalDate,
): readonly Omit<ServiceRecord, 'uid'>[] {
  const main = profile.kind === 'distance-selling' ? 134 : 13
  const hoursOf = projectedFacts(profile, today)
  return [
    service(
      profile,
      main,
      '',
      main === 134 ? 'Pharmacy Distance Selling' : 'Pharmacy',
      profile.weekly,
      specifiedDates(profile),
    ),
    ...types.map(({ typeId, suffix, name, isShorter }) => {
      const { weekly, specified } = hoursOf({ uid: 0, typeId, odsCode: `${profile.odsCode}${suffix}` })
      return service(profile, typeId, suffix, name, isShorter ? shorterWeek(weekly) : weekly, specified)
    }),
  ]
}

function service(
  profile: Profile,
  typeId: number,
  suffix: string,
  kind: string,
  weekly: WeeklyHours,
  specified: OpeningTimes['specified'],
): Omit<ServiceRecord, 'uid'> {
  const { address, contact, odsCode, name, kind: kindOfPharmacy } = profile
  return {
    name: `${kind}: ${name}, ${address.lines[1]}`,
    publicName: suffix === '' ? name : null,
    typeId,
    odsCode: `${odsCode}${suffix}`,
    status: 'ACTIVE',
    address: address.lines,
    postcode: address.postcode,
    easting: address.position?.easting ?? null,
    northing: address.position?.northing ?? null,
    latitude: address.position?.latitude ?? null,
    longitude: address.position?.longitude ?? null,
    phone: contact.phone ?? null,
    web: contact.website ?? null,
    nonPublicPhone: contact.professionalPhone ?? null,
    email: contact.professionalEmail ?? null,
    ...wordsOf(typeId, kindOfPharmacy === 'distance-selling'),
    hours: { weekly, bankHoliday: null, openAllHours: false, specified },
    other: {
      capacity: { status: 'GREEN' },
      ...clinicalOf(typeId, suffix),
      restricted: false,
      referrals: [],
      endpoints: suffix === 'PF2' ? [] : endpointsOf(typeId, `${odsCode}${suffix}`),
      ...(typeId === 137 ? { limitedTo: [boardAt(address.postcode)] } : {}),
    },
  }
}
