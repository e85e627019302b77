/**
 * The triage search itself: matching services of the box, the best of each type, in the order in which clients must
 * show them. The sieve narrows, the rules decide (`rules/triage.ts`, `rules/triage-ranking.ts`).
 */
import { sessionWindow } from '#src/rules/session-window.ts'
import { passesTests, type TriageQuestion, type TriageTest } from '#src/rules/triage.ts'
import {
  compareStanding,
  groupOf,
  homeLabelOf,
  isHome,
  isPromotedElsewhere,
  type Standing,
} from '#src/rules/triage-ranking.ts'
import { type AgeBands, type CodeNumbers, IS_PROMOTED, NEEDS_TESTS, rememberAges } from './code-columns.ts'
import { enterFew, type FewBest, fewBest, worstKey } from './few-best.ts'
import { nearestFew, nearestFirst } from './nearest-few.ts'
import { coverOf, type DayCover } from './open-columns.ts'
import { AGE_BANDS, FACTS, MARKS, type ServicesOfType } from './services-of-type.ts'
import { type Sieve, sieveFor, sift, type Visit, type WantedCodes, wantedCodes } from './sift.ts'
import type { Found, ResultRules, Returned, TriageAnswer } from './triage-index.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** What the search looks into. */
export type SearchedServices = {
  /** The services of each type, by its id. */
  readonly types: ReadonlyMap<number, ServicesOfType>
  readonly ageBands: AgeBands
  readonly codes: CodeNumbers
  /** The types of which some service carries the pair of this number. */
  typesWithPair(pair: number): readonly ServicesOfType[]
  /** Services whose code is this surgery's, and those that it commissions. */
  linkedTo(surgery: string): readonly UrgentCareService[]
}

/** A service as it would be, in the place of the stored one of its uid; `alone` holds it and nothing else. */
export type Instead = { readonly uid: number; readonly alone: SearchedServices }

/** The ranked answer, with emergency departments where nothing matched. */
export function searchTriage(
  into: SearchedServices,
  question: TriageQuestion,
  rules: ResultRules,
  instead?: Instead,
): TriageAnswer {
  const best = matchedBy(rules)
  const matches = instead
    ? bestWithInstead(into, instead, question, best)
    : bestOfEachType(into, question, best, 'standing')
  return withCatchAll(into, matches, question, rules, instead)
}

/** One more of each type is taken than is shown, because the stored one may be among them. */
function bestWithInstead(
  into: SearchedServices,
  { uid, alone }: Instead,
  question: TriageQuestion,
  { limitOf, rankOf }: Pick<ResultRules, 'limitOf' | 'rankOf'>,
): readonly Match[] {
  const oneMore = { rankOf, limitOf: (typeId: number) => limitOf(typeId) + 1 }
  return [
    ...bestOfEachType(into, question, oneMore, 'standing').filter(({ service }) => service.uid !== uid),
    ...bestOfEachType(alone, question, oneMore, 'standing'),
  ]
}

/** The old catch-all rule asks whether one service matched, and a cut to one must not hide another. */
function matchedBy(rules: ResultRules): Pick<ResultRules, 'limitOf' | 'rankOf'> {
  if (!rules.legacyCatchAll) return rules
  return { rankOf: rules.rankOf, limitOf: (typeId) => Math.max(2, rules.limitOf(typeId)) }
}

/** Matches before ranking: the home surgery and the nearest, at most `perType` of each type. */
export function nearestMatches(into: SearchedServices, question: TriageQuestion, perType: number): readonly Returned[] {
  const unranked = { limitOf: () => perType, rankOf: () => 0 }
  return bestOfEachType(into, question, unranked, 'distance').map((match) => returned(match, question))
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
    return distanceMetres === undefined
      ? []
      : [{ ...matchOf(service, question, rules.rankOf(service.typeId)), distanceMetres }]
  })
  return withCatchAll(into, reachable, question, rules)
}

type Match = Standing & { readonly service: UrgentCareService }

const returned = ({ service, distanceMetres, group }: Match, { surgery }: TriageQuestion): Returned => ({
  service,
  distanceMetres,
  label: group === GROUP_OF_OTHERS ? null : homeLabelOf(service, surgery),
})

/** Puts matches into the order of display and cuts each type to its limit. */
function rank(matches: readonly Match[], question: TriageQuestion, rules: ResultRules): readonly Returned[] {
  const room = new Map<number, number>()
  const shown: Returned[] = []
  for (const match of matches.toSorted(compareStanding)) {
    const { typeId } = match.service
    const left = room.get(typeId) ?? rules.limitOf(typeId)
    room.set(typeId, left - 1)
    if (left > 0) shown.push(returned(match, question))
  }
  return shown
}

/** Ranks matches, and adds the nearest emergency departments where the rule in force asks for them. */
function withCatchAll(
  into: SearchedServices,
  matches: readonly Match[],
  question: TriageQuestion,
  rules: ResultRules,
  instead?: Instead,
): TriageAnswer {
  const found = rank(matches, question, rules)
  if (matches.length > (rules.legacyCatchAll ? 1 : 0)) return { services: found, isCatchAll: false }
  const there = new Set(found.map(({ service }) => service))
  const box = { origin: question.origin, distanceKm: rules.catchAllKm }
  const emergency = (within: SearchedServices, limit: number): readonly Found[] => {
    const ofTypes = [...new Set(rules.catchAllTypes)].flatMap((typeId) => within.types.get(typeId) ?? [])
    return nearestFew(within, ofTypes, box, { limit })
  }
  const both = instead
    ? [
        ...emergency(into, CATCH_ALL + 1).filter(({ service }) => service.uid !== instead.uid),
        ...emergency(instead.alone, CATCH_ALL),
      ].toSorted(nearestFirst)
    : emergency(into, CATCH_ALL)
  const nearest = both
    .slice(0, CATCH_ALL)
    .filter(({ service }) => !there.has(service))
    .map((match) => ({ ...match, label: 'Catch-all' as const }))
  return { services: [...found, ...nearest], isCatchAll: matches.length === 0 }
}

const CATCH_ALL = 2

/** The pairs asked for, and the codes of every match, which say the same as the tests of those names. */
type Asked = { readonly pairs: readonly number[]; readonly wanted: WantedCodes }

/** Null: nothing matches, because no service carries what is needed. */
function codesAsked(codes: CodeNumbers, question: TriageQuestion): Asked | null {
  const { symptomGroup, discriminators, discriminatorRule, disposition, gender, role } = question
  if (symptomGroup === null) return null
  const pairs = discriminators.map((discriminator) => codes.pair(symptomGroup, discriminator))
  const others = [codes.role(role), codes.gender(gender)]
  if (disposition) others.push(codes.disposition(disposition.id))
  const wanted = discriminatorRule === 'all' ? wantedCodes([...pairs, ...others]) : wantedCodes(others, pairs)
  return wanted && { pairs: pairs.filter((pair) => pair !== undefined), wanted }
}

/** The tests that no column answers, of services that are marked to need them. */
const TESTS_OF_MARKED = ['surgery', 'capacity', 'return-if-open', 'area'] as const
const TESTS_OF_MARKED_AND_SESSION = [...TESTS_OF_MARKED, 'session'] as const
const SESSION = ['session'] as const
const NO_TESTS = [] as const

/** How far a match is preferred within its type, as one number: standing above distance, or distance alone. */
type Preference = 'standing' | 'distance'
/** More than the square of any distance in a box. */
const ABOVE_ANY_DISTANCE = 1e12
const GROUP_OF_OTHERS = 3

function bestOfEachType(
  into: SearchedServices,
  question: TriageQuestion,
  rules: Pick<ResultRules, 'limitOf' | 'rankOf'>,
  preference: Preference,
): readonly Match[] {
  const { surgery, disposition, at } = question
  const asked = codesAsked(into.codes, question)
  if (!asked) return []
  const { from, to } = sessionWindow(disposition?.timeframe ?? null)
  const open = coverOf(at, from, to)
  const takesAgeBands = rememberAges(into.ageBands, question.age)
  const linkedOfTypes = Map.groupBy(surgery === null ? NOBODY : into.linkedTo(surgery), ({ typeId }) => typeId)
  const matches: Match[] = []
  for (const ofType of typesFor(into, asked, question)) {
    const sieve = sieveFor(ofType.columns, asked.wanted)
    if (!sieve) continue
    const best = fewBest(rules.limitOf(ofType.typeId))
    const linked = linkedOfTypes.get(ofType.typeId) ?? NOBODY
    enterLinked(best, linked, question, preference)
    enterOthers(best, ofType, sieve, { question, open, linked, preference, takesAgeBands })
    const rank = rules.rankOf(ofType.typeId)
    for (const service of best.services) matches.push(matchOf(service, question, rank))
  }
  return matches
}

/** The types that may have a match: those that carry a pair asked for. */
function typesFor(
  { typesWithPair }: SearchedServices,
  { pairs }: Asked,
  { discriminatorRule }: TriageQuestion,
): Iterable<ServicesOfType> {
  const [first] = pairs
  if (discriminatorRule === 'all') return first === undefined ? [] : typesWithPair(first)
  return new Set(pairs.flatMap(typesWithPair))
}

/** Enters those of the services that have to do with the patient's surgery which match. */
function enterLinked(
  best: FewBest,
  linked: readonly UrgentCareService[],
  question: TriageQuestion,
  preference: Preference,
): void {
  for (const service of linked) {
    if (passesTests(service, question)) enterFew(best, service, keyOf(service, question, preference))
  }
}

type Others = {
  readonly question: TriageQuestion
  /** When they must be open. */
  readonly open: readonly DayCover[]
  /** Services that were looked at before. */
  readonly linked: readonly UrgentCareService[]
  readonly preference: Preference
  /** Whether services with age bands of this number take the patient. */
  readonly takesAgeBands: (bands: number) => boolean
}

/** Enters the best of the other services of a type. Whom the sieve lets through passes all tests but those made here. */
function enterOthers(
  best: FewBest,
  ofType: ServicesOfType,
  sieve: Sieve,
  { question, open, linked, preference, takesAgeBands }: Others,
): void {
  const base = preference === 'standing' ? GROUP_OF_OTHERS * ABOVE_ANY_DISTANCE : 0
  const reach = (): number => worstKey(best) - base
  const { facts, services } = ofType.layout
  const visit: Visit = (slot, square, isOpen) => {
    if (square > reach() || !takesAgeBands(facts[FACTS * slot + AGE_BANDS] as number)) return
    const service = services[slot] as UrgentCareService
    const marks = facts[FACTS * slot + MARKS] as number
    if (!passesTests(service, question, testsLeft(marks, isOpen)) || linked.includes(service)) return
    enterFew(best, service, (marks & IS_PROMOTED) === 0 ? base + square : keyOf(service, question, preference))
  }
  sift(ofType, question, sieve, visit, { open, reach })
}

/** The tests that neither columns nor facts have answered. */
const testsLeft = (marks: number, isOpen: boolean): readonly TriageTest[] => {
  if ((marks & NEEDS_TESTS) !== 0) return isOpen ? TESTS_OF_MARKED : TESTS_OF_MARKED_AND_SESSION
  return isOpen ? NO_TESTS : SESSION
}

const NOBODY: readonly UrgentCareService[] = []

const squareOfDistance = (service: UrgentCareService, { easting, northing }: TriageQuestion['origin']): number =>
  (service.easting - easting) ** 2 + (service.northing - northing) ** 2

/** The home surgery is among the nearest however far away it is. */
function keyOf(service: UrgentCareService, question: TriageQuestion, preference: Preference): number {
  const square = squareOfDistance(service, question.origin)
  if (preference === 'distance') return isHome(service, question.surgery) ? -1 : square
  const { sunk, group } = apartFrom(service, question)
  return (4 * sunk + group) * ABOVE_ANY_DISTANCE + square
}

const matchOf = (service: UrgentCareService, question: TriageQuestion, rank: number): Match => ({
  service,
  uid: service.uid,
  rank,
  distanceMetres: Math.sqrt(squareOfDistance(service, question.origin)),
  ...apartFrom(service, question),
})

/** Where a service stands, its distance apart. */
const apartFrom = (service: UrgentCareService, question: TriageQuestion): Pick<Standing, 'sunk' | 'group'> => ({
  sunk: isPromotedElsewhere(service, question) ? 1 : 0,
  group: groupOf(service, question.surgery),
})
