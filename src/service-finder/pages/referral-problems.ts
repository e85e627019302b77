/** `/manage/:odsCode/referral-problems`: what professionals told of a pharmacy that could not help. View: referral-problems.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { REFERRAL_PROBLEMS, type ReferralProblem, referralProblem } from '#src/rules/referral-problems.ts'
import { loadProblems, type ToldProblem } from '../referral-problems.ts'
import type { FinderDeps } from './finder-deps.ts'

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly reasons: readonly {
    readonly told: string
    readonly times: number
    /** Where it is put right; null for those who may not. */
    readonly address: string | null
  }[]
  readonly problems: readonly never[]
  readonly latest: readonly { readonly when: string; readonly told: string; readonly service: string }[]
  readonly days: number
}
type Deps = Pick<ManageDeps, 'db' | 'clock' | 'holidays'> & Pick<FinderDeps, 'triage'>

const render = template<View>('service-finder/pages/referral-problems.njk')
const DAYS = 90
const DAY_MS = 86_400_000
const MOST = 200

/** Mounts the page. */
export function referralProblemsPage(app: FastifyInstance, deps: Deps): void {
  app.get('/manage/:odsCode/referral-problems', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const since = new Date(seen.now.getTime() - DAYS * DAY_MS)
    const told = await loadProblems(deps.db.pool, seen.odsCode, { since, most: MOST })
    const mayEdit = seen.may('edit-hours')
    return render(reply, {
      title: 'Referrals that could not be helped',
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      problems: [],
      reasons: REFERRAL_PROBLEMS.map((problem) => ({ problem, times: countOf(told, problem) }))
        .filter(({ times }) => times > 0)
        .map(({ problem, times }) => ({
          told: problem.told,
          times,
          address: mayEdit ? pageOf(problem, seen.odsCode, told) : null,
        })),
      latest: told.map(({ uid, reason, toldAt }) => ({
        when: formatMomentIn(toldAt),
        told: referralProblem(reason)?.told ?? reason,
        service: deps.triage.service(uid)?.shown.name ?? `Service ${uid}`,
      })),
      days: DAYS,
    })
  })
}

const countOf = (told: readonly ToldProblem[], { key }: ReferralProblem): number =>
  told.filter(({ reason }) => reason === key).length

/** Capacity is set on a page of each service: that of the last one of which it was told. */
function pageOf({ key, page }: ReferralProblem, odsCode: string, told: readonly ToldProblem[]): string {
  const uid = told.find(({ reason }) => reason === key)?.uid
  return page === 'capacity' ? `/capacity/${uid}` : `/manage/${odsCode}/${page}`
}
