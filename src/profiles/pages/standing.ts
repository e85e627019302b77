/** `/manage/:odsCode/standing`: what was checked in this quarter and the last four, as a commissioner sees it. View: standing.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { standingOf } from '#src/profiles/standing.ts'
import { type StandingTable, standingTable } from '#src/profiles/standing-words.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { loadPastStandings } from '#src/verification/past-checks.ts'
import { loadNames } from './time-words.ts'

type StandingView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly now: StandingTable
  readonly past: readonly StandingTable[]
  readonly mayConfirm: boolean
}

const render = template<StandingView>('profiles/pages/standing.njk')

/** Mounts the page. */
export function standingPage(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/standing', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { kind } = seen.stored.profile
    const now = standingOf(seen.stored, seen)
    const past = await loadPastStandings(deps.db.pool, seen.odsCode, seen.today)
    const people = [now, ...past].flatMap(({ sections }) => sections.map(({ checkedBy }) => checkedBy))
    const nameOf = await loadNames(deps.db.pool, people)
    return render(reply, {
      title: 'Checks by quarter',
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      now: standingTable(now, kind, nameOf),
      past: past.map((standing) => standingTable(standing, kind, nameOf)),
      mayConfirm: seen.may('confirm-section'),
    })
  })
}
