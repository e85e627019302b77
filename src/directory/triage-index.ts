/** Every service that a triage search may return, in memory, and the search itself. */
import { lifecycleOf } from '#src/rules/service-types.ts'
import type { FineTest, TriageQuestion, TriageTest } from '#src/rules/triage.ts'
import { allInBox, nearestFew } from './nearest-few.ts'
import { createServiceSquares } from './service-squares.ts'
import { type Box, sieveOf } from './sift.ts'
import { explainTriage, gapsOf } from './triage-explain.ts'
import { nearestMatches, rankByRoad, searchTriage } from './triage-search.ts'
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
   * The nearest Active services of a type in a box that `accepts` lets through, at most `limit` (a few); ties by uid.
   * `accepts` is asked in no order.
   */
  nearestOfType(
    typeId: number,
    box: Box,
    few: { readonly limit: number; readonly accepts: (service: UrgentCareService) => boolean },
  ): readonly Found[]
  /** Active services of the given types in a box around a place, nearest first; ties by uid. For the REST searches. */
  ofTypes(typeIds: readonly number[], box: Box): readonly Found[]
  /** Active services that carry a pair of symptom group and discriminator in a box around a place, nearest first. */
  withPair(symptomGroup: number, discriminator: number, box: Box): readonly Found[]
}

/** What a place in memory is told of each service as it is read. */
export type TakesServices = { take(service: UrgentCareService): void }

/** An empty index. */
export function createTriageIndex(): TriageIndex & TakesServices {
  const services = new Map<number, UrgentCareService>()
  const squares = createServiceSquares()
  const codes = createCodeList()
  const into = { squares, byOdsCode: (odsCode: string) => codes.of(odsCode).flatMap((uid) => activeOne(uid)) }
  const activeOne = (uid: number): UrgentCareService | [] => {
    const service = services.get(uid)
    return service?.isActive ? service : []
  }
  return {
    get size() {
      return services.size
    },
    take(service) {
      codes.move(service.uid, services.get(service.uid)?.odsCode, service.odsCode)
      services.set(service.uid, service)
      if (isSearchable(service)) squares.put(service)
      else squares.remove(service.uid)
    },
    service: (uid) => services.get(uid),
    byOdsCode: (odsCode) => into.byOdsCode(odsCode.trim().toUpperCase()),
    search: (question, rules) => searchTriage(into, question, rules),
    candidates: (question, perType) => nearestMatches(into, question, perType),
    rankByRoad: (question, rules, candidates, roads) =>
      rankByRoad(into, question, rules, { matches: candidates, roads }),
    gaps: (question) => gapsOf(squares, question),
    explain: (question, rules) => explainTriage(into, question, rules),
    nearestOfType: (typeId, box, few) =>
      nearestFew(squares, box, sieveOf([squares.columns.active, squares.columns.type(typeId)]), few),
    ofTypes: (typeIds, box) =>
      allInBox(squares, box, sieveOf([squares.columns.active], typeIds.map(squares.columns.type))),
    withPair: (symptomGroup, discriminator, box) =>
      allInBox(squares, box, sieveOf([squares.columns.active, squares.columns.pair(symptomGroup, discriminator)])),
  }
}

/** Placed, and of a type that searches return. */
const isSearchable = ({ typeId, easting, northing }: UrgentCareService): boolean =>
  Number.isFinite(easting) && Number.isFinite(northing) && lifecycleOf(typeId) !== 'administrative'

/** Which services carry an ODS code, by uid. */
function createCodeList() {
  const uids = new Map<string, readonly number[]>()
  return {
    of: (odsCode: string): readonly number[] => uids.get(odsCode) ?? NOBODY,
    move(uid: number, from: string | null | undefined, to: string | null): void {
      if (from === to) return
      if (from) {
        const left = (uids.get(from) ?? NOBODY).filter((other) => other !== uid)
        if (left.length > 0) uids.set(from, left)
        else uids.delete(from)
      }
      if (to)
        uids.set(
          to,
          [...(uids.get(to) ?? NOBODY), uid].sort((a, b) => a - b),
        )
    },
  }
}

const NOBODY: readonly number[] = []
