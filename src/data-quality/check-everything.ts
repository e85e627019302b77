/**
 * The nightly check: every rule over every service and pharmacy, some hundred at a time, so that nobody waits for it and
 * the memory it needs does not grow. Reading takes no locks and writing locks findings alone, so a save never waits.
 *
 * Run twice, or by two nodes at once, it comes to the same: a finding that is open has one row by rule and subject.
 */
import { sql } from 'kysely'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { checkPlace, QUALITY_RULES } from '#src/rules/quality-rules.ts'
import type { CheckedPlace } from '#src/rules/quality-subject.ts'
import { comparableSources, knownFiles } from './check-now.ts'
import { codesAfter, type LoadedPlaces, loadCodelessAfter, loadPlaces } from './load-places.ts'
import { writeDay } from './quality-days.ts'
import { writeScores } from './scores.ts'
import { closeForgotten, type PlaceFindings, type RunFacts, writeFindings } from './write-findings.ts'

export type CheckDeps = { readonly db: Db; readonly clock: Clock; readonly holidays: HolidayCalendar }

/** The queue of its jobs. */
export const QUALITY = 'quality'

/** Codes checked at a time: a few hundred milliseconds at most, between which others are served. */
const BATCH = 200
const CODELESS_BATCH = 500

export type CheckSummary = {
  readonly places: number
  readonly found: number
  readonly opened: number
  readonly closed: number
}

/** Asks for a check soon, after something came in bulk; one that waits already is enough. */
export async function queueQualityCheck(db: Queryable, now: Date, waitMs = 0): Promise<void> {
  const waiting = await db
    .selectFrom('job')
    .select('id')
    .where('queue', '=', QUALITY)
    .where('done_at', 'is', null)
    .where('dead_at', 'is', null)
    .where('attempts', '=', 0)
    .limit(1)
    .executeTakeFirst()
  if (!waiting) await enqueue(db, QUALITY, {}, { runAt: new Date(now.getTime() + waitMs) })
}

/** Checks everything, and writes what was found and the figures of the day. */
export async function checkEverything({ db, clock, holidays }: CheckDeps): Promise<CheckSummary> {
  const now = clock.now()
  const today = londonDateOf(now)
  const run = await startRun(db.pool, today, now)
  const summary = { places: 0, found: 0, opened: 0, closed: 0 }
  const check = async ({ places, centreOf }: LoadedPlaces): Promise<void> => {
    const checking = { today, holidays, centreOf, ...knownFiles(run.compared) }
    const checked = places.map((place) => ({ ...placeFacts(place), found: checkPlace(place, checking) }))
    const { opened, closed } = await writeFindings(db, checked, run)
    summary.places += places.length
    summary.found += checked.reduce((sum, { found }) => sum + found.length, 0)
    summary.opened += opened
    summary.closed += closed
  }
  for (let after = ''; ; ) {
    const codes = await codesAfter(db.pool, after, BATCH)
    const last = codes.at(-1)
    if (last === undefined) break
    await check(await loadPlaces(db.pool, codes, today))
    after = last
  }
  for (let after = 0; ; ) {
    const loaded = await loadCodelessAfter(db.pool, after, CODELESS_BATCH)
    const last = loaded.places.at(-1)?.services[0]?.uid
    if (last === undefined) break
    await check(loaded)
    after = last
  }
  summary.closed += await closeForgotten(db, run)
  await db.transact(async (tx) => {
    await writeDay(tx, today)
    await writeScores(tx, today)
    await tx
      .updateTable('quality_run')
      .set({ finished_at: clock.now().toISOString() })
      .where('id', '=', run.id)
      .execute()
  })
  return summary
}

const placeFacts = ({ code, profile, services }: CheckedPlace): Pick<PlaceFindings, 'place' | 'odsCode'> => ({
  place: code ?? `uid:${services[0]?.uid}`,
  odsCode: profile?.odsCode ?? null,
})

async function startRun(db: Queryable, today: LocalDate, now: Date): Promise<RunFacts> {
  const compared = await comparableSources(db)
  const earlier = await sql<{ source: string }>`
    select distinct unnest(compared) as source from quality_run where finished_at is not null`.execute(db)
  const before = await db
    .selectFrom('quality_run')
    .select('day')
    .where('finished_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { id } = await db
    .insertInto('quality_run')
    .values({ day: today, started_at: now.toISOString(), finished_at: null, compared: [...compared] })
    .returning('id')
    .executeTakeFirstOrThrow()
  const known = new Set(earlier.rows.map(({ source }) => source))
  return {
    ...{ id, today, compared },
    lastSeenOn: (before?.day as LocalDate | undefined) ?? today,
    versionOf: new Map(QUALITY_RULES.map(({ key, version }) => [key, version])),
    firstRules: new Set(
      QUALITY_RULES.flatMap(({ key, source }) => (source !== null && !known.has(source) ? [key] : [])),
    ),
  }
}
