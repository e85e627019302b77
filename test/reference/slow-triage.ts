/**
 * Check Capacity Summary's search once more, slow and obvious, to judge the fast one by. Written from the published rules
 * alone: it reads services as the interchange format writes them, and imports nothing that it judges.
 *
 * Source: DoS web services, Check Capacity Summary search logic 1.5, order of returned services, catch-all search.
 */

/** `["09:00", "17:30"]`, both included; the end of a day is 23:59, also written 24:00. */
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
  /** Uids of all that match, in the order of the ranking, before the cut. */
  readonly ranked: readonly number[]
  /** Every service of the box but the administrative ones, nearest first. */
  readonly verdicts: readonly SlowVerdict[]
}

/** Templates, organisations and grids of beds: in the directory, never in an answer. */
const ADMINISTRATIVE = [-2, -1, 6, 22, 107, 108, 109, 110, 111, 114, 115]
const OUT_OF_HOURS = 25
const UNRANKED = 10
const USUAL_LIMIT = 2
const CATCH_ALL_SERVICES = 2

export function slowSearch(
  services: readonly SlowService[],
  reference: SlowReference,
  asked: SlowQuestion,
): SlowAnswer {
  const question = { ...asked, surgery: surgeryOf(asked), sds: usableDiscriminators(reference, asked) }
  if (question.sg !== null && question.sds.length === 0) {
    return { fault: 104, isCatchAll: false, returned: [], ranked: [], verdicts: [] }
  }
  const verdicts: SlowVerdict[] = []
  const matches: SlowService[] = []
  for (const service of services) {
    if (ADMINISTRATIVE.includes(service.typeId) || !isInSquare(service, question, question.distanceKm)) continue
    const verdict = judge(service, reference, question)
    verdicts.push(verdict)
    if (verdict.failed === null) matches.push(service)
  }
  verdicts.sort((a, b) => a.metres - b.metres || a.uid - b.uid)
  const ranked = rank(matches, reference, question)
  const returned = cut(ranked, reference).map((service) => ({
    uid: service.uid,
    metres: metresTo(service, question),
    label: labelOf(service, question),
  }))
  if (matches.length === 0 || (matches.length === 1 && question.legacyCatchAll)) {
    const seen = returned.map(({ uid }) => uid)
    returned.push(...catchAll(services, reference, question).filter(({ uid }) => !seen.includes(uid)))
  }
  return { fault: null, isCatchAll: matches.length === 0, returned, ranked: ranked.map(({ uid }) => uid), verdicts }
}

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

function isInSquare({ easting, northing }: SlowService, question: SlowQuestion, km: number): boolean {
  if (easting === null || northing === null) return false
  const metres = km * 1000
  return Math.abs(easting - question.easting) <= metres && Math.abs(northing - question.northing) <= metres
}

/** Square root of a sum of squares of whole metres: two that are equally far away get exactly the same number. */
const metresTo = (service: SlowService, question: SlowQuestion): number =>
  Math.sqrt(((service.easting ?? 0) - question.easting) ** 2 + ((service.northing ?? 0) - question.northing) ** 2)

/** Puts one service of the box through both pipelines. Losers of the first leave no list for the second. */
function judge(service: SlowService, reference: SlowReference, question: SlowQuestion): SlowVerdict {
  const coarse = firstPipeline(service, question)
  const fine = coarse === null ? secondPipeline(service, reference, question) : []
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

function secondPipeline(service: SlowService, reference: SlowReference, question: SlowQuestion): string[] {
  const failed: string[] = []
  if (capacityAt(service, minuteOf(question.time)) === 'RED') failed.push('capacity')
  if (!carriesDiscriminators(service, question)) failed.push('discriminators')
  if (question.disposition !== null && !service.dispositions.includes(question.disposition)) failed.push('disposition')
  if (!service.roles.includes(question.role)) failed.push('role')
  if (!takesAge(service, question)) failed.push('age')
  if (!isOpenInWindow(service, reference, question)) failed.push('session')
  if (!isOpenSoonEnough(service, reference, question)) failed.push('return-if-open')
  if (!servesArea(service, question)) failed.push('area')
  return failed
}

function capacityAt({ capacity }: SlowService, now: number): string {
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
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
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

function isOpenInWindow(service: SlowService, reference: SlowReference, { time, disposition }: SlowQuestion): boolean {
  const known = reference.dispositions.find(({ id }) => id === disposition)
  const [from, to] = slowWindow(minuteOf(time), known ? known.timeframe : null)
  return isOpenSometime(service, reference, from, to)
}

function isOpenSoonEnough(service: SlowService, reference: SlowReference, { time }: SlowQuestion): boolean {
  const minutes = service.returnIfOpenMinutes
  if (minutes === undefined || minutes === null) return true
  const now = minuteOf(time)
  return isOpenSometime(service, reference, now, now + minutes)
}

/** Whether any session of any day has a minute in common with the minutes from `from` to `to`, ends included. */
export function isOpenSometime(service: SlowService, reference: SlowReference, from: number, to: number): boolean {
  for (let day = Math.floor(from / MINUTES_PER_DAY); day <= Math.floor(to / MINUTES_PER_DAY); day++) {
    for (const [start, end] of sessionsOn(service, reference, day)) {
      const opens = day * MINUTES_PER_DAY + clockOf(start)
      const closes = day * MINUTES_PER_DAY + Math.min(clockOf(end), LAST_MINUTE)
      if (opens <= to && closes >= from) return true
    }
  }
  return false
}

/** A specified date, then open all hours, then the bank holiday, then the week. */
function sessionsOn(service: SlowService, { bankHolidays }: SlowReference, day: number): readonly SlowSession[] {
  const date = dateOf(day)
  const specified = service.specified[date]
  if (specified !== undefined) return specified
  if (service.openAllHours) return [['00:00', '23:59']]
  if (bankHolidays.includes(date)) return service.bankHoliday
  const monday0 = (new Date(day * 86_400_000).getUTCDay() + 6) % 7
  return service.weekly[monday0] ?? []
}

// Order, cut, labels and the catch-all.

/** Blocks by promotion, in them ranks, in those the surgery's own, in those distance. */
function rank(matches: readonly SlowService[], reference: SlowReference, question: SlowQuestion): SlowService[] {
  return [...matches].sort(
    (a, b) =>
      Number(isPromotedElsewhere(a, question)) - Number(isPromotedElsewhere(b, question)) ||
      rankOf(a.typeId, reference, question) - rankOf(b.typeId, reference, question) ||
      standing(a, question) - standing(b, question) ||
      metresTo(a, question) - metresTo(b, question) ||
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
function cut(ranked: readonly SlowService[], { types }: SlowReference): SlowService[] {
  const kept: SlowService[] = []
  for (const service of ranked) {
    const limit = types.find(({ id }) => id === service.typeId)?.limit ?? USUAL_LIMIT
    if (kept.filter(({ typeId }) => typeId === service.typeId).length < limit) kept.push(service)
  }
  return kept
}

function labelOf(service: SlowService, question: SlowQuestion): string | null {
  if (isHome(service, question)) return 'Home'
  return service.typeId === OUT_OF_HOURS && isCommissioned(service, question) ? 'Home OOH' : null
}

/** The nearest emergency departments, however busy, closed or far beyond the asked distance they are. */
function catchAll(services: readonly SlowService[], reference: SlowReference, question: SlowQuestion): SlowReturned[] {
  return services
    .filter(({ typeId, status }) => status === 'ACTIVE' && reference.catchAllTypes.includes(typeId))
    .filter((service) => isInSquare(service, question, reference.catchAllKm))
    .map((service) => ({ uid: service.uid, metres: metresTo(service, question), label: 'Catch-all' }))
    .sort((a, b) => a.metres - b.metres || a.uid - b.uid)
    .slice(0, CATCH_ALL_SERVICES)
}
