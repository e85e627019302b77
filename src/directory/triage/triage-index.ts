/** Every service that a triage search may return, in memory, and the search itself. */
import { lifecycleOf } from '#src/rules/service-types.ts'
import type { FineTest, TriageQuestion, TriageTest } from '#src/rules/triage.ts'
import { createAgeBands, createNumberedCodes } from './code-columns.ts'
import { allInBox, type Few, nearestFew } from './nearest-few.ts'
import { createServicesOfType, type ServicesOfType } from './services-of-type.ts'
import { type Box, EVERY_ACTIVE_SERVICE, sieveFor } from './sift.ts'
import { explainTriage, gapsOf } from './triage-explain.ts'
import { nearestMatches, rankByRoad, type SearchedServices, searchTriage } from './triage-search.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Appended to a service's name, in brackets. */
export type Label = 'Home' | 'Home OOH' | 'Catch-all'

export type Returned = {
  readonly service: UrgentCareService
  /** Straight line on the grid, or by road where that was asked for and known. Metres, not rounded. */
  readonly distanceMetres: number
  readonly label: Label | null
}

/** A service and how far it is along a straight line. */
export type Found = Pick<Returned, 'service' | 'distanceMetres'>

/** How the results are ordered and cut; everything that depends on where the caller is and on the settings. */
export type ResultRules = {
  /** 1 first to 10 last. */
  rankOf(typeId: number): number
  /** How many services of a type are returned. */
  limitOf(typeId: number): number
  readonly catchAllTypes: readonly number[]
  readonly catchAllKm: number
  /** The old rule of 1.3: emergency departments are added when one service or none was found. */
  readonly legacyCatchAll: boolean
}

export type TriageAnswer = {
  /** In the order in which clients must show them. */
  readonly services: readonly Returned[]
  /** Whether emergency departments were looked for because nothing matched. */
  readonly isCatchAll: boolean
}

/** Why a service was or was not returned. `cut`: it matched, but others of its type come first. */
export type Verdict = {
  readonly service: UrgentCareService
  readonly distanceMetres: number
  readonly outcome: 'returned' | 'cut' | TriageTest
  /** All tests of the second pipeline that it fails; one alone makes it a gap. Empty for losers of the first. */
  readonly failed: readonly TriageTest[]
}

export type Gap = { readonly service: UrgentCareService; readonly test: FineTest }

/** Metres by road from the origin, by uid. A service without an entry cannot be reached. */
export type RoadDistances = ReadonlyMap<number, number>

export type TriageIndex = {
  readonly size: number
  /** The service with this uid, whatever its status. */
  service(uid: number): UrgentCareService | undefined
  /** Active services with exactly this ODS code, by uid. Any case. */
  byOdsCode(odsCode: string): readonly UrgentCareService[]
  /** The ranked answer. */
  search(question: TriageQuestion, rules: ResultRules): TriageAnswer
  /** Matches before ranking, at most `perType` of each type: the nearest, and the home surgery. For road distances. */
  candidates(question: TriageQuestion, perType: number): readonly Returned[]
  /** The ranked answer by road: from what `candidates` found. Services that cannot be reached are left out. */
  rankByRoad(
    question: TriageQuestion,
    rules: ResultRules,
    candidates: readonly Returned[],
    roads: RoadDistances,
  ): TriageAnswer
  /** Near misses: services that pass the first pipeline and fail exactly one test of the second. In no order. */
  gaps(question: TriageQuestion): readonly Gap[]
  /** Why each service of the box was or was not returned, nearest first. */
  explain(question: TriageQuestion, rules: ResultRules): readonly Verdict[]
  /**
   * What the index would answer with this service in the place of the stored one of its uid (or as a new one), by the
   * same rules. The index itself stays as it is, so other searches notice nothing.
   */
  instead(edited: UrgentCareService): Pick<TriageIndex, 'search' | 'explain'>
  /** The nearest Active services of a type in a box that pass the filters, at most `limit` (a few); ties by uid. */
  nearestOfType(typeId: number, box: Box, few: Few): readonly Found[]
  /** Active services of the given types in a box around a place, nearest first; ties by uid. For the REST searches. */
  ofTypes(typeIds: readonly number[], box: Box): readonly Found[]
  /** Active services that carry a pair of symptom group and discriminator in a box around a place, nearest first. */
  withPair(symptomGroup: number, discriminator: number, box: Box): readonly Found[]
}

/** What a place in memory is told of each service as it is read. */
export type TakesServices = {
  take(service: UrgentCareService): void
  /** Bank holidays have changed. */
  noticeHolidays(): void
  /** Many services have come at once: lays them out in order, which makes searches faster. */
  tidy(): void
}

/** An empty index. One that is loading lays out what it takes when it is told to be tidy, and finds nothing before. */
export function createTriageIndex({ isLoading = false } = {}): TriageIndex & TakesServices {
  return holdServices(isLoading).index
}

/** An index, and the services of it as searches see them. */
function holdServices(isLoading: boolean): {
  readonly index: TriageIndex & TakesServices
  readonly into: SearchedServices
} {
  let waitsToBeTidy = isLoading
  const services = new Map<number, UrgentCareService>()
  const types = new Map<number, ServicesOfType>()
  const withPair = new Map<number, readonly ServicesOfType[]>()
  const links = createLinks()
  const ageBands = createAgeBands()
  const codes = createNumberedCodes()
  const into: SearchedServices = {
    types,
    ageBands,
    codes: codes.numbers,
    typesWithPair: (pair) => withPair.get(pair) ?? [],
    linkedTo: (surgery) => links.of(surgery).filter(isSearchable),
  }
  const squaresOf = (typeId: number): ServicesOfType => {
    const known = types.get(typeId)
    if (known) return known
    const noticePair = (pair: number): void => {
      withPair.set(pair, [...(withPair.get(pair) ?? []), made])
    }
    const made: ServicesOfType = createServicesOfType(typeId, { ageBands, codes, noticePair })
    types.set(typeId, made)
    return made
  }
  const ofTypes = (typeIds: readonly number[]): readonly ServicesOfType[] =>
    [...new Set(typeIds)].flatMap((typeId) => types.get(typeId) ?? [])
  const index: TriageIndex & TakesServices = {
    get size() {
      return services.size
    },
    take(service) {
      const { uid, typeId } = service
      const before = services.get(uid)
      links.replace(before, service)
      services.set(uid, service)
      if (waitsToBeTidy) return
      if (before && (before.typeId !== typeId || !isSearchable(service))) types.get(before.typeId)?.remove(uid)
      if (isSearchable(service)) squaresOf(typeId).put(service)
    },
    noticeHolidays() {
      for (const squares of types.values()) squares.forgetOpenDays()
    },
    tidy() {
      if (waitsToBeTidy)
        for (const service of services.values()) if (isSearchable(service)) squaresOf(service.typeId).expect(service)
      waitsToBeTidy = false
      for (const ofType of types.values()) ofType.tidy()
    },
    service: (uid) => services.get(uid),
    byOdsCode(odsCode) {
      const asked = odsCode.trim().toUpperCase()
      return links
        .of(asked)
        .filter((service) => service.odsCode === asked && service.isActive)
        .sort((a, b) => a.uid - b.uid)
    },
    search: (question, rules) => searchTriage(into, question, rules),
    candidates: (question, perType) => nearestMatches(into, question, perType),
    rankByRoad: (question, rules, candidates, roads) =>
      rankByRoad(into, question, rules, { matches: candidates, roads }),
    gaps: (question) => gapsOf(into, question),
    explain: (question, rules) => explainTriage(into, question, rules),
    instead(edited) {
      const held = holdServices(false)
      held.index.take(edited)
      const instead = { uid: edited.uid, alone: held.into }
      return {
        search: (question, rules) => searchTriage(into, question, rules, instead),
        explain: (question, rules) => explainTriage(into, question, rules, instead),
      }
    },
    nearestOfType(typeId, box, few) {
      const ofType = types.get(typeId)
      return ofType ? nearestFew(into, [ofType], box, few) : []
    },
    ofTypes: (typeIds, box) => allInBox(ofTypes(typeIds), box, () => EVERY_ACTIVE_SERVICE),
    withPair(symptomGroup, discriminator, box) {
      const pair = codes.numbers.pair(symptomGroup, discriminator)
      return pair === undefined
        ? []
        : allInBox(into.typesWithPair(pair), box, ({ columns }) => sieveFor(columns, { all: [pair] }))
    },
  }
  return { index, into }
}

/** Placed, and of a type that searches return. */
const isSearchable = ({ typeId, easting, northing }: UrgentCareService): boolean =>
  Number.isFinite(easting) && Number.isFinite(northing) && lifecycleOf(typeId) !== 'administrative'

/** The codes that lead to a service: its own, and those of the surgeries that commission it. */
const codesOf = ({ odsCode, clinical: { referrals } }: UrgentCareService): Iterable<string> =>
  odsCode === null || referrals.has(odsCode) ? referrals : [odsCode, ...referrals]

/** Which services are linked to a code. */
function createLinks() {
  const linked = new Map<string, UrgentCareService[]>()
  const remove = (service: UrgentCareService, code: string): void => {
    const left = linked.get(code)?.filter(({ uid }) => uid !== service.uid) ?? []
    if (left.length > 0) linked.set(code, left)
    else linked.delete(code)
  }
  const add = (service: UrgentCareService, code: string): void => {
    const those = linked.get(code)
    if (those) those.push(service)
    else linked.set(code, [service])
  }
  return {
    of: (code: string): readonly UrgentCareService[] => linked.get(code) ?? NOBODY,
    replace(before: UrgentCareService | undefined, after: UrgentCareService): void {
      if (before) for (const code of codesOf(before)) remove(before, code)
      for (const code of codesOf(after)) add(after, code)
    },
  }
}

const NOBODY: readonly UrgentCareService[] = []
