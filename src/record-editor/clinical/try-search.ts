/** One search asked twice: of the directory as it is, and with an edit laid over it. Nothing is recorded or counted. */
import { serviceReader } from '#src/directory/indexed-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { rowOfUnsaved } from '#src/directory/service-rows.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { urgentCareReader } from '#src/directory/triage/urgent-care-reader.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { askStraight, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import { problemOf } from '#src/urgent-care/search-tester.form.ts'
import { type ShownAnswer, shownAnswer } from '#src/urgent-care/shown-answer.ts'
import type { CheckDeps, CheckedRequest, TriageRequest } from '#src/urgent-care/triage-request.ts'
import { type WantedService, wantedServices } from '#src/urgent-care/wanted-service.ts'

export type TryDeps = CheckDeps & {
  readonly triage: Pick<TriageIndex, 'search' | 'explain' | 'service' | 'instead'>
  readonly holidays: () => HolidayCalendar
  readonly clock: Clock
}

export type Tried = {
  readonly meta: CheckedRequest
  /** What becomes of the service now; null: the directory has no such service yet. */
  readonly before: WantedService | null
  /** And with the edit. */
  readonly after: WantedService | null
  /** The whole answer with the edit. */
  readonly answer: ShownAnswer | null
}

const NAMES_SHOWN = 15

/** The record as urgent care would see it, by the same functions as a stored one. */
export async function edited(
  db: Queryable,
  record: ServiceRecord,
  { holidays }: Pick<TryDeps, 'holidays'>,
): Promise<UrgentCareService> {
  return urgentCareReader()(serviceReader(holidays())(await rowOfUnsaved(db, record)))
}

/** Asks both. What has to be put right in the question is refused, by the fields of the search tester. */
export function tryBoth(
  deps: TryDeps,
  {
    service,
    role,
    request,
  }: { readonly service: UrgentCareService; readonly role: number | null; readonly request: TriageRequest },
): Result<Tried> {
  const overlaid = deps.triage.instead(service)
  const replies = [deps.triage, overlaid].map((triage) => askStraight({ ...deps, triage }, role, request))
  const [now, then] = replies
  const problem = then && !then.ok ? problemOf(then.problem.code) : null
  if (problem) return refused(problem)
  if (!now?.meta || !then?.meta) throw new Error('A search without a problem has no answer')
  return accepted({
    meta: then.meta,
    before: standing(now, deps.triage.service(service.uid)),
    after: standing(then, service),
    answer: shownAnswer(then, { ...deps, triage: overlaid }, { namesShown: NAMES_SHOWN, forStaff: true }),
  })
}

function standing(reply: TriageReply, service: UrgentCareService | undefined): WantedService | null {
  if (!service || !reply.meta) return null
  const returned = reply.ok ? reply.answer.services : []
  return wantedServices([service], returned, reply.meta.question)[0] ?? null
}
