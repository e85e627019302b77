/** Why a triage search answered as it did: for testers and commissioners, behind the answer and at no cost to it. */
import { failedTests, type TriageQuestion } from '#src/rules/triage.ts'
import { allInBox, nearestFirst } from './nearest-few.ts'
import { EVERY_SERVICE, sieveFor, sift, wantedCodes } from './sift.ts'
import type { Gap, ResultRules, Verdict } from './triage-index.ts'
import { type Instead, type SearchedServices, searchTriage } from './triage-search.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Services that pass the first pipeline and fail exactly one test of the second. */
export function gapsOf({ types, codes }: SearchedServices, question: TriageQuestion): readonly Gap[] {
  const { symptomGroup, gender } = question
  const wanted = symptomGroup === null ? null : wantedCodes([codes.symptomGroup(symptomGroup), codes.gender(gender)])
  if (wanted === null) return []
  const gaps: Gap[] = []
  for (const ofType of types.values()) {
    const sieve = sieveFor(ofType.columns, wanted)
    if (!sieve) continue
    sift(ofType, question, sieve, (slot) => {
      const service = ofType.layout.services[slot] as UrgentCareService
      const { coarse, fine } = failedTests(service, question)
      const [test] = fine
      if (coarse === null && test !== undefined && fine.length === 1) gaps.push({ service, test })
    })
  }
  return gaps
}

/** Why each service of the box was or was not returned, nearest first. */
export function explainTriage(
  into: SearchedServices,
  question: TriageQuestion,
  rules: ResultRules,
  instead?: Instead,
): readonly Verdict[] {
  const shown = new Set(searchTriage(into, question, rules, instead).services.map(({ service }) => service.uid))
  const stored = allInBox(into.types.values(), question, () => EVERY_SERVICE)
  const everything = instead
    ? [
        ...stored.filter(({ service }) => service.uid !== instead.uid),
        ...allInBox(instead.alone.types.values(), question, () => EVERY_SERVICE),
      ].sort(nearestFirst)
    : stored
  return everything.map(({ service, distanceMetres }) => {
    const { coarse, fine } = failedTests(service, question)
    const outcome = shown.has(service.uid) ? 'returned' : (coarse ?? fine[0] ?? 'cut')
    return { service, distanceMetres, outcome, failed: fine }
  })
}
