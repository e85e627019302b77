/** The triage search as programs ask it: checked, searched, by road where the account may, and told what was used. */
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import type { TriageAnswer, TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { RoadDestination, RoadProvider } from './road-distances.ts'
import {
  type CheckDeps,
  type CheckedRequest,
  checkTriageRequest,
  type TriageProblem,
  type TriageRequest,
} from './triage-request.ts'

export type AskTriageDeps = CheckDeps & {
  readonly triage: Pick<TriageIndex, 'search' | 'candidates' | 'rankByRoad'>
  readonly roads: Pick<RoadProvider, 'distances'>
  readonly clock: Clock
}

export type TriageReply =
  | { readonly ok: true; readonly answer: TriageAnswer; readonly meta: CheckedRequest }
  /** `meta` is there when the search was made and found nothing. */
  | { readonly ok: false; readonly problem: TriageProblem; readonly meta?: CheckedRequest }

/** The account that asks; the permission `roadDistance` asks for distances by road. */
export type AskingAccount = Pick<ApiAccount, 'role' | 'permissions'>

/** Of each type, so many services are asked about. Source: DoS road distance. */
const BY_ROAD_PER_TYPE = 100
const ROAD_PERMISSION = 'roadDistance'

/**
 * Answers a request at once, or later where distances by road are asked for. Road distances that do not come leave the
 * straight line; they never fail a search. Throws only what cannot be expected.
 */
export function askTriage(
  deps: AskTriageDeps,
  account: AskingAccount,
  request: TriageRequest,
): TriageReply | Promise<TriageReply> {
  const checked = checkTriageRequest(request, account, deps, deps.clock.now())
  if (!checked.ok) return checked
  return account.permissions.includes(ROAD_PERMISSION) ? byRoad(deps, checked.value) : searched(deps, checked.value)
}

/** As `askTriage` for an account that may not ask for distances by road; `triage` may be one with an edit laid over it. */
export function askStraight(
  deps: CheckDeps & { readonly triage: Pick<TriageIndex, 'search'>; readonly clock: Clock },
  role: number | null,
  request: TriageRequest,
): TriageReply {
  const checked = checkTriageRequest(request, { role }, deps, deps.clock.now())
  return checked.ok ? searched(deps, checked.value) : checked
}

const searched = ({ triage }: { readonly triage: Pick<TriageIndex, 'search'> }, meta: CheckedRequest): TriageReply =>
  replyOf(triage.search(meta.question, meta.rules), meta)

async function byRoad({ triage, roads }: AskTriageDeps, meta: CheckedRequest): Promise<TriageReply> {
  const { question, rules, place } = meta
  const matches = triage.candidates(question, BY_ROAD_PER_TYPE)
  const placed = matches.flatMap(({ service }): readonly RoadDestination[] => {
    const { latitude, longitude } = service.shown
    return latitude === null || longitude === null ? [] : [{ uid: service.uid, latitude, longitude }]
  })
  const distances = matches.length === 0 ? undefined : await roads.distances(place, placed)
  const answer = distances ? triage.rankByRoad(question, rules, matches, distances) : triage.search(question, rules)
  return replyOf(answer, meta)
}

const replyOf = (answer: TriageAnswer, meta: CheckedRequest): TriageReply =>
  answer.services.length === 0 ? { ok: false, problem: { code: 'no-services' }, meta } : { ok: true, answer, meta }
