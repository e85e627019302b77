/**
 * What of two searches is compared, and how a difference is reported: with its question, and with the fewest services
 * that still show it.
 */
import assert from 'node:assert/strict'
import type { Found, TriageAnswer, TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { fastIndexOf, fastQuestion, fastReference, fastRules } from './fast-triage.ts'
import type { RandomDirectory } from './random-directory.ts'
import {
  isAdministrative,
  type SlowAnswer,
  type SlowQuestion,
  type SlowReference,
  type SlowService,
  slowNearest,
  slowSearch,
  slowVerdicts,
} from './slow-triage.ts'

export type Directory = Omit<RandomDirectory, 'questions'>
export type Sides = { readonly index: TriageIndex; readonly said: TriageReference; readonly reference: SlowReference }

/** `123 (Home) at 65000`, one a service, and whether emergency departments stand in. */
type Told = readonly string[]

const told = (uid: number, label: string | null, metres: number): string =>
  `${uid}${label === null ? '' : ` (${label})`} at ${metres.toFixed(3)}`

function slowTold({ fault, isCatchAll, returned }: SlowAnswer): Told {
  if (fault !== null) return [`fault ${fault}`]
  return [`catch-all: ${isCatchAll}`, ...returned.map(({ uid, label, metres }) => told(uid, label, metres))]
}

function fastTold({ isCatchAll, services }: TriageAnswer): Told {
  const list = services.map(({ service, label, distanceMetres }) => told(service.uid, label, distanceMetres))
  return [`catch-all: ${isCatchAll}`, ...list]
}

const slowAnswer: Comparison['slow'] = ({ services, reference }, asked) =>
  slowTold(slowSearch(services, reference, asked))

const fastAnswer: Comparison['fast'] = ({ index, said, reference }, asked) => {
  const question = fastQuestion(asked, said)
  return question ? fastTold(index.search(question, fastRules(asked, said, reference))) : ['fault 104']
}

/** `123 at 65000: age, session; cut`: the tests that a service of the box fails, and what became of it. */
const slowReasons: Comparison['slow'] = ({ services, reference }, asked) => {
  const uids = new Set(slowSearch(services, reference, asked).returned.map(({ uid }) => uid))
  return slowVerdicts(services, reference, asked).map(({ uid, metres, failed, fine }) => {
    const outcome = uids.has(uid) ? 'returned' : (failed ?? 'cut')
    return `${told(uid, null, metres)}: ${fine.join(', ')}; ${outcome}`
  })
}

function fastReasons({ index, said, reference }: Sides, asked: SlowQuestion): Told {
  const question = fastQuestion(asked, said)
  if (!question) return []
  return index
    .explain(question, fastRules(asked, said, reference))
    .map(
      ({ service, distanceMetres, outcome, failed }) =>
        `${told(service.uid, null, distanceMetres)}: ${failed.join(', ')}; ${outcome}`,
    )
}

const slowGaps: Comparison['slow'] = ({ services, reference }, asked) =>
  slowVerdicts(services, reference, asked)
    .flatMap(({ uid, fine }) => (fine.length === 1 ? [`${uid} ${fine[0]}`] : []))
    .sort()

function fastGaps({ index, said }: Sides, asked: SlowQuestion): Told {
  const question = fastQuestion(asked, said)
  return question
    ? index
        .gaps(question)
        .map(({ service, test: failed }) => `${service.uid} ${failed}`)
        .sort()
    : []
}

export type Comparison = {
  readonly what: string
  readonly slow: (directory: Directory, asked: SlowQuestion) => Told
  readonly fast: (sides: Sides, asked: SlowQuestion) => Told
}
/** Some services cannot be reached, and the way to the others has little to do with their distance. */
const ROADS_PER_TYPE = 5
const roadTo = (uid: number): number | undefined => (uid % 11 === 0 ? undefined : 1000 + ((uid * 7919) % 60_000))

const slowRoads: Comparison['slow'] = ({ services, reference }, asked) => {
  const reached = services.flatMap(({ uid }) => {
    const metres = roadTo(uid)
    return metres === undefined ? [] : [[uid, metres] as const]
  })
  return slowTold(slowSearch(services, reference, asked, { metres: new Map(reached), perType: ROADS_PER_TYPE }))
}

const fastRoads: Comparison['fast'] = ({ index, said, reference }, asked) => {
  const question = fastQuestion(asked, said)
  if (!question) return ['fault 104']
  const candidates = index.candidates(question, ROADS_PER_TYPE)
  const reached = candidates.flatMap(({ service: { uid } }) => {
    const metres = roadTo(uid)
    return metres === undefined ? [] : [[uid, metres] as const]
  })
  return fastTold(index.rankByRoad(question, fastRules(asked, said, reference), candidates, new Map(reached)))
}

const WANTED_TYPES = [13, 100, 12]
const nearestTold = (list: readonly { readonly uid: number; readonly metres: number }[]): Told =>
  list.map(({ uid, metres }) => told(uid, null, metres))
const foundTold = (found: readonly Found[]): Told =>
  nearestTold(found.map(({ service: { uid }, distanceMetres: metres }) => ({ uid, metres })))

const slowOfTypes: Comparison['slow'] = ({ services }, asked) =>
  nearestTold(slowNearest(services, asked, ({ typeId }) => WANTED_TYPES.includes(typeId)))

const fastOfTypes: Comparison['fast'] = ({ index }, asked) => foundTold(index.ofTypes(WANTED_TYPES, boxOf(asked)))

const slowWithPair: Comparison['slow'] = ({ services }, asked) => {
  const [sg, sd] = [asked.sg ?? 0, asked.sds[0] ?? 0]
  const isWanted = (service: SlowService) => !isAdministrative(service) && (service.sgsd[sg]?.includes(sd) ?? false)
  return nearestTold(slowNearest(services, asked, isWanted))
}

const fastWithPair: Comparison['fast'] = ({ index }, asked) =>
  foundTold(index.withPair(asked.sg ?? 0, asked.sds[0] ?? 0, boxOf(asked)))

const boxOf = ({ easting, northing, distanceKm }: SlowQuestion) => ({ origin: { easting, northing }, distanceKm })

export const ANSWERS: Comparison = { what: 'answer', slow: slowAnswer, fast: fastAnswer }
export const REASONS: Comparison = { what: 'reasons', slow: slowReasons, fast: fastReasons }
export const GAPS: Comparison = { what: 'gaps', slow: slowGaps, fast: fastGaps }
const BY_ROAD: Comparison = { what: 'answer by road', slow: slowRoads, fast: fastRoads }
export const OF_TYPES: Comparison = { what: 'nearest of some types', slow: slowOfTypes, fast: fastOfTypes }
export const WITH_PAIR: Comparison = { what: 'nearest with a pair', slow: slowWithPair, fast: fastWithPair }
export const ALL = [ANSWERS, REASONS, GAPS, BY_ROAD, OF_TYPES, WITH_PAIR]

/** What the fast side says; a crash is an answer too, and a wrong one. */
function attempt({ fast }: Comparison, sides: Sides, asked: SlowQuestion): Told {
  try {
    return fast(sides, asked)
  } catch (error) {
    return [`crashed: ${String(error)}`]
  }
}

type Both = { readonly fast: Told; readonly slow: Told }

const areEqual = ({ fast, slow }: Both): boolean => fast.join('\n') === slow.join('\n')

const ask = (comparison: Comparison, sides: Sides, directory: Directory, asked: SlowQuestion): Both => ({
  slow: comparison.slow(directory, asked),
  fast: attempt(comparison, sides, asked),
})

/** The fewest services with which both still differ: chunks are left out for as long as that is so. */
function fewest(comparison: Comparison, directory: Directory, asked: SlowQuestion): Directory {
  let least = directory
  for (let chunk = least.services.length >> 1; chunk >= 1; chunk >>= 1) {
    for (let at = 0; at < least.services.length; ) {
      const without = { ...least, services: least.services.toSpliced(at, chunk) }
      if (areEqual(ask(comparison, sidesOf(without), without, asked))) at += chunk
      else least = without
    }
  }
  return least
}

export function agree(comparison: Comparison, sides: Sides, directory: Directory, asked: SlowQuestion): void {
  const both = ask(comparison, sides, directory, asked)
  if (areEqual(both)) return
  const least = fewest(comparison, directory, asked)
  // A difference that hangs on how the index came to be is gone in a fresh one: then everything is shown.
  const shown = [asked, ...least.services].map((value) => JSON.stringify(value)).join('\n')
  const { fast, slow } = areEqual(ask(comparison, sidesOf(least), least, asked))
    ? both
    : ask(comparison, sidesOf(least), least, asked)
  assert.deepEqual(fast, slow, `the ${comparison.what} differ\n${shown}`)
}

export const sidesOf = ({ services, reference }: Directory): Sides => ({
  index: fastIndexOf(services, reference),
  said: fastReference(reference),
  reference,
})
