/** One service that somebody expects in an answer: found by its code, and what became of it. Pure. */
import type { Returned, TriageIndex, Verdict } from '#src/directory/triage/triage-index.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { lifecycleOf } from '#src/rules/service-types.ts'
import { failedTests, type TriageQuestion } from '#src/rules/triage.ts'
import { reasonOf } from './verdict-words.ts'

export type WantedService = {
  readonly name: string
  readonly uid: number
  readonly isReturned: boolean
  /** The first rule it failed, or its place. */
  readonly outcome: string
  /** The other rules that it fails as well. */
  readonly also: readonly string[]
}

/** The services that a UID or an ODS code names; none for an empty text. */
export function findWanted(
  text: string,
  { service, byOdsCode }: Pick<TriageIndex, 'service' | 'byOdsCode'>,
): Result<readonly UrgentCareService[]> {
  if (text === '') return accepted([])
  const byUid = /^\d{1,15}$/.test(text) ? service(Number(text)) : undefined
  const found = byUid ? [byUid] : byOdsCode(text)
  if (found.length > 0) return accepted(found)
  return refused({ field: 'service', code: 'unknown', message: 'No active service has this UID or ODS code' })
}

/** What became of each: by the same rules as the search, tested one by one. */
export function wantedServices(
  wanted: readonly UrgentCareService[],
  returned: readonly Returned[],
  question: TriageQuestion,
): readonly WantedService[] {
  return wanted.map((service) => {
    const { uid, shown } = service
    const place = returned.findIndex((one) => one.service.uid === uid)
    if (place >= 0) {
      const outcome = `Returned as number ${place + 1} of ${returned.length}`
      return { name: shown.name, uid, isReturned: true, outcome, also: [] }
    }
    const [first, ...also] = reasonsOf(service, question)
    return { name: shown.name, uid, isReturned: false, outcome: first ?? reasonOf('cut'), also }
  })
}

function reasonsOf(service: UrgentCareService, question: TriageQuestion): readonly string[] {
  if (lifecycleOf(service.typeId) === 'administrative') return ['No search returns services of their type']
  if (!Number.isFinite(service.easting)) return ['They have no place on the map']
  const { coarse, fine } = failedTests(service, question)
  const failed: readonly Verdict['outcome'][] = coarse === null ? fine : [coarse]
  return failed.map(reasonOf)
}
