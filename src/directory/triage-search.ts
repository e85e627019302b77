/**
 * The triage search itself: matching services of the box, the best of each type, in the order in which clients must
 * show them. The sieve narrows, the rules decide (`rules/triage.ts`, `rules/triage-ranking.ts`).
 */
import { sessionWindow } from '#src/rules/session-window.ts'
import { type AgeRange, passesTests, type TriageQuestion, takesAge } from '#src/rules/triage.ts'
import { compareStanding, groupOf, homeLabelOf, isPromotedElsewhere, type Standing } from '#src/rules/triage-ranking.ts'
import { enterFew, type FewBest, fewBest, worstKey } from './few-best.ts'
import { nearestFew } from './nearest-few.ts'
import { coverOf } from './open-columns.ts'
import { FACTS, NEEDS_TESTS, type ServiceSquares, STANDS_APART } from './service-squares.ts'
import { type Sieve, sieveOf, sift } from './sift.ts'
import type { ResultRules, Returned, TriageAnswer } from './triage-index.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** What the search looks into. */
export type SearchedServices = {
  readonly squares: ServiceSquares
  /** Active services with exactly this code. */
  byOdsCode(odsCode: string): readonly UrgentCareService[]
}

/** The ranked answer, with emergency departments where nothing matched. */
export function searchTriage(into: SearchedServices, question: TriageQuestion, rules: ResultRules): TriageAnswer {
  const matches = rank(bestOfEachType(into, question, rules.limitOf, 'standing'), question, rules)
  return withCatchAll(into, matches, question, rules)
}

/** Matches before ranking: the home surgery and the nearest, at most `perType` of each type. */
export function nearestMatches(into: SearchedServices, question: TriageQuestion, perType: number): readonly Returned[] {
  return bestOfEachType(into, question, () => perType, 'distance').map((match) => returned(match, question))
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
    return distanceMetres === undefined ? [] : [{ service, distanceMetres, ...apartFrom(service, question) }]
  })
  return withCatchAll(into, rank(reachable, question, rules), question, rules)
}

type Match = { readonly service: UrgentCareService; readonly distanceMetres: number } & Pick<Standing, 'sunk' | 'group'>

const returned = ({ service, distanceMetres, group }: Match, { surgery }: TriageQuestion): Returned => ({
  service,
  distanceMetres,
  label: group === GROUP_OF_OTHERS ? null : homeLabelOf(service, surgery),
})

/** Puts matches into the order of display and cuts each type to its limit. */
function rank(matches: readonly Match[], question: TriageQuestion, rules: ResultRules): readonly Returned[] {
  const standing = matches.map((match) => ({
    rank: rules.rankOf(match.service.typeId),
    sunk: match.sunk,
    group: match.group,
    distanceMetres: match.distanceMetres,
    uid: match.service.uid,
    match,
  }))
  standing.sort(compareStanding)
  const room = new Map<number, number>()
  const shown: Returned[] = []
  for (const { match } of standing) {
    const { typeId } = match.service
    const left = room.get(typeId) ?? rules.limitOf(typeId)
    room.set(typeId, left - 1)
    if (left > 0) shown.push(returned(match, question))
  }
  return shown
}

/** Adds the nearest emergency departments where the rule in force asks for them. */
function withCatchAll(
  into: SearchedServices,
  found: readonly Returned[],
  { origin }: TriageQuestion,
  { catchAllTypes, catchAllKm, legacyCatchAll }: ResultRules,
): TriageAnswer {
  if (found.length > (legacyCatchAll ? 1 : 0)) return { services: found, isCatchAll: false }
  const there = new Set(found.map(({ service }) => service))
  const { columns } = into.squares
  const box = { origin, distanceKm: catchAllKm }
  const nearest = nearestFew(into.squares, box, sieveOf([columns.active], catchAllTypes.map(columns.type)), {
    limit: CATCH_ALL_SERVICES,
    accepts: (service) => !there.has(service),
  }).map((match) => ({ ...match, label: 'Catch-all' as const }))
  return { services: [...found, ...nearest], isCatchAll: found.length === 0 }
}

const CATCH_ALL_SERVICES = 2

/** The columns that every match is in: they say the same as the tests of those names, or less. */
function sieveFor({ columns }: ServiceSquares, question: TriageQuestion): Sieve | null {
  const { symptomGroup, discriminators, discriminatorRule, disposition, gender, role } = question
  if (symptomGroup === null) return null
  const pairs = discriminators.map((discriminator) => columns.pair(symptomGroup, discriminator))
  const others = [columns.role(role), columns.gender(gender), columns.active]
  if (disposition) others.unshift(columns.disposition(disposition.id))
  const sieve = discriminatorRule === 'all' ? sieveOf([...pairs, ...others]) : sieveOf(others, pairs)
  const { from, to } = sessionWindow(disposition?.timeframe ?? null)
  return sieve && { ...sieve, open: coverOf(question.at, from, to) }
}

/** Exactly what no column answers; the second list for services that are marked so. */
const TESTS_OF_ALL = ['session'] as const
const TESTS_OF_MARKED = ['surgery', 'capacity', 'session', 'return-if-open', 'area'] as const

/** How far a match is preferred within its type, as one number: standing above distance, or distance alone. */
type Preference = 'standing' | 'distance'
/** More than the square of any distance in a box. */
const ABOVE_ANY_DISTANCE = 1e12
const GROUP_OF_OTHERS = 3

/** Working memory, used up within one search: the best of each type, by the column of the type. */
const bestByType: (FewBest | undefined)[] = []
const typesFound: number[] = []
const settledTypes: number[] = []

function bestOfEachType(
  { squares, byOdsCode }: SearchedServices,
  question: TriageQuestion,
  limitOf: (typeId: number) => number,
  preference: Preference,
): readonly Match[] {
  const sieve = sieveFor(squares, question)
  if (!sieve) return []
  for (const type of typesFound) bestByType[type] = undefined
  typesFound.length = 0
  const offer = (type: number, service: UrgentCareService, key: number): void => {
    let best = bestByType[type]
    if (!best) {
      best = fewBest(limitOf(service.typeId))
      bestByType[type] = best
      typesFound.push(type)
    }
    enterFew(best, service, key)
  }
  const homes = question.surgery === null ? NOBODY : byOdsCode(question.surgery)
  for (const home of homes) {
    const type = squares.columns.type(home.typeId)
    if (type === undefined || !passesTests(home, question)) continue
    const square = squareOfDistance(home, question.origin)
    offer(type, home, preference === 'standing' ? keyOfStanding(home, question, square) : -1)
  }
  const takesAgeBands = rememberAges(squares.ageBands, question)
  const base = preference === 'standing' ? GROUP_OF_OTHERS * ABOVE_ANY_DISTANCE : 0
  const settled = (leastSquare: number): readonly number[] => {
    settledTypes.length = 0
    for (const type of typesFound) {
      if (worstKey(bestByType[type] as FewBest) < base + leastSquare) settledTypes.push(type)
    }
    return settledTypes
  }
  sift(squares, question, { ...sieve, settled }, ({ facts, services }, slot, square) => {
    const at = FACTS * slot
    const marks = facts[at + 3] as number
    const standsApart = preference === 'standing' && (marks & STANDS_APART) !== 0
    const service = services[slot] as UrgentCareService
    const key = standsApart ? keyOfStanding(service, question, square) : base + square
    const type = facts[at + 2] as number
    const best = bestByType[type]
    if (best && key > worstKey(best)) return
    if (!takesAgeBands(facts[at + 4] as number)) return
    if (!passesTests(service, question, (marks & NEEDS_TESTS) === 0 ? TESTS_OF_ALL : TESTS_OF_MARKED)) return
    if (!homes.includes(service)) offer(type, service, key)
  })
  return typesFound.flatMap((type) => matchesOf(bestByType[type] as FewBest, question, preference))
}

const NOBODY: readonly UrgentCareService[] = []

/** Whether services with these age bands take the patient's age; worked out once for each. */
function rememberAges(ageBands: ServiceSquares['ageBands'], { age }: TriageQuestion): (bands: number) => boolean {
  if (age === null) return () => true
  const verdicts: boolean[] = []
  return (bands) => {
    const known = verdicts[bands]
    if (known !== undefined) return known
    const verdict = takesAge(ageBands[bands] as readonly AgeRange[], age)
    verdicts[bands] = verdict
    return verdict
  }
}

const squareOfDistance = (service: UrgentCareService, { easting, northing }: TriageQuestion['origin']): number =>
  (service.easting - easting) ** 2 + (service.northing - northing) ** 2

const keyOfStanding = (service: UrgentCareService, question: TriageQuestion, square: number): number =>
  ((isPromotedElsewhere(service, question) ? 4 : 0) + groupOf(service, question.surgery)) * ABOVE_ANY_DISTANCE + square

function matchesOf({ keys, services }: FewBest, question: TriageQuestion, preference: Preference): readonly Match[] {
  return services.map((service, index) => {
    const distanceMetres = Math.sqrt(squareOfDistance(service, question.origin))
    if (preference === 'distance') return { service, distanceMetres, ...apartFrom(service, question) }
    const standing = Math.floor((keys[index] as number) / ABOVE_ANY_DISTANCE)
    return { service, distanceMetres, sunk: standing >= 4 ? 1 : 0, group: standing % 4 }
  })
}

/** Where a service stands, its distance apart. */
const apartFrom = (service: UrgentCareService, question: TriageQuestion): Pick<Standing, 'sunk' | 'group'> => ({
  sunk: isPromotedElsewhere(service, question) ? 1 : 0,
  group: groupOf(service, question.surgery),
})
