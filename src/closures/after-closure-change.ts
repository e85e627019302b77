/** Whom a change of a closure concerns beyond the directory itself: one line for each, in the transaction of the change. */
import type { Tx } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { queueTellOfCode } from './by-code/tell-of-use.ts'
import type { ClosureEventName, StoredClosure } from './closure-records.ts'
import { queueTellNearby } from './notices/tell-nearby.ts'
import { noticeAfterChange } from './notices/write-notice.ts'

export type ClosureChanged = {
  readonly closure: StoredClosure
  /** The profile as it is now. */
  readonly profile: Profile
  readonly event: ClosureEventName
  /** As in `audit.actor`. */
  readonly actor: string
  /** UTC ISO text. */
  readonly happenedAt: string
}

/** Queues what has to be told of the change. */
export async function afterClosureChange(tx: Tx, changed: ClosureChanged): Promise<void> {
  await noticeAfterChange(tx, changed)
  await queueTellNearby(tx, changed)
  await queueTellOfCode(tx, changed)
}
