/**
 * Check Capacity Summary's search once more, slow and obvious, to judge the fast one by. Written from the published rules
 * alone: it reads services as the interchange format writes them, and imports nothing that it judges.
 *
 * Source: DoS web services, Check Capacity Summary search logic 1.5, order of returned services, catch-all search.
 */

/**
 * `["09:00", "17:30"]`, both included; the end of a day is 23:59, also written 24:00. The format has no session past
 * midnight, but an editor can make one: an end before its start is on the next day.
 */
export type SlowSession = readonly [start: string, end: string]

/** A service as a line of the interchange format, as far as the search reads it. */
export type SlowService = {
  readonly uid: number
  readonly typeId: number
  readonly odsCode: string | null
  readonly status: string
  readonly easting: number | null
  readonly northing: number | null
  readonly openAllHours: boolean
  /** Seven days, Monday first; null is not known, which is never open. */
  readonly weekly: readonly (readonly SlowSession[] | null)[]
  readonly bankHoliday: readonly SlowSession[]
  readonly specified: Readonly<Record<string, readonly SlowSession[]>>
  readonly capacity: { readonly status: string; readonly resetAt?: string }
  /** Spells in which its pharmacy is shut; without an end nobody knows when it opens again. */
  readonly closures?: readonly { readonly from: string; readonly until: string | null }[]
  readonly genders: readonly string[]
  readonly ages: readonly (readonly [from: number, to: number])[]
  readonly sgsd: Readonly<Record<string, readonly number[]>>
  readonly dispositions: readonly number[]
  readonly roles: readonly number[]
  readonly restricted: boolean
  readonly referrals: readonly string[]
  readonly limitedTo?: readonly string[] | null
  readonly promotedTo?: readonly string[] | null
  readonly returnIfOpenMinutes?: number | null
}

/** `reference.json`, as far as the search reads it. */
export type SlowReference = {
  readonly types: readonly { readonly id: number; readonly rank: number; readonly limit: number }[]
  /** Symptom group to the discriminators that can be combined with it. */
  readonly pairs: Readonly<Record<string, readonly number[]>>
  readonly dispositions: readonly { readonly id: number; readonly timeframe: number | null }[]
  readonly catchAllTypes: readonly number[]
  readonly catchAllKm: number
  readonly bankHolidays: readonly string[]
  /** Area to the ranks of types. */
  readonly rankings?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export type SlowAreas = {
  readonly localAuthority: string | null
  readonly icb: string | null
  readonly local: readonly string[]
}

/** A question as the query files write it; what they leave out is version 1.5 in an unknown area. */
export type SlowQuestion = {
  readonly easting: number
  readonly northing: number
  readonly distanceKm: number
  /** Days; null when no age was asked for. */
  readonly ageDays: readonly [from: number, to: number] | null
  readonly gender: string
  readonly sg: number | null
  readonly sds: readonly number[]
  readonly disposition: number | null
  readonly role: number
  readonly surgery: string | null
  /** London wall clock, `2026-12-11T07:42`. */
  readonly time: string
  readonly areas?: SlowAreas | null
  readonly discriminatorRule?: 'all' | 'any'
  readonly legacyCatchAll?: boolean
}

export type SlowReturned = { readonly uid: number; readonly metres: number; readonly label: string | null }

/** One service of the search box: the first test it fails, and all those of the second pipeline. */
export type SlowVerdict = {
  readonly uid: number
  readonly metres: number
  readonly failed: string | null
  readonly fine: readonly string[]
}

export type SlowAnswer = {
  /** 104 when no usable discriminator is left: nothing was searched. */
  readonly fault: 104 | null
  readonly isCatchAll: boolean
  readonly returned: readonly SlowReturned[]
}

/** Metres by road from the origin, by uid; what has none cannot be reached. `perType` of each type are asked for. */
export type SlowRoads = { readonly metres: ReadonlyMap<number, number>; readonly perType: number }

/** Templates, organisations and grids of beds: in the directory, never in an answer. */
const ADMINISTRATIVE = [-2, -1, 6, 22, 107, 108, 109, 110, 111, 114, 115]
const OUT_OF_HOURS = 25
const UNRANKED = 10
const ONE_ONLY = [100, 130, 133, 137, 138, 139]
const CATCH_ALL_SERVICES = 2

/** A question made ready: the surgery as it is compared, only usable discriminators, and the minutes that matter. */
type Prepared = SlowQuestion & { readonly now: number; readonly window: readonly [from: number, to: number] }

function prepare(asked: SlowQuestion, reference: SlowReference): Prepared {
  const now = minuteOf(asked.time)
  const disposition = reference.dispositions.find(({ id }) => id === asked.disposition)
  return {
    ...asked,
    surgery: surgeryOf(asked),
    sds: usableDiscriminators(reference, asked),
    now,
    window: slowWindow(now, disposition ? disposition.timeframe : null),
  }
}

const isFault = ({ sg, sds }: Prepared): boolean => sg !== null && sds.length === 0

/** The whole search; every service is looked at. */
export function slowSearch(
  services: readonly SlowService[],
  reference: SlowReference,
  asked: SlowQuestion,
  roads?: SlowRoads,
): SlowAnswer {
  const question = prepare(asked, reference)
  if (isFault(question)) return { fault: 104, isCatchAll: false, returned: [] }
  const found: Match[] = []
  for (const service of inSquare(services, question, question.distanceKm)) {
    if (!matches(service, question, reference) || isAdministrative(service)) continue
    found.push({ service, metres: metresTo(service, question) })
  }
  const reached = roads ? byRoad(found, roads, question) : found
  const returned = cut(rank(reached, reference, question), reference).map(({ service, metres }) => ({
    uid: service.uid,
    metres,
    label: labelOf(service, question),
  }))
  if (reached.length === 0 || (reached.length === 1 && question.legacyCatchAll)) {
    const seen = returned.map(({ uid }) => uid)
    returned.push(...catchAll(services, reference, question).filter(({ uid }) => !seen.includes(uid)))
  }
  return { fault: null, isCatchAll: reached.length === 0, returned }
}

/** What became of every service of the box but the administrative ones, nearest first. */
export function slowVerdicts(
  services: readonly SlowService[],
  reference: SlowReference,
  asked: SlowQuestion,
): readonly SlowVerdict[] {
  const question = prepare(asked, reference)
  if (isFault(question)) return []
  return inSquare(services, question, question.distanceKm)
    .filter((service) => !isAdministrative(service))
    .map((service) => judge(service, reference, question))
    .sort((a, b) => a.metres - b.metres || a.uid - b.uid)
}

/** Active services of the box of some kind, nearest first: what the REST searches start from. */
export function slowNearest(
  services: readonly SlowService[],
  asked: SlowQuestion,
  isWanted: (service: SlowService) => boolean,
): readonly SlowReturned[] {
  return inSquare(services, asked, asked.distanceKm)
    .filter((service) => service.status === 'ACTIVE' && isWanted(service))
    .map((service) => ({ uid: service.uid, metres: metresTo(service, asked), label: null }))
    .sort((a, b) => a.metres - b.metres || a.uid - b.uid)
}

export const isAdministrative = ({ typeId }: Pick<SlowService, 'typeId'>): boolean => ADMINISTRATIVE.includes(typeId)

const surgeryOf = ({ surgery }: SlowQuestion): string | null => {
  const code = (surgery ?? '').trim().toUpperCase()
  return code === '' || code === 'UNK' ? null : code
}

/** Each once, and only those that belong to the symptom group. */
function usableDiscriminators({ pairs }: SlowReference, { sg, sds }: SlowQuestion): number[] {
  const usable: number[] = []
  for (const sd of sds) {
    if (sg !== null && (pairs[sg] ?? []).includes(sd) && !usable.includes(sd)) usable.push(sd)
  }
  return usable
}

/** Services in the square around the origin, its edges included. Unplaced ones are nowhere. */
function inSquare(services: readonly SlowService[], { easting, northing }: SlowQuestion, km: number): SlowService[] {
  // Distances may have a decimal, and 32.3 times 1000 is 32299.999999999996.
  const metres = Math.round(km * 1000)
  const [west, east, south, north] = [easting - metres, easting + metres, northing - metres, northing + metres]
  const inside: SlowService[] = []
  for (const service of services) {
    if (service.easting === null || service.northing === null) continue
    if (service.easting < west || service.easting > east) continue
    if (service.northing >= south && service.northing <= north) inside.push(service)
  }
  return inside
}

/** Square root of a sum of squares of whole metres: two that are equally far away get exactly the same number. */
const metresTo = (service: SlowService, question: SlowQuestion): number =>
  Math.sqrt(((service.easting ?? 0) - question.easting) ** 2 + ((service.northing ?? 0) - question.northing) ** 2)

/** Puts one service of the box through both pipelines. Losers of the first leave no list for the second. */
function judge(service: SlowService, reference: SlowReference, question: Prepared): SlowVerdict {
  const coarse = firstPipeline(service, question)
  const tests = coarse === null ? FINE_TESTS : []
  const fine = tests.filter(([, passes]) => !passes(service, question, reference)).map(([name]) => name)
  return { uid: service.uid, metres: metresTo(service, question), failed: coarse ?? fine[0] ?? null, fine }
}

function firstPipeline(service: SlowService, question: SlowQuestion): string | null {
  if (service.status !== 'ACTIVE') return 'status'
  if (question.sg === null || service.sgsd[question.sg] === undefined) return 'symptom-group'
  if (!service.genders.includes(question.gender)) return 'gender'
  if (service.restricted && !isCommissioned(service, question)) return 'surgery'
  return null
}

const isCommissioned = ({ referrals }: SlowService, { surgery }: SlowQuestion): boolean =>
  surgery !== null && referrals.some((code) => code.trim().toUpperCase() === surgery)

type FineTest = (service: SlowService, question: Prepared, reference: SlowReference) => boolean

/** The second pipeline: whether a service passes each test, in their order. */
const FINE_TESTS: readonly (readonly [name: string, passes: FineTest])[] = [
  ['capacity', (service, { now }) => capacityAt(service, now) !== 'RED'],
  ['discriminators', carriesDiscriminators],
  ['disposition', (service, { disposition }) => disposition === null || service.dispositions.includes(disposition)],
  ['role', (service, { role }) => service.roles.includes(role)],
  ['age', takesAge],
  ['session', (service, { window: [from, to] }, reference) => isOpenSometime(service, reference, from, to)],
  ['return-if-open', isOpenSoonEnough],
  ['area', servesArea],
]

const matches = (service: SlowService, question: Prepared, reference: SlowReference): boolean =>
  firstPipeline(service, question) === null && FINE_TESTS.every(([, passes]) => passes(service, question, reference))

function capacityAt({ capacity, closures = [] }: SlowService, now: number): string {
  const isShut = closures.some(({ from, until }) => now >= minuteOf(from) && (until === null || now < minuteOf(until)))
  if (isShut) return 'RED'
  if (capacity.resetAt !== undefined && now >= minuteOf(capacity.resetAt)) return 'GREEN'
  return capacity.status
}

function carriesDiscriminators({ sgsd }: SlowService, { sg, sds, discriminatorRule }: SlowQuestion): boolean {
  const carried = sgsd[sg ?? ''] ?? []
  if (discriminatorRule === 'any') return sds.some((sd) => carried.includes(sd))
  return sds.every((sd) => carried.includes(sd))
}

/** An exact age lies inside a range; a group, which is a range itself, overlaps one. Both ends belong to a range. */
function takesAge({ ages }: SlowService, { ageDays }: SlowQuestion): boolean {
  if (ageDays === null) return true
  const [youngest, oldest] = ageDays
  return ages.some(([from, to]) => from <= oldest && to >= youngest)
}

function servesArea({ limitedTo }: SlowService, question: SlowQuestion): boolean {
  const here = areaCodes(question)
  if (!limitedTo || here === null) return true
  return limitedTo.some((code) => here.includes(code))
}

function areaCodes({ areas }: SlowQuestion): string[] | null {
  if (!areas) return null
  const codes = [...areas.local]
  if (areas.localAuthority !== null) codes.push(areas.localAuthority)
  if (areas.icb !== null) codes.push(areas.icb)
  return codes
}

// Opening. Minutes since 1970 on a London wall clock; no session passes midnight.

const MINUTES_PER_DAY = 1440
const LAST_MINUTE = 1439

const dayOf = (date: string): number => Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000
/** Written out once a day, because writing dates would be most of the time. */
const dates = new Map<number, string>()
function dateOf(day: number): string {
  const date = dates.get(day) ?? new Date(day * 86_400_000).toISOString().slice(0, 10)
  dates.set(day, date)
  return date
}
const clockOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
/** Minutes since 1970 of `2026-12-11T07:42`. */
export const minuteOf = (time: string): number => dayOf(time) * MINUTES_PER_DAY + clockOf(time.slice(11))

/** First and last minute of the window in which a service must be open at some instant. */
export function slowWindow(now: number, timeframe: number | null): [number, number] {
  const from = now + 30
  if (timeframe === null || timeframe === 0) return [from, now + 60]
  if (timeframe <= 30) return [from, now + 30]
  if (timeframe <= 60) return [from, now + timeframe]
  return [from, Math.max(from, now + timeframe - 60)]
}

function isOpenSoonEnough(service: SlowService, { now }: Prepared, reference: SlowReference): boolean {
  const minutes = service.returnIfOpenMinutes
  if (minutes === undefined || minutes === null) return true
  return isOpenSometime(service, reference, now, now + minutes)
}

/** Whether any session of any day has a minute in common with the minutes from `from` to `to`, ends included. */
export function isOpenSometime(service: SlowService, reference: SlowReference, from: number, to: number): boolean {
  // A session of the day before may still last.
  for (let day = Math.floor(from / MINUTES_PER_DAY) - 1; day <= Math.floor(to / MINUTES_PER_DAY); day++) {
    for (const [start, end] of sessionsOn(service, reference, day)) {
      const opens = day * MINUTES_PER_DAY + clockOf(start)
      const closes = day * MINUTES_PER_DAY + lastMinuteOf(start, end)
      if (opens <= to && closes >= from) return true
    }
  }
  return false
}

const lastMinuteOf = (start: string, end: string): number =>
  clockOf(end) < clockOf(start) ? MINUTES_PER_DAY + clockOf(end) : Math.min(clockOf(end), LAST_MINUTE)

/** A specified date, then open all hours, then the bank holiday, then the week. */
function sessionsOn(service: SlowService, { bankHolidays }: SlowReference, day: number): readonly SlowSession[] {
  const date = dateOf(day)
  const specified = service.specified[date]
  if (specified !== undefined) return specified
  if (service.openAllHours) return [['00:00', '23:59']]
  if (bankHolidays.includes(date)) return service.bankHoliday
  // 1 January 1970 was a Thursday.
  return service.weekly[(day + 3) % 7] ?? []
}

// Order, cut, labels and the catch-all.

type Match = { readonly service: SlowService; readonly metres: number }

/** Of each type the home surgery and the nearest are asked about; they are then as far away as the road says. */
function byRoad(found: readonly Match[], { metres, perType }: SlowRoads, question: SlowQuestion): Match[] {
  const far = ({ service }: Match): number => Number(!isHome(service, question))
  const nearest = [...found].sort((a, b) => far(a) - far(b) || a.metres - b.metres || a.service.uid - b.service.uid)
  const asked: Match[] = []
  for (const match of nearest) {
    const sameType = asked.filter(({ service }) => service.typeId === match.service.typeId)
    if (sameType.length < perType) asked.push(match)
  }
  return asked.flatMap(({ service }) => {
    const road = metres.get(service.uid)
    return road === undefined ? [] : [{ service, metres: road }]
  })
}

/** Blocks by promotion, in them ranks, in those the surgery's own, in those distance. */
function rank(matches: readonly Match[], reference: SlowReference, question: SlowQuestion): Match[] {
  return [...matches].sort(
    ({ service: a, metres: metresA }, { service: b, metres: metresB }) =>
      Number(isPromotedElsewhere(a, question)) - Number(isPromotedElsewhere(b, question)) ||
      rankOf(a.typeId, reference, question) - rankOf(b.typeId, reference, question) ||
      standing(a, question) - standing(b, question) ||
      metresA - metresB ||
      a.uid - b.uid,
  )
}

function isPromotedElsewhere({ promotedTo }: SlowService, question: SlowQuestion): boolean {
  const here = areaCodes(question)
  if (!promotedTo || here === null) return false
  return !promotedTo.some((code) => here.includes(code))
}

function rankOf(typeId: number, { types, rankings = {} }: SlowReference, { areas }: SlowQuestion): number {
  for (const area of [areas?.localAuthority, areas?.icb]) {
    const local = area ? rankings[area]?.[typeId] : undefined
    if (local !== undefined) return local
  }
  return types.find(({ id }) => id === typeId)?.rank ?? UNRANKED
}

const isHome = ({ odsCode }: SlowService, { surgery }: SlowQuestion): boolean =>
  surgery !== null && odsCode !== null && odsCode.trim().toUpperCase() === surgery

/** Home surgery, commissioned and restricted, commissioned and open to all, others. */
function standing(service: SlowService, question: SlowQuestion): number {
  if (isHome(service, question)) return 1
  if (!isCommissioned(service, question)) return 4
  return service.restricted ? 2 : 3
}

/** The first so many of each type. */
function cut(ranked: readonly Match[], { types }: SlowReference): Match[] {
  const kept: Match[] = []
  for (const match of ranked) {
    const { typeId } = match.service
    const limit = types.find(({ id }) => id === typeId)?.limit ?? (ONE_ONLY.includes(typeId) ? 1 : 2)
    if (kept.filter(({ service }) => service.typeId === typeId).length < limit) kept.push(match)
  }
  return kept
}

function labelOf(service: SlowService, question: SlowQuestion): string | null {
  if (isHome(service, question)) return 'Home'
  return service.typeId === OUT_OF_HOURS && isCommissioned(service, question) ? 'Home OOH' : null
}

/** The nearest emergency departments, however busy, closed or far beyond the asked distance they are. */
function catchAll(services: readonly SlowService[], reference: SlowReference, question: SlowQuestion): SlowReturned[] {
  return inSquare(services, question, reference.catchAllKm)
    .filter(({ typeId, status }) => status === 'ACTIVE' && reference.catchAllTypes.includes(typeId))
    .map((service) => ({ uid: service.uid, metres: metresTo(service, question), label: 'Catch-all' }))
    .sort((a, b) => a.metres - b.metres || a.uid - b.uid)
    .slice(0, CATCH_ALL_SERVICES)
}
