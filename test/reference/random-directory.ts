/**
 * Small directories in which everything happens at once, and questions that aim at their edges: services that are equally
 * far away or exactly on the edge of the box, sessions that end on the minute, areas that overlap, surgeries that share a
 * code. The same seed always gives the same directory.
 */
import { type Dice, diceFor } from './dice.ts'
import type { SlowAreas, SlowQuestion, SlowReference, SlowService, SlowSession } from './slow-triage.ts'

export type RandomDirectory = {
  readonly services: readonly SlowService[]
  readonly reference: SlowReference
  readonly questions: readonly SlowQuestion[]
}

/** Rank, limit and share of the services. Administrative types are there to be left out; 999 is not in the catalogue. */
const TYPES: readonly (readonly [id: number, rank: number, limit: number, share: number])[] = [
  [13, 2, 2, 20],
  [14, 2, 2, 8],
  [12, 10, 2, 5],
  [25, 3, 2, 12],
  [46, 3, 3, 10],
  [100, 3, 1, 18],
  [112, 2, 2, 4],
  [113, 5, 2, 2],
  [133, 1, 1, 6],
  [138, 1, 1, 2],
  [105, 8, 2, 3],
  [40, 9, 2, 2],
  [6, 1, 2, 1],
  [111, 1, 2, 1],
  [115, 1, 2, 1],
  [-1, 1, 2, 1],
  [999, 0, 0, 2],
]
const EMERGENCY = [40, 105]

const PAIRS: SlowReference['pairs'] = {
  1001: [4001, 4002, 4003],
  1002: [4001, 4004, 4008],
  1003: [4005],
  1004: [4002, 4003, 4005, 4006],
}
const GROUPS = [1001, 1002, 1003, 1004]
const DISCRIMINATORS = [4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008]
/** Carried by services of these types only. */
const RARE = { discriminator: 4008, types: [14, 46, 138] }

const TIMEFRAMES = [null, 0, 15, 30, 31, 45, 60, 61, 75, 89, 90, 91, 120, 240, 360, 720, 1440, 2880, 4320]
const DISPOSITIONS = TIMEFRAMES.map((timeframe, at) => ({ id: 2000 + at, timeframe }))

const ROLES = [1, 2, 23, 126]
const SURGERIES = ['A00001', 'B00002', 'C00003', 'D00004', 'E00005', 'F00006']

/** Christmas and Easter with the days around them, both clock changes, and a week with nothing in it. */
const DAYS = [
  ...['2026-12-09', '2026-12-10', '2026-12-12', '2026-12-13', '2026-10-24', '2026-10-25', '2027-03-27', '2027-03-28'],
  ...['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28', '2026-12-29', '2026-12-31', '2027-01-01'],
  ...['2027-03-25', '2027-03-26', '2027-03-29', '2027-03-30', '2027-02-28', '2027-03-01'],
]
/** Those of 2026 and 2027, whole years: another year is computed. */
const BANK_HOLIDAYS = [
  ...['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-04', '2026-05-25', '2026-08-31', '2026-12-25', '2026-12-28'],
  ...['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-03', '2027-05-31', '2027-08-30', '2027-12-27', '2027-12-28'],
]

type Town = { readonly easting: number; readonly northing: number; readonly areas: SlowAreas }

/** On round numbers, where squares of a grid meet. Two towns thirty kilometres apart, one on the very edge of their boxes, and one that no emergency department is near. */
const TOWNS: readonly Town[] = [
  { easting: 480_000, northing: 480_000, areas: { localAuthority: 'LA1', icb: 'ICB1', local: ['LDA1'] } },
  { easting: 498_000, northing: 504_000, areas: { localAuthority: 'LA2', icb: 'ICB1', local: [] } },
  { easting: 540_000, northing: 480_000, areas: { localAuthority: 'LA3', icb: 'ICB2', local: ['LDA1', 'LDA2'] } },
  { easting: 120_000, northing: 100_000, areas: { localAuthority: null, icb: 'ICB3', local: [] } },
]
const FAR_TOWN = 3
/** In the corners of what the directory takes, beyond every map: a few services are there all the same. */
const CORNERS: readonly Town[] = [
  { easting: 790_000, northing: 1_390_000, areas: { localAuthority: 'LA3', icb: null, local: [] } },
  { easting: 5_000, northing: 1_310_000, areas: { localAuthority: 'LA1', icb: 'ICB2', local: [] } },
]
const LIMITS = { easting: 800_000, northing: 1_400_000 }
const AREA_CODES = ['LA1', 'LA2', 'LA3', 'ICB1', 'ICB2', 'ICB3', 'LDA1', 'LDA2']

/** Some are not exact in binary: 32.3 km is 32299.999… m when it is only multiplied. */
const DISTANCES = [60, 60, 60, 60, 30, 30, 10, 99, 32.3, 16.1, 1]
/** Different ways to be exactly 65 or 40 units away. */
const EQUALLY_FAR = [
  [16, 63],
  [63, 16],
  [33, 56],
  [56, 33],
  [39, 52],
  [52, 39],
  [25, 60],
  [60, 25],
  [65, 0],
  [0, 65],
  [60, 0],
  [40, 0],
  [0, 40],
  [24, 32],
  [32, 24],
] as const

/** A directory with its questions. */
export function randomDirectory(seed: string, size: number, questions: number): RandomDirectory {
  const dice = diceFor(seed)
  const reference = randomReference(dice)
  const services = Array.from({ length: size }, (_, at) => randomService(dice, at + 1))
  return {
    services: dice.shuffled(services),
    reference,
    questions: Array.from({ length: questions }, () => randomQuestion(dice, services)),
  }
}

function randomReference(dice: Dice): SlowReference {
  const ranks = () =>
    Object.fromEntries(TYPES.filter(() => dice.chance(0.4)).map(([id]) => [id, dice.between(1, 4)] as const))
  return {
    types: TYPES.filter(([id]) => id !== 999).map(([id, rank, limit]) => ({ id, rank, limit })),
    pairs: PAIRS,
    dispositions: DISPOSITIONS,
    catchAllTypes: dice.pick([EMERGENCY, EMERGENCY, [40], [105]]),
    catchAllKm: 60,
    bankHolidays: BANK_HOLIDAYS,
    rankings: dice.chance(0.2) ? {} : { LA1: ranks(), ICB1: ranks(), ICB2: ranks(), LDA1: ranks() },
  }
}

/** One service with a mind of its own; a service of an earlier directory may be replaced by it. */
export function randomService(dice: Dice, uid: number): SlowService {
  const typeId = dice.weighted(TYPES.map(([id, , , share]) => [id, share] as const))
  const restricted = dice.chance(0.12)
  const commissioned = restricted ? dice.chance(0.9) : dice.chance(0.2)
  const service = {
    ...{ uid, typeId, odsCode: randomCode(dice, typeId) },
    status: dice.chance(0.94) ? 'ACTIVE' : dice.pick(['CLOSED', 'COMMISSIONING', 'SUSPENDED', 'RETIRED']),
    ...randomPlace(dice, EMERGENCY.includes(typeId)),
    ...randomHours(dice),
    ...{ capacity: randomCapacity(dice), genders: randomGenders(dice), ages: randomAges(dice) },
    sgsd: Object.fromEntries(
      GROUPS.filter(() => dice.chance(0.7)).map((sg) => [sg, randomDiscriminators(dice, sg, typeId)]),
    ),
    dispositions: DISPOSITIONS.filter(() => dice.chance(0.9)).map(({ id }) => id),
    roles: dice.chance(0.97) ? [23, ...dice.some(ROLES, 0.5)] : dice.some(ROLES, 0.3),
    restricted,
    referrals: commissioned ? dice.some(SURGERIES, 0.4).map((code) => spelled(dice, code)) : [],
    returnIfOpenMinutes: dice.chance(0.15) ? dice.pick([15, 30]) : null,
  }
  return {
    ...service,
    ...(dice.chance(0.2) ? { limitedTo: atLeastOne(dice, AREA_CODES, 0.35) } : {}),
    ...(dice.chance(0.1) ? { closures: [randomClosure(dice)] } : {}),
    ...(dice.chance(0.3) ? { promotedTo: atLeastOne(dice, AREA_CODES, 0.35) } : {}),
  }
}

const atLeastOne = <T>(dice: Dice, list: readonly T[], share: number): readonly T[] => [
  ...new Set([dice.pick(list), ...dice.some(list, share)]),
]

const spelled = (dice: Dice, code: string): string => (dice.chance(0.1) ? code.toLowerCase() : code)

/** Codes of surgeries are shared: by surgeries of one practice, and now and then by a service of another type. */
function randomCode(dice: Dice, typeId: number): string | null {
  if (dice.chance(typeId === 100 ? 0.35 : 0.06)) return spelled(dice, dice.pick(SURGERIES))
  return dice.chance(0.02) ? null : `F${dice.between(1000, 9999)}`
}

function randomPlace(dice: Dice, isEmergency: boolean): Pick<SlowService, 'easting' | 'northing'> {
  if (dice.chance(0.01)) return { easting: null, northing: null }
  const town = dice.chance(0.05) ? dice.pick(CORNERS) : dice.pick(isEmergency ? TOWNS.slice(0, FAR_TOWN) : TOWNS)
  const [east, north] = randomOffset(dice)
  return {
    easting: Math.min(Math.max(town.easting + east, 0), LIMITS.easting),
    northing: Math.min(Math.max(town.northing + north, 0), LIMITS.northing),
  }
}

function randomOffset(dice: Dice): readonly [east: number, north: number] {
  const sign = () => dice.pick([1, -1])
  switch (dice.between(0, 9)) {
    case 0:
      return [0, 0]
    case 1:
    case 2:
    case 3: {
      const [east, north] = dice.pick(EQUALLY_FAR)
      const scale = dice.pick([10, 40, 100, 461, 500, 750, 1000])
      return [sign() * east * scale, sign() * north * scale]
    }
    case 4:
    case 5: {
      const edge = sign() * (Math.round(dice.pick(DISTANCES) * 1000) + dice.pick([0, 0, 1, -1]))
      const other = dice.chance(0.2) ? edge : dice.between(-Math.abs(edge), Math.abs(edge))
      return dice.chance(0.5) ? [edge, other] : [other, edge]
    }
    default:
      return [dice.between(-35_000, 35_000), dice.between(-35_000, 35_000)]
  }
}

/** Minutes at which sessions like to begin and end: collisions are what is looked for. */
const EDGES = [0, 1, 60, 120, 480, 540, 570, 600, 630, 720, 780, 840, 1020, 1080, 1110, 1320, 1380, 1410, 1438]
const LAST_MINUTE = 1439

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

function randomSessions(dice: Dice): readonly SlowSession[] {
  const count = dice.weighted([
    [0, 15],
    [1, 55],
    [2, 22],
    [3, 8],
  ])
  const ends = [...new Set(dice.shuffled([...EDGES, LAST_MINUTE, dice.between(2, 1437)]).slice(0, count * 2))]
  ends.sort((a, b) => a - b)
  const sessions: SlowSession[] = []
  for (let at = 0; at + 1 < ends.length; at += 2) sessions.push([clock(ends[at] ?? 0), endOf(dice, ends[at + 1] ?? 0)])
  return sessions
}

const endOf = (dice: Dice, minute: number): string => {
  if (minute !== LAST_MINUTE) return clock(minute)
  return dice.chance(0.3) ? '24:00' : '23:59'
}

const NIGHT: readonly SlowSession[] = [
  ['00:00', '02:00'],
  ['22:00', '23:59'],
]

function randomWeek(dice: Dice): SlowService['weekly'] {
  const days = () => Array.from({ length: 7 }, () => (dice.chance(0.03) ? null : randomSessions(dice)))
  return dice.weighted([
    [days(), 40],
    [Array.from({ length: 7 }, () => NIGHT), 7],
    [Array.from({ length: 7 }, () => (dice.chance(0.6) ? ([['22:00', '02:00']] as const) : randomSessions(dice))), 8],
    [Array.from({ length: 7 }, () => [['00:00', '23:59']] as const), 15],
    [Array.from({ length: 7 }, () => [['09:00', '17:30']] as const), 20],
    [Array.from({ length: 7 }, () => [['18:30', '24:00']] as const), 5],
    [[[], [], [], [], [], [], []], 5],
  ])
}

type Hours = Pick<SlowService, 'openAllHours' | 'weekly' | 'bankHoliday' | 'specified'>

const randomDate = (dice: Dice): readonly SlowSession[] =>
  dice.weighted([
    [[], 50],
    [randomSessions(dice), 42],
    [[['20:00', '01:00']], 8],
  ])

function randomHours(dice: Dice): Hours {
  const dates = dice.chance(0.3) ? dice.some(DAYS, 0.15) : []
  return {
    openAllHours: dice.chance(0.3),
    weekly: randomWeek(dice),
    bankHoliday: dice.chance(0.5) ? [] : randomSessions(dice),
    specified: Object.fromEntries(dates.map((date) => [date, randomDate(dice)])),
  }
}

function randomCapacity(dice: Dice): SlowService['capacity'] {
  const status = dice.weighted([
    ['GREEN', 70],
    ['AMBER', 12],
    ['RED', 18],
  ])
  return dice.chance(0.6) ? { status, resetAt: randomTime(dice, dice.pick(EDGES)) } : { status }
}

function randomClosure(dice: Dice): NonNullable<SlowService['closures']>[number] {
  const [from = '', until = ''] = [randomTime(dice, dice.pick(EDGES)), randomTime(dice, dice.pick(EDGES))].sort()
  return { from, until: dice.chance(0.4) ? null : until }
}

const randomGenders = (dice: Dice): readonly string[] =>
  dice.weighted([
    [['M', 'F', 'I'], 80],
    [['F', 'I'], 6],
    [['M', 'F'], 6],
    [['F'], 4],
    [['M'], 2],
    [[], 2],
  ])

const BANDS = [
  [0, 364.25],
  [365.25, 1825.25],
  [1826.25, 5843],
  [5844, 47_481.5],
] as const

function randomAges(dice: Dice): SlowService['ages'] {
  return dice.weighted<SlowService['ages']>([
    [BANDS, 60],
    [[[0, 47_481.5]], 15],
    [dice.some(BANDS, 0.6), 15],
    [[[730.5, 47_481.5]], 8],
    [[], 2],
  ])
}

function randomDiscriminators(dice: Dice, sg: number, typeId: number): readonly number[] {
  const carried = dice
    .some(PAIRS[sg] ?? [], 0.85)
    .filter((id) => id !== RARE.discriminator || RARE.types.includes(typeId))
  return dice.chance(0.1) ? [...carried, dice.pick(DISCRIMINATORS)] : carried
}

/** London shows no 01:00 to 01:59 on 28 March 2027. */
const SKIPPED = /^2027-03-28T01/

function randomTime(dice: Dice, minute: number): string {
  const near = minute + dice.pick([0, 0, 0, 1, -1, 15, -15, -30, -31, -29, -60, -61, -16])
  const time = `${dice.pick(DAYS)}T${clock(Math.min(Math.max(near, 0), LAST_MINUTE))}`
  return SKIPPED.test(time) ? time.replace('T01', 'T00') : time
}

/** What somebody asks, at a minute at which something in the directory happens more often than not. */
export function randomQuestion(dice: Dice, services: readonly SlowService[]): SlowQuestion {
  const town = dice.chance(0.04) ? dice.pick(CORNERS) : dice.pick(TOWNS)
  const isOld = dice.chance(0.25)
  const sg = dice.chance(0.98) ? dice.pick(GROUPS) : dice.pick([null, null, 9999])
  return {
    ...((isOld && dice.chance(0.4) ? atDoor(dice, services) : undefined) ?? randomBox(dice, town, services)),
    ageDays: randomAge(dice, isOld),
    gender: dice.weighted([
      ['F', 50],
      ['M', 40],
      ['I', 10],
    ]),
    sg,
    sds: askedDiscriminators(dice, sg),
    disposition: dice.chance(0.08) ? null : dice.pick(DISPOSITIONS).id,
    role: dice.chance(0.8) ? 23 : dice.pick(ROLES),
    surgery: dice.chance(0.7) ? askedSurgery(dice) : null,
    time: randomTime(dice, dice.chance(0.8) ? dice.pick(EDGES) : dice.between(0, LAST_MINUTE)),
    areas: dice.chance(0.15) ? null : town.areas,
    discriminatorRule: isOld ? 'any' : 'all',
    legacyCatchAll: isOld && dice.chance(0.7),
  }
}

/** At the door of an emergency department, where it is the only match: the old rule adds others to it. */
function atDoor(dice: Dice, services: readonly SlowService[]) {
  const [first, ...others] = services.filter(({ typeId, easting }) => EMERGENCY.includes(typeId) && easting !== null)
  return first && { ...placeOf(dice.pick([first, ...others])), distanceKm: 1 }
}

const randomBox = (dice: Dice, town: Town, services: readonly SlowService[]) => ({
  ...randomOrigin(dice, town, services),
  distanceKm: dice.pick(DISTANCES),
})

const placeOf = ({ easting, northing }: SlowService) => ({ easting: easting ?? 0, northing: northing ?? 0 })

function randomOrigin(dice: Dice, town: Town, services: readonly SlowService[]) {
  const kind = dice.next()
  if (kind < 0.7) return { easting: town.easting, northing: town.northing }
  if (kind < 0.85) return placeOf(dice.pick(services))
  return {
    easting: town.easting + dice.between(-70_000, 70_000),
    northing: town.northing + dice.between(-30_000, 70_000),
  }
}

function askedDiscriminators(dice: Dice, sg: number | null): readonly number[] {
  const paired = PAIRS[sg ?? 0] ?? DISCRIMINATORS
  const some = dice.chance(0.7) ? [dice.pick(paired)] : atLeastOne(dice, paired, 0.4)
  if (dice.chance(0.02)) return [dice.pick(DISCRIMINATORS)]
  return dice.chance(0.1) ? dice.shuffled([...some, ...some, dice.pick(DISCRIMINATORS)]) : some
}

const askedSurgery = (dice: Dice): string => {
  const code = dice.pick([...SURGERIES, ...SURGERIES, ...SURGERIES, 'Z99999', 'UNK', ''])
  return dice.chance(0.1) ? ` ${code.toLowerCase()} ` : code
}

/** On both sides of every edge of the usual bands, and in the holes between them. */
const EXACT_AGES = [
  0, 364.25, 365, 365.25, 700.0625, 730.5, 1825.25, 1826, 1826.25, 5843, 5843.5, 5844, 8035.5, 47_117.25,
]

function randomAge(dice: Dice, mayBeAbsent: boolean): readonly [number, number] | null {
  if (mayBeAbsent && dice.chance(0.1)) return null
  if (dice.chance(0.15)) return dice.pick(BANDS)
  const days = dice.chance(0.5) ? dice.between(16, 95) * 365.25 : dice.pick(EXACT_AGES)
  return [days, days]
}
