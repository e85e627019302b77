/** Why a triage search answered as it did: for testers and commissioners, behind the answer and at no cost to it. */
import { FINE_TESTS, failedTests, type TriageQuestion } from '#src/rules/triage.ts'
import type { ServiceSquares } from './service-squares.ts'
import { sieveOf, sift } from './sift.ts'
import type { Gap, ResultRules, Verdict } from './triage-index.ts'
import { type SearchedServices, searchTriage } from './triage-search.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/** Services that pass the first pipeline and fail exactly one test of the second. */
export function gapsOf(squares: ServiceSquares, question: TriageQuestion): readonly Gap[] {
  const { active, symptomGroup, gender } = squares.columns
  if (question.symptomGroup === null) return []
  const sieve = sieveOf([symptomGroup(question.symptomGroup), gender(question.gender), active])
  if (!sieve) return []
  const gaps: Gap[] = []
  sift(squares, question, sieve, ({ services }, slot) => {
    const service = services[slot] as UrgentCareService
    const { coarse, fine } = failedTests(service, question)
    const [test] = fine
    if (coarse === null && test !== undefined && fine.length === 1) gaps.push({ service, test })
  })
  return gaps
}

/** Why each service of the box was or was not returned, nearest first. */
export function explainTriage(
  into: SearchedServices,
  question: TriageQuestion,
  rules: ResultRules,
): readonly Verdict[] {
  const shown = new Set(searchTriage(into, question, rules).services.map(({ service }) => service.uid))
  const verdicts: Verdict[] = []
  sift(into.squares, question, EVERY_SERVICE, ({ services }, slot, squareOfDistance) => {
    const service = services[slot] as UrgentCareService
    const { coarse, fine } = failedTests(service, question)
    const failed = coarse ?? FINE_TESTS.find((test) => fine.includes(test)) ?? null
    const outcome = shown.has(service.uid) ? 'returned' : (failed ?? 'cut')
    verdicts.push({ service, distanceMetres: Math.sqrt(squareOfDistance), outcome, failed: fine })
  })
  return verdicts.sort((a, b) => a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid)
}

const EVERY_SERVICE = { all: [], any: [] }
