/** What waits for a lead: the figures of the workspace, each the length of the list that it opens. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { ListScope } from '#src/profiles/match-pharmacies.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { countQueries } from './queries.ts'
import { countUndecided } from './values.ts'

export type WaitingCount = {
  readonly title: string
  readonly address: string
  readonly waiting: number
  readonly late: number
}

/** The queues, as the workspace shows them. */
export async function loadFieldQueues(db: Queryable, scope: ListScope, now: Date): Promise<readonly WaitingCount[]> {
  const { forLead, overdue } = await countQueries(db, scope, londonDateOf(now))
  const undecided = await countUndecided(db, scope)
  return [
    { title: 'Answers of pharmacies', address: '/workspace/queries', waiting: forLead, late: 0 },
    { title: 'Questions nobody answered', address: '/workspace/queries?show=overdue', waiting: overdue, late: overdue },
    {
      ...{ title: 'Conflicts, waiting changes and proposals', address: '/workspace/conflicts' },
      ...{ waiting: undecided, late: 0 },
    },
  ]
}
