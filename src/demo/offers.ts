/** What the fictitious pharmacies say of their services and facilities: about as often as pharmacies in England do. */
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { serviceWeek } from '#src/profiles/offer-facts.ts'
import type { FacilityAnswer, Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import { canHave, canOffer } from '#src/profiles/remote-offers.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { BLOOD_PRESSURE_CHECK, CONTRACEPTION, PALLIATIVE_STOCK } from '#src/rules/service-matching.ts'
import { shorterWeek } from './hours.ts'
import type { Random } from './random.ts'

/** How many of a hundred pharmacies offer each service, among those that answer. */
const SHARES: readonly (readonly [code: string, percent: number])[] = [
  ['EPS0001', 100],
  ['SRV0177', 70],
  ['SRV0519', 75],
  ['SRV0522', 80],
  ['SRV2002', 40],
  ['OWN-PHARMACY-FIRST', 97],
  [BLOOD_PRESSURE_CHECK, 90],
  [CONTRACEPTION, 65],
  ['SRV0257', 95],
  ['SRV0277', 85],
  ['OWN-COVID-VACCINATION', 40],
  ['OWN-LATERAL-FLOW', 60],
  ['OWN-SMOKING-AFTER-HOSPITAL', 20],
  [PALLIATIVE_STOCK, 12],
  ['OWN-URGENT-MEDICINES-SUPPLY', 95],
  ['SRV0498', 45],
  ['SRV0258', 55],
  ['SRV0274', 25],
  ['SRV0198', 30],
  ['SRV0507', 35],
  ['SRV0504', 12],
  ['SRV0514', 75],
  ['SRV0516', 30],
  ['SRV0513', 20],
  ['SRV0529', 15],
  ['SRV0271', 20],
]
/** How many of a hundred have each facility, and how many say so at all. */
const FACILITY_SHARES: readonly (readonly [id: string, has: number, stated: number])[] = [
  ['28', 45, 90],
  ['29', 40, 70],
  ['30', 30, 85],
  ['7', 85, 95],
  ['35', 80, 90],
  ['portable-ramp', 25, 40],
  ['wide-door', 80, 50],
  ['automatic-door', 45, 60],
  ['146', 97, 100],
  ['low-counter', 35, 40],
  ['seating', 95, 60],
  ['3', 12, 70],
  ['4', 55, 80],
  ['loop-tested', 40, 40],
  ['6', 10, 50],
  ['21', 25, 50],
  ['languages', 45, 45],
  ['large-print', 70, 30],
  ['15', 12, 60],
  ['no-booking-needed', 80, 50],
  ['inhaler-recycling', 30, 40],
]
const LANGUAGES = ['Urdu and Punjabi', 'Polish', 'Gujarati and Hindi', 'Arabic', 'Romanian', 'Bengali']
const OWN_HOURS_PERCENT = 8
const BY_APPOINTMENT_PERCENT = 12

/** Last days of a season that began in autumn: flu by the end of March, COVID-19 by the end of January. */
const SEASONS: Readonly<Record<string, readonly [begins: string, ends: string]>> = {
  SRV0277: ['09-01', '03-31'],
  SRV0514: ['09-01', '03-31'],
  'OWN-COVID-VACCINATION': ['10-01', '01-31'],
}

type Pharmacy = Pick<Profile, 'kind' | 'odsCode' | 'weekly'>
/** The types of DoS service that a pharmacy has: what it offers and what the directory shows mostly agree. */
export type HasType = (typeId: number) => boolean

/** Answers on services. `random` is for what stays the same whatever the date. */
export function drawServices(pharmacy: Pharmacy, has: HasType, today: LocalDate, random: Random) {
  const answers = SHARES.flatMap(([code, percent]): [string, ServiceAnswer][] => {
    const drawn = random.next() * 100
    const detail = [random.next() * 100, random.next() * 100, random.next()] as const
    const kind = offeredServiceKind(code)
    if (!kind) throw new Error(`The list of services has no ${code}`)
    const possible = canOffer(pharmacy.kind, kind)
    const offered = possible && drawn < (kind.dosType === null ? percent : percentBeside(has(kind.dosType)))
    return [[code, offered ? offer(pharmacy, code, today, detail) : answer({ offered: false })]]
  })
  return Object.fromEntries(answers)
}

/** Few say otherwise than the directory: there is always something to put right. */
const percentBeside = (inDirectory: boolean): number => (inDirectory ? 98 : 1)

const answer = (given: Partial<ServiceAnswer>): ServiceAnswer => ({
  offered: true,
  hours: null,
  byAppointment: false,
  bookingLink: null,
  from: null,
  to: null,
  ...given,
})

function offer(
  { odsCode, weekly }: Pharmacy,
  code: string,
  today: LocalDate,
  [own, appointment, link]: readonly [number, number, number],
): ServiceAnswer {
  const kind = offeredServiceKind(code)
  const books = kind?.bookingLink === true && link < 0.4
  return answer({
    hours: kind?.ownHours && own < OWN_HOURS_PERCENT ? serviceWeek(weekly, shorterWeek(weekly)) : null,
    byAppointment: kind?.bookingLink === true && appointment < BY_APPOINTMENT_PERCENT,
    bookingLink: books ? `https://booking.example/${odsCode.toLowerCase()}/${code.toLowerCase()}` : null,
    ...seasonOf(code, today),
    ...(kind?.stock ? { stockCheckedOn: dateOf(dayOf(today) - 1 - Math.floor(link * 80)) } : {}),
  })
}

/** The season that is on, or the next one. */
function seasonOf(code: string, today: LocalDate): Pick<ServiceAnswer, 'from' | 'to'> {
  const season = SEASONS[code]
  if (!season) return { from: null, to: null }
  const [begins, ends] = season
  const year = Number(today.slice(0, 4)) - (today.slice(5) <= ends ? 1 : 0)
  return { from: `${year}-${begins}` as LocalDate, to: `${year + 1}-${ends}` as LocalDate }
}

/** Answers on facilities. */
export function drawFacilities(
  { kind }: Pick<Profile, 'kind'>,
  random: Random,
): Readonly<Record<string, FacilityAnswer>> {
  const answers = FACILITY_SHARES.flatMap(([id, has, stated]): [string, FacilityAnswer][] => {
    // distance sellers are asked about few things, and answer them
    const asked = isRemoteOnly(kind) ? 80 : stated
    const [isStated, is] = [random.next() * 100 < asked, random.next() * 100 < has]
    return isStated && canHave(kind, { id }) ? [[id, is ? { has: true, ...detailOf(id, random) } : { has: false }]] : []
  })
  return Object.fromEntries(answers)
}

function detailOf(id: string, random: Random): Partial<FacilityAnswer> {
  if (id === 'wide-door') return { measure: random.between(80, 120) * 10 }
  if (id === 'languages') return { note: random.pick(LANGUAGES) }
  return {}
}
