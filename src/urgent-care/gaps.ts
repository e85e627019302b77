/**
 * Near misses counted for commissioners: services that a live search missed by one test alone, by day and symptom group.
 *
 * Looking for them costs more than the search itself. So it is done behind the answer, a little at a time and for a
 * small share of the time; searches that come faster than that are skipped and counted.
 */
import type { Gap } from '#src/directory/triage/triage-index.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Gauge } from '#src/platform/http/operations.ts'
import type { Log } from '#src/platform/log.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { GridPlace, TriageQuestion } from '#src/rules/triage.ts'
import { addGaps, deleteGapsBefore, type GapCount } from './gaps-store.ts'

export type GapCounter = {
  /** Queues a live search; the caller has its answer already. Never waits, never throws. */
  note(question: TriageQuestion): void
  /** Resolves when what is queued has been looked at and the counts are written, or could not be. */
  flush(): Promise<void>
  /** Writes the counts there are and ends; what is still queued is skipped. */
  stop(): Promise<void>
  readonly counts: { readonly looked: number; readonly waiting: number; readonly skipped: number }
}

/** Work in one turn of the event loop. */
const SLICE_MS = 2
/** A square of this width has few enough services, in London too, to be looked at in one turn. */
const PART_KM = 10
/** A thousandth of a millimetre, so that no service falls between two parts. */
const SEAM_KM = 1e-9
/** After a slice so many times its length is left to others: it takes a tenth of the time at most. */
const REST = 9
const MOST_WAITING = 500
const WRITE_EVERY_MS = 10_000
/** A quarter, and time to report on it. */
const KEPT_DAYS = 120
/** With so many counts still to be written, as while the database is away, searches are skipped. */
const MOST_COUNTS = 100_000
/** One statement: the embedded database, which does one thing at a time, is not kept from others for long. */
const ROWS_AT_A_TIME = 100
/** Of one search the nearest are counted: a hundredth choice is no near miss. */
const MOST_OF_A_SEARCH = 100

/** Counts gaps that `gaps` finds, in `db`, until stopped. */
export function createGapCounter(
  db: Db,
  {
    gaps,
    log,
    mostWaiting = MOST_WAITING,
  }: {
    readonly gaps: (question: TriageQuestion) => Iterable<Gap>
    readonly log: Log
    readonly mostWaiting?: number
  },
): GapCounter {
  const waiting: Search[] = []
  const totals = { looked: 0, skipped: 0 }
  const counted: Counts = new Map()
  let rest: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let isStopped = false

  /** Looks at one part of a search; true when that was its last. */
  const lookOn = (search: Search): boolean => {
    const part = search.parts.next()
    if (!part.done) {
      for (const gap of gaps(part.value)) search.found.set(gap.service.uid, gap)
      return false
    }
    for (const { service, test } of nearest(search)) {
      add(counted, { day: search.day, uid: service.uid, test, symptomGroup: search.symptomGroup, searches: 1 })
    }
    return true
  }
  const lookSafely = (search: Search): void => {
    try {
      if (!lookOn(search)) return
      totals.looked += 1
    } catch (error) {
      totals.skipped += 1
      log.error({ err: error }, 'The near misses of a search could not be counted')
    }
    waiting.shift()
  }
  const slice = (): void => {
    clearTimeout(rest)
    rest = undefined
    const started = performance.now()
    let taken = 0
    for (let first = waiting[0]; first && taken < SLICE_MS; first = waiting[0]) {
      lookSafely(first)
      taken = performance.now() - started
    }
    if (waiting.length > 0) rest = setTimeout(slice, Math.max(1, taken * REST))
  }
  const writeAll = async (): Promise<void> => {
    for (let left = counted.size; left > 0; left -= ROWS_AT_A_TIME) {
      const batch = takeFirst(counted, ROWS_AT_A_TIME)
      try {
        await addGaps(db, batch)
      } catch (error) {
        for (const gap of batch) add(counted, gap)
        log.warn({ err: error }, 'Near misses could not be written; trying again')
        return
      }
    }
  }
  const write = (): Promise<void> => {
    writing ??= writeAll().finally(() => {
      writing = undefined
    })
    return writing
  }
  const timer = setInterval(() => void write(), WRITE_EVERY_MS)
  return {
    note(question) {
      const { symptomGroup } = question
      if (symptomGroup === null) return
      if (isStopped || waiting.length >= mostWaiting || counted.size >= MOST_COUNTS) totals.skipped += 1
      else waiting.push(searchOf(question, symptomGroup))
      if (waiting.length > 0) rest ??= setTimeout(slice, 1)
    },
    async flush() {
      while (waiting.length > 0) slice()
      await writing
      await write()
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      clearTimeout(rest)
      totals.skipped += waiting.splice(0).length
      await writing
      await write()
    },
    counts: {
      get looked() {
        return totals.looked
      },
      get waiting() {
        return waiting.length
      },
      get skipped() {
        return totals.skipped
      },
    },
  }
}

/** Deletes counts that no comparison with the year before needs any more; answers with how many. */
export function forgetGaps(db: Db, now: Date): Promise<number> {
  return deleteGapsBefore(db, dateOf(toLondon(now).day - KEPT_DAYS))
}

/** A search that is being looked at, part by part. */
type Search = {
  readonly day: LocalDate
  readonly symptomGroup: number
  readonly parts: Iterator<TriageQuestion>
  readonly origin: GridPlace
  /** By uid: a service on the seam of two parts is found in both. */
  readonly found: Map<number, Gap>
}

const searchOf = (question: TriageQuestion, symptomGroup: number): Search => ({
  day: dateOf(question.at.day),
  symptomGroup,
  parts: partsOf(question),
  origin: question.origin,
  found: new Map(),
})

function nearest({ found, origin }: Search): readonly Gap[] {
  const gaps = [...found.values()]
  if (gaps.length <= MOST_OF_A_SEARCH) return gaps
  const squareTo = ({ service }: Gap): number =>
    (service.easting - origin.easting) ** 2 + (service.northing - origin.northing) ** 2
  return gaps.sort((a, b) => squareTo(a) - squareTo(b) || a.service.uid - b.service.uid).slice(0, MOST_OF_A_SEARCH)
}

/** No test but that of the box reads where a search is: so its box can be looked at in parts, a millisecond each. */
function* partsOf(question: TriageQuestion): Generator<TriageQuestion> {
  const { origin, distanceKm } = question
  const across = Math.max(1, Math.ceil((2 * distanceKm) / PART_KM))
  const reachKm = distanceKm / across
  const middle = (from: number, index: number): number => from + (2 * index + 1 - across) * reachKm * 1000
  for (let x = 0; x < across; x++) {
    for (let y = 0; y < across; y++) {
      const here = { easting: middle(origin.easting, x), northing: middle(origin.northing, y) }
      yield { ...question, origin: here, distanceKm: reachKm + SEAM_KM }
    }
  }
}

/** The numbers of `/metrics` about near misses. */
export function gapGauges({ counts }: GapCounter): readonly Gauge[] {
  return [
    {
      name: 'signpost_gap_searches',
      help: 'Searches looked at for near misses since the start.',
      value: counts.looked,
    },
    {
      name: 'signpost_gap_searches_skipped',
      help: 'Searches not looked at for near misses: they came too fast.',
      value: counts.skipped,
    },
  ]
}

type Counts = Map<string, GapCount>

/** Takes some out, in one order everywhere: processes that add to the same rows then never wait in a circle. */
function takeFirst(counts: Counts, most: number): readonly GapCount[] {
  const taken: [key: string, gap: GapCount][] = []
  for (const entry of counts) {
    if (taken.length === most) break
    taken.push(entry)
  }
  taken.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key] of taken) counts.delete(key)
  return taken.map(([, gap]) => gap)
}

function add(counts: Counts, gap: GapCount): void {
  const key = `${gap.day} ${gap.uid} ${gap.test} ${gap.symptomGroup}`
  const before = counts.get(key)
  if (before) before.searches += gap.searches
  else counts.set(key, { ...gap })
}
