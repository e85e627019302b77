/** How soon each consumer of the directory showed a change of a closure, as it was measured. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Gauge } from '#src/platform/http/operations.ts'

/**
 * Who is to know at once. `directory`: the hours of the DoS services, which every search reads. `capacity`: Red, for
 * which NHS 111 looks. `public-page`: the pharmacy's own page.
 */
export const TRUTH_CONSUMERS = ['directory', 'capacity', 'public-page'] as const
export type TruthConsumer = (typeof TRUTH_CONSUMERS)[number]

/** One measurement. `milliseconds` counts from when the request reached us. */
export type Truth = {
  readonly closureEventId: number
  readonly consumer: TruthConsumer
  /** The process that measured. */
  readonly node: string
  /** UTC ISO text. */
  readonly measuredAt: string
  readonly milliseconds: number
}

/** Keeps measurements; one that is there already stays. */
export async function storeTruths(db: Queryable, truths: readonly Truth[]): Promise<void> {
  if (truths.length === 0) return
  await db
    .insertInto('closure_truth')
    .values(
      truths.map(({ closureEventId, consumer, node, measuredAt, milliseconds }) => ({
        closure_event_id: closureEventId,
        consumer,
        node,
        measured_at: measuredAt,
        milliseconds,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** How soon each consumer knew of one event, by its slowest process; a consumer that is missing has not shown it yet. */
export async function loadTruthOf(
  db: Queryable,
  closureEventId: number,
): Promise<ReadonlyMap<TruthConsumer, { readonly milliseconds: number; readonly nodes: number }>> {
  const rows = await db
    .selectFrom('closure_truth')
    .select((row) => ['consumer', row.fn.max('milliseconds').as('milliseconds'), row.fn.countAll<number>().as('nodes')])
    .where('closure_event_id', '=', closureEventId)
    .groupBy('consumer')
    .execute()
  return new Map(
    rows.map(({ consumer, milliseconds, nodes }) => [
      consumer as TruthConsumer,
      { milliseconds: Number(milliseconds), nodes: Number(nodes) },
    ]),
  )
}

/** Milliseconds of one consumer over many changes: half, 95 and 99 of a hundred were at most so slow. */
export type TruthFigures = {
  readonly consumer: TruthConsumer
  readonly measured: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly slowest: number
}

/** The figures of each consumer since an instant; none for a consumer that measured nothing. */
export async function loadTruthFigures(db: Queryable, since: Date): Promise<readonly TruthFigures[]> {
  const { rows } = await sql<TruthFigures>`
    select consumer, count(*)::integer as measured, max(milliseconds) as slowest,
      percentile_disc(0.5) within group (order by milliseconds) as p50,
      percentile_disc(0.95) within group (order by milliseconds) as p95,
      percentile_disc(0.99) within group (order by milliseconds) as p99
    from closure_truth where measured_at >= ${since.toISOString()} group by consumer`.execute(db)
  return TRUTH_CONSUMERS.flatMap((consumer) => rows.filter((row) => row.consumer === consumer))
}

const GAUGE_DAYS = 30

/** The figures of the last 30 days for `/metrics`: of all processes, so that any of them answers the same. */
export async function truthGauges(db: Queryable, now: Date): Promise<readonly Gauge[]> {
  const figures = await loadTruthFigures(db, new Date(now.getTime() - GAUGE_DAYS * 86_400_000))
  return figures.flatMap(({ consumer, measured, p50, p95, p99 }) => {
    const name = `signpost_closure_truth_${consumer.replace('-', '_')}`
    const what = `closure until ${WORDS[consumer]} showed it, over 30 days`
    return [
      { name: `${name}_measured`, help: `Measurements of the time from telling a ${what}.`, value: measured },
      ...(
        [
          ['p50', p50],
          ['p95', p95],
          ['p99', p99],
        ] as const
      ).map(([part, milliseconds]) => ({
        name: `${name}_${part}_seconds`,
        help: `Time from telling a ${what} (${part}).`,
        value: milliseconds / 1000,
      })),
    ]
  })
}

const WORDS: Readonly<Record<TruthConsumer, string>> = {
  directory: 'the hours of its DoS services',
  capacity: 'the capacity of its DoS services',
  'public-page': 'its public page',
}
