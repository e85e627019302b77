/**
 * Measures time to truth: whenever this process has taken changes over, it looks which closures were among them and asks
 * what it now shows of each. Every web process does it for itself, so that the slowest is known too.
 */
import { hostname } from 'node:os'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { LedgerFollower } from '#src/platform/db/follow-ledger.ts'
import type { Log } from '#src/platform/log.ts'
import type { StoredClosure } from './closure-records.ts'
import { storeTruths, TRUTH_CONSUMERS, type TruthConsumer } from './time-to-truth.ts'

/** What of a closure a consumer must show. */
export type ToShow = Pick<StoredClosure, 'odsCode' | 'services' | 'startsAt'> & {
  /** Whether it is over: then nobody may show it any more. */
  readonly isOver: boolean
}

export type TruthWatchParts = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Pick<LedgerFollower, 'seq' | 'onReached'>
  /** Whether a consumer of this process shows it, at an instant. */
  readonly shows: Readonly<Record<TruthConsumer, (closure: ToShow, instant: Date) => boolean>>
}

type Reached = { readonly seq: number; readonly at: Date }

/** Starts measuring from where memory stands now; `stop` lets the measurement under way finish. */
export function watchTruth({ db, clock, log, ledger, shows }: TruthWatchParts): { stop(): Promise<void> } {
  const node = `${hostname()}:${process.pid}`
  const waiting: Reached[] = []
  let from = ledger.seq()
  let working: Promise<void> | undefined

  const measure = async ({ seq, at }: Reached): Promise<void> => {
    const changes = await changesBetween(db, from, seq)
    from = seq
    const truths = changes.flatMap(({ eventId, askedAt, ...closure }) =>
      TRUTH_CONSUMERS.filter((consumer) => shows[consumer](closure, at)).map((consumer) => ({
        closureEventId: eventId,
        consumer,
        node,
        measuredAt: at.toISOString(),
        milliseconds: Math.max(0, at.getTime() - askedAt),
      })),
    )
    if (truths.length < changes.length * TRUTH_CONSUMERS.length) {
      log.warn({ pharmacies: changes.map(({ odsCode }) => odsCode) }, 'A closure does not show everywhere')
    }
    await storeTruths(db.pool, truths)
  }
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await measure(next).catch((error: unknown) => log.warn({ err: error }, 'Time to truth could not be measured'))
    }
    working = undefined
  }
  const stopListening = ledger.onReached((seq) => {
    waiting.push({ seq, at: clock.now() })
    working ??= work()
  })
  return {
    async stop() {
      stopListening()
      await working
    },
  }
}

type Change = ToShow & { readonly eventId: number /** Milliseconds. */; readonly askedAt: number }

/** The closures whose last change has a ledger number in the span, each with what was done last that others can see. */
async function changesBetween(db: Db, from: number, to: number): Promise<readonly Change[]> {
  const rows = await db.pool
    .selectFrom('closure')
    .innerJoin('closure_event', 'closure_event.closure_id', 'closure.id')
    .select(['closure_event.id', 'event', 'happened_at', 'told_at', 'ods_code', 'services', 'starts_at', 'ended_at'])
    .distinctOn('closure.id')
    .where('seq', '>', from)
    .where('seq', '<=', to)
    .where('event', 'in', ['told', 'changed', 'reopened', 'cancelled'])
    .orderBy('closure.id')
    .orderBy('closure_event.id', 'desc')
    .execute()
  return rows.map((row) => ({
    eventId: row.id,
    askedAt: Date.parse(row.event === 'told' ? row.told_at : row.happened_at),
    odsCode: row.ods_code,
    services: row.services,
    startsAt: Date.parse(row.starts_at),
    isOver: row.ended_at !== null,
  }))
}
