/** Whoever closes or reopens with a code is told of: to the owners and the shared mailbox, every time. */
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import { keylessIn } from '#src/profiles/keyless-actors.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import type { ClosureChanged } from '../after-closure-change.ts'
import { loadClosure } from '../closure-records.ts'

export const TELL_OF_CODE = 'tell-of-closure-code'
const MOST_ATTEMPTS = 40

const TOLD = { told: 'closed', changed: 'changed', reopened: 'reopened' } as const

type Payload = {
  readonly closureId: string
  readonly odsCode: string
  readonly actor: string
  readonly what: (typeof TOLD)[keyof typeof TOLD]
  readonly at: string
  /** UTC ISO text, as it was said then. */
  readonly expectedAt: string | null
}

/** Queues the telling, in the transaction of the change; nothing for what was done signed in. */
export async function queueTellOfCode(tx: Tx, { closure, event, actor, happenedAt }: ClosureChanged): Promise<void> {
  if (!keylessIn(actor) || !Object.hasOwn(TOLD, event)) return
  const { id: closureId, odsCode, expectedAt } = closure
  const payload: Payload = {
    closureId,
    odsCode,
    actor,
    what: TOLD[event as keyof typeof TOLD],
    at: happenedAt,
    expectedAt: expectedAt === null ? null : new Date(expectedAt).toISOString(),
  }
  await enqueue(tx, TELL_OF_CODE, payload, {
    uniqueKey: `${closureId} ${event} ${happenedAt}`,
    maxAttempts: MOST_ATTEMPTS,
  })
}

/** What a worker does with it: one email for each owner, and one for the shared mailbox. */
export async function tellOfCode(
  deps: {
    readonly db: Db
    readonly sharedMailboxDomains: readonly string[]
    /** Those who own the pharmacy now. */
    readonly ownersOf: (db: Queryable, odsCode: string) => Promise<readonly string[]>
  },
  job: Job,
): Promise<void> {
  const { closureId, odsCode, actor, what, at, expectedAt } = job.payload as Payload
  const channel = keylessIn(actor)
  await deps.db.transact(async (tx) => {
    const [stored, closure] = [await loadProfile(tx, odsCode), await loadClosure(tx, closureId)]
    if (!stored || !closure || !channel) return
    const { reason, filledInBy } = closure
    const shared = sharedMailboxOf(stored.profile, deps.sharedMailboxDomains)
    const owners = await deps.ownersOf(tx, odsCode)
    const pharmacy = { odsCode, name: stored.profile.name }
    const facts = { cause: `${closureId} ${at}`, pharmacy, what, at, channel, expectedAt, reason, filledInBy }
    for (const recipient of new Set([...owners, ...(shared === null ? [] : [shared])])) {
      await queueEmail(tx, { kind: 'closed-without-sign-in', recipient, ...facts })
    }
  })
}
