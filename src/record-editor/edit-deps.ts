/** What the record editor works with. */
import type { Actor } from '#src/accounts/actor.ts'
import { type GeneralAction, scopeOf } from '#src/accounts/can.ts'
import type { Reach } from '#src/directory/area.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'

export type EditDeps = {
  readonly db: Db
  readonly clock: Clock
  /** The catalogue's codes as they are now: which types, pairs, dispositions and roles there are. */
  readonly reference: () => TriageReference
}

/** How far somebody may do something in the editor: everywhere, or the services of some ICBs. */
export function reachOf(actor: Actor, action: GeneralAction): Reach {
  const { everywhere, icbCodes } = scopeOf(actor, action)
  return everywhere ? { everywhere } : { everywhere: false, icbCodes }
}
