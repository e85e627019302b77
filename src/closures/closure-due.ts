/** When a closure needs somebody next, as a job of the outbox that runs then. */
import type { Tx } from '#src/platform/db/db.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type ClosureDue, nextDue } from '#src/rules/closure-states.ts'
import { openStateAt } from '#src/rules/compiled-hours.ts'
import { instantOf, toLondon } from '#src/rules/london-time.ts'
import type { StoredClosure } from './closure-records.ts'
import { hoursWithoutClosures } from './due-open.ts'

/** Runs `runClosureDue` of `closure-watch.ts`. */
export const CLOSURE_DUE = 'closure-due'

/** What the job carries. A closure whose last word is another one has a later job, and this one does nothing. */
export type ClosureDuePayload = {
  readonly closureId: string
  readonly what: ClosureDue['what']
  readonly lastWordAt: number
}

/** What a closure needs next, after its last word; undefined when it is over. */
export function dueAfter(
  closure: StoredClosure,
  profile: Profile,
  { instant, holidays }: { readonly instant: Date; readonly holidays: HolidayCalendar },
): ClosureDue | undefined {
  return nextDue(closure, {
    now: instant.getTime(),
    lastWordAt: closure.lastWordAt,
    reminded: closure.reminded,
    wouldOpenAt: (from) => wouldOpenAt(profile, holidays, from),
  })
}

/** When the pharmacy would be open next by its hours without any closure, at or after an instant; null: not in sight. */
export function wouldOpenAt(profile: Profile, holidays: HolidayCalendar, from: number): number | null {
  const state = openStateAt(hoursWithoutClosures(profile, holidays), toLondon(new Date(from)))
  if (state.open) return from
  return state.opensAt ? instantOf(state.opensAt).getTime() : null
}

/** Queues the job; asking for the same again adds nothing. */
export async function queueDue(tx: Tx, { id, lastWordAt }: StoredClosure, { what, at }: ClosureDue): Promise<void> {
  const payload: ClosureDuePayload = { closureId: id, what, lastWordAt }
  await enqueue(tx, CLOSURE_DUE, payload, {
    uniqueKey: `${id} ${what} ${lastWordAt} ${at}`,
    orderingKey: id,
    runAt: new Date(at),
    maxAttempts: 40,
  })
}
