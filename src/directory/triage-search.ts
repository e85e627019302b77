/**
 * The triage search itself: matching services of the box, the best of each type, in the order in which clients must
 * show them. The sieve narrows, the rules decide (`rules/triage.ts`, `rules/triage-ranking.ts`).
 */
import { passesAllTests, type TriageQuestion } from '#src/rules/triage.ts'
import {
  compareStanding,
  groupOf,
  homeLabelOf,
  isHome,
  isPromotedElsewhere,
  type Standing,
} from '#src/rules/triage-ranking.ts'
import { HAS_REFERRALS, IS_PROMOTED, type ServiceSquares } from './service-squares.ts'
import { type Box, type Sieve, sieveOf, sift } from './sift.ts'
import type { Label, ResultRules, Returned, TriageAnswer } from './triage-index.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** What the search looks into. */
export type SearchedServices = {
  readonly squares: ServiceSquares
  /** Active services with exactly this code. */
  byOdsCode(odsCode: string): readonly UrgentCareService[]
}

/** The ranked answer, with emergency departments where nothing matched. */
export function searchTriage(into: SearchedServices, question: TriageQuestion, rules: ResultRules): TriageAnswer {
  const matches = rank(bestOfEachType(into, question, rules.limitOf, WITH_STANDING), question, rules)
  return withCatchAll(into, matches, question, rules)
}

/** Matches before ranking: the home surgery and the nearest, at most `perType` of each type. */
export function nearestMatches(into: SearchedServices, question: TriageQuestion, perType: number): readonly Returned[] {
  return bestOfEachType(into, question, () => perType, BY_DISTANCE).map((match) => returned(match, question))
}

/** The ranked answer to matches whose distances are known by road; those without one cannot be reached. */
export function rankByRoad(
  into: SearchedServices,
  question: TriageQuestion,
  rules: ResultRules,
  { matches, roads }: { readonly matches: readonly Returned[]; readonly roads: ReadonlyMap<number, number> },
): TriageAnswer {
  const reachable = matches.flatMap(({ service }) => {
    const distanceMetres = roads.get(service.uid)
    return distanceMetres === undefined ? [] : [{ service, distanceMetres }]
  })
  return withCatchAll(into, rank(reachable, question, rules), question, rules)
}

type Match = { readonly service: UrgentCareService; readonly distanceMetres: number }

const returned = ({ service, distanceMetres }: Match, { surgery }: TriageQuestion): Returned => ({
  service,
  distanceMetres,
  label: homeLabelOf(service, surgery),
})

/** Puts matches into the order of display and cuts each type to its limit. */
function rank(matches: readonly Match[], question: TriageQuestion, rules: ResultRules): readonly Returned[] {
  const standing = matches.map((match) => ({ ...standingOf(match, question, rules), match }))
  standing.sort(compareStanding)
  const left = new Map<number, number>()
  return standing.flatMap(({ match }) => {
    const { typeId } = match.service
    const room = left.get(typeId) ?? rules.limitOf(typeId)
    left.set(typeId, room - 1)
    return room > 0 ? [returned(match, question)] : []
  })
}

const standingOf = (
  { service, distanceMetres }: Match,
  question: TriageQuestion,
  { rankOf }: ResultRules,
): Standing => ({
  sunk: isPromotedElsewhere(service, question) ? 1 : 0,
  rank: rankOf(service.typeId),
  group: groupOf(service, question.surgery),
  distanceMetres,
  uid: service.uid,
})

/** Adds the nearest emergency departments where the rule in force asks for them. */
function withCatchAll(
  into: SearchedServices,
  found: readonly Returned[],
  { origin }: TriageQuestion,
  { catchAllTypes, catchAllKm, legacyCatchAll }: ResultRules,
): TriageAnswer {
  if (found.length > (legacyCatchAll ? 1 : 0)) return { services: found, isCatchAll: false }
  const there = new Set(found.map(({ service }) => service.uid))
  const nearest = nearestOfTypes(into.squares, catchAllTypes, { origin, distanceKm: catchAllKm })
    .filter(({ service }) => !there.has(service.uid))
    .slice(0, CATCH_ALL_SERVICES)
    .map(({ service, distanceMetres }) => ({ service, distanceMetres, label: 'Catch-all' as Label }))
  return { services: [...found, ...nearest], isCatchAll: found.length === 0 }
}

const CATCH_ALL_SERVICES = 2

/** Active services of some types in a box, nearest first. */
export const nearestOfTypes = (squares: ServiceSquares, typeIds: readonly number[], box: Box): readonly Match[] =>
  allInBox(squares, box, sieveOf([squares.columns.active], typeIds.map(squares.columns.type)))

/** Active services that carry a pair of codes in a box, nearest first. */
export const nearestWithPair = (
  squares: ServiceSquares,
  { symptomGroup, discriminator }: { readonly symptomGroup: number; readonly discriminator: number },
  box: Box,
): readonly Match[] =>
  allInBox(squares, box, sieveOf([squares.columns.active, squares.columns.pair(symptomGroup, discriminator)]))

function allInBox(squares: ServiceSquares, box: Box, sieve: Sieve | null): readonly Match[] {
  if (!sieve) return []
  const found: Match[] = []
  const reach = box.distanceKm * 1000
  sift(squares, box, sieve, ({ eastings, northings, services }, slot) => {
    const east = (eastings[slot] as number) - box.origin.easting
    const north = (northings[slot] as number) - box.origin.northing
    if (Math.abs(east) > reach || Math.abs(north) > reach) return
    found.push({
      service: services[slot] as UrgentCareService,
      distanceMetres: Math.sqrt(east * east + north * north),
    })
  })
  return found.sort((a, b) => a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid)
}

/** The columns that every match is in: they say the same as the tests of those names, or less. */
function sieveFor({ columns }: ServiceSquares, question: TriageQuestion): Sieve | null {
  const { symptomGroup, discriminators, discriminatorRule, disposition, gender, role } = question
  if (symptomGroup === null) return null
  const pairs = discriminators.map((discriminator) => columns.pair(symptomGroup, discriminator))
  const others = [columns.role(role), columns.gender(gender), columns.active]
  if (disposition) others.unshift(columns.disposition(disposition.id))
  return discriminatorRule === 'all' ? sieveOf([...pairs, ...others]) : sieveOf(others, pairs)
}

/** How far a match is preferred within its type, as one number: standing above distance, or distance alone. */
type Preference = typeof WITH_STANDING | typeof BY_DISTANCE
const WITH_STANDING = 0
const BY_DISTANCE = 1
/** More than the square of any distance in a box. */
const ABOVE_ANY_DISTANCE = 1e12
const GROUP_OF_OTHERS = 3

/** The best matches of one type so far, at most `limit`: keys rise, and among equals the uids. */
type BestOfType = { limit: number; readonly keys: number[]; readonly services: UrgentCareService[] }

/** Working memory, used up within one search. */
const bestByKind: BestOfType[] = []
const touched: number[] = []
let worstByKind = new Float64Array(0)

function bestOfEachType(
  { squares, byOdsCode }: SearchedServices,
  question: TriageQuestion,
  limitOf: (typeId: number) => number,
  preference: Preference,
): readonly Match[] {
  const sieve = sieveFor(squares, question)
  if (!sieve) return []
  startAfresh(squares.kindCount)
  const { origin, surgery } = question
  enterHomes(byOdsCode, squares, question, limitOf, preference)
  const reach = question.distanceKm * 1000
  const marked = preference === WITH_STANDING ? HAS_REFERRALS | IS_PROMOTED : 0
  const base = preference === WITH_STANDING ? GROUP_OF_OTHERS * ABOVE_ANY_DISTANCE : 0
  sift(squares, question, sieve, ({ eastings, northings, kinds, marks, services }, slot) => {
    const east = (eastings[slot] as number) - origin.easting
    const north = (northings[slot] as number) - origin.northing
    if (Math.max(Math.abs(east), Math.abs(north)) > reach) return
    const square = east * east + north * north
    const service = services[slot] as UrgentCareService
    const isMarked = ((marks[slot] as number) & marked) !== 0
    const key = isMarked ? keyOfStanding(service, question, square) : base + square
    const kind = kinds[slot] as number
    if (key > (worstByKind[kind] as number) || isHome(service, surgery)) return
    if (passesAllTests(service, question)) enter(kind, service, key, limitOf)
  })
  return touched.flatMap((kind) =>
    (bestByKind[kind] as BestOfType).services.map((service) => ({
      service,
      distanceMetres: Math.sqrt(squareOfDistance(service, origin)),
    })),
  )
}

/** The patient's own surgery comes first, however far away. */
function enterHomes(
  byOdsCode: SearchedServices['byOdsCode'],
  squares: ServiceSquares,
  question: TriageQuestion,
  limitOf: (typeId: number) => number,
  preference: Preference,
): void {
  const { surgery, origin } = question
  if (surgery === null) return
  for (const home of byOdsCode(surgery)) {
    if (!passesAllTests(home, question)) continue
    const key = preference === WITH_STANDING ? keyOfStanding(home, question, squareOfDistance(home, origin)) : -1
    enter(squares.kindOf(home.typeId), home, key, limitOf)
  }
}

const squareOfDistance = (service: UrgentCareService, { easting, northing }: TriageQuestion['origin']): number =>
  (service.easting - easting) ** 2 + (service.northing - northing) ** 2

const keyOfStanding = (service: UrgentCareService, question: TriageQuestion, square: number): number =>
  ((isPromotedElsewhere(service, question) ? 4 : 0) + groupOf(service, question.surgery)) * ABOVE_ANY_DISTANCE + square

function startAfresh(kindCount: number): void {
  for (const kind of touched) {
    const best = bestByKind[kind] as BestOfType
    best.keys.length = 0
    best.services.length = 0
  }
  touched.length = 0
  if (worstByKind.length < kindCount) worstByKind = new Float64Array(kindCount + 16)
  worstByKind.fill(Number.POSITIVE_INFINITY)
  while (bestByKind.length < kindCount) bestByKind.push({ limit: 0, keys: [], services: [] })
}

function enter(kind: number, service: UrgentCareService, key: number, limitOf: (typeId: number) => number): void {
  const best = bestByKind[kind] as BestOfType
  const { keys, services } = best
  if (keys.length === 0) {
    best.limit = limitOf(service.typeId)
    if (best.limit < 1) return
    touched.push(kind)
  }
  let at = keys.length
  while (at > 0 && comesBefore(key, service, keys[at - 1] as number, services[at - 1] as UrgentCareService)) at--
  if (at >= best.limit) return
  keys.splice(at, 0, key)
  services.splice(at, 0, service)
  if (keys.length > best.limit) {
    keys.pop()
    services.pop()
  }
  if (keys.length === best.limit) worstByKind[kind] = keys.at(-1) as number
}

const comesBefore = (key: number, service: UrgentCareService, otherKey: number, other: UrgentCareService): boolean =>
  key < otherKey || (key === otherKey && service.uid < other.uid)
