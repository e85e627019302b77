/** How fast each consumer of the directory knew of a closure, for whoever told it and waits for proof. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Queryable } from '#src/platform/db/db.ts'
import { type ClosureEvent, loadClosureEvents } from './closure-records.ts'
import { loadDeliveries } from './notices/notice-delivery.ts'
import { loadTruthOf, TRUTH_CONSUMERS, type TruthConsumer } from './time-to-truth.ts'

/** One line with a tick. `took` is null while it is not known that the consumer shows it. */
export type TruthTick = { readonly who: string; readonly took: string | null }

export type TruthTicks = {
  /** What all of them know, such as `closed`. */
  readonly what: 'closed' | 'changed' | 'reopened' | 'cancelled'
  readonly ticks: readonly TruthTick[]
  /** Whether it is worth looking again: something is missing, and the change is not old. */
  readonly lookAgain: boolean
}

const WHO: Readonly<Record<TruthConsumer, string>> = {
  directory: 'Searches of the directory',
  capacity: 'NHS 111',
  'public-page': 'Your public page',
}
/** What others can see of a closure changes with these. */
const SEEN = { told: 'closed', changed: 'changed', reopened: 'reopened', cancelled: 'cancelled' } as const
/** After so long a measurement that is missing will not come: the process that would have made it is gone. */
const PATIENCE_MS = 60_000

const LOOKS = 4
const BETWEEN_LOOKS_MS = 60

/**
 * The ticks of a closure's last change that others can see; undefined when it has none. Measurements are written a moment
 * after the change: somebody who has just pressed the button waits for them, for a quarter of a second at most.
 */
export async function loadTruthTicks(db: Queryable, closureId: string, now: Date): Promise<TruthTicks | undefined> {
  const events = await loadClosureEvents(db, closureId)
  const last = events.findLast(isSeen)
  if (!last) return undefined
  const isFresh = now.getTime() - Date.parse(last.happenedAt) < PATIENCE_MS
  let truth = await loadTruthOf(db, last.id)
  for (let look = 1; isFresh && look < LOOKS && truth.size < TRUTH_CONSUMERS.length; look++) {
    await pause(BETWEEN_LOOKS_MS)
    truth = await loadTruthOf(db, last.id)
  }
  const measured = TRUTH_CONSUMERS.map((consumer) => ({
    who: WHO[consumer],
    took: secondsInWords(truth.get(consumer)?.milliseconds),
  }))
  const ticks = [...measured, ...(last.event === 'told' ? await noticeTick(db, closureId, last) : [])]
  return { what: SEEN[last.event], ticks, lookAgain: isFresh && ticks.some(({ took }) => took === null) }
}

/** The first notice to the ICB; no line where nobody is to be told. */
async function noticeTick(
  db: Queryable,
  closureId: string,
  { happenedAt }: ClosureEvent,
): Promise<readonly TruthTick[]> {
  const first = (await loadDeliveries(db, closureId)).get(1)
  if (!first || first.state === 'nobody') return []
  const took = first.state === 'sent' ? secondsInWords(Date.parse(first.at) - Date.parse(happenedAt)) : null
  return [{ who: 'Your ICB, by email', took }]
}

const isSeen = (event: ClosureEvent): event is ClosureEvent & { readonly event: keyof typeof SEEN } =>
  Object.hasOwn(SEEN, event.event)

/** `after 0.12 seconds`; null while it was not measured. */
const secondsInWords = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : `after ${(Math.max(0, milliseconds) / 1000).toFixed(2)} seconds`
