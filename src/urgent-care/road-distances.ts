/**
 * How far services are by road: asked of a provider that others run. A search never waits long for it and never fails
 * because of it; without an answer it stays with straight lines.
 *
 * Source: DoS road distance contract: POST JSON, up to 3,000 destinations.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { RoadDistances } from '#src/directory/triage/triage-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Gauge } from '#src/platform/http/operations.ts'
import type { Log } from '#src/platform/log.ts'
import type { Position } from '#src/rules/distance.ts'

export type RoadDestination = Position & { readonly uid: number }

export type RoadProvider = {
  /**
   * Metres by road to each destination, by uid; those that cannot be reached are missing. Undefined when there is no
   * usable answer in time: the caller then stays with straight lines. Never throws.
   */
  distances(from: Position, to: readonly RoadDestination[]): Promise<RoadDistances | undefined>
  /** The numbers of `/metrics`. */
  gauges(): readonly Gauge[]
}

/** Where there is no provider. */
export const noRoads: RoadProvider = { distances: async () => undefined, gauges: () => [] }

export type RoadSettings = {
  readonly url: string
  /** For one question, all of its answer included. */
  readonly timeoutMs: number
  /** Sent as a bearer token; undefined where the provider wants none. */
  readonly token: string | undefined
}

/** More in one question are refused by the provider; they are asked in several at once. */
const MOST_DESTINATIONS = 3000
/** After so many failures in a row the provider is left alone for a while, so that it does not slow each search. */
const FAILURES_ALLOWED = 3
const PAUSE_MS = 30_000

const answerForm = z.object({
  status: z.literal(200),
  destinations: z.record(z.string(), z.number().nonnegative()),
  unreachable: z.array(z.union([z.string(), z.number()])).default([]),
})

/** Asks a provider over HTTP. */
export function roadProvider(
  { url, timeoutMs, token }: RoadSettings,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): RoadProvider {
  const counts = { asked: 0, failed: 0, passedOver: 0 }
  let failuresInARow = 0
  let closedUntil = 0

  const ask = async (from: Position, to: readonly RoadDestination[]): Promise<RoadDistances> => {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        transactionid: randomUUID(),
        origin: { reference: 'origin', latitude: from.latitude, longitude: from.longitude },
        destinations: to.map(({ uid, latitude, longitude }) => ({ reference: String(uid), latitude, longitude })),
      }),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`The provider answered ${response.status}`)
    }
    return distancesIn(answerForm.parse(await response.json()), to)
  }

  const noticeFailure = (error: unknown): undefined => {
    counts.failed++
    failuresInARow++
    if (failuresInARow < FAILURES_ALLOWED) return
    closedUntil = clock.now().getTime() + PAUSE_MS
    log.warn({ err: error, pauseMs: PAUSE_MS }, 'road distances are away; searches go on with straight lines')
  }

  return {
    async distances(from, to) {
      if (to.length === 0) return new Map()
      const now = clock.now().getTime()
      if (now < closedUntil) {
        counts.passedOver++
        return undefined
      }
      // When the pause is over one search tries; the others go on without until it is answered.
      if (failuresInARow >= FAILURES_ALLOWED) closedUntil = now + Math.max(PAUSE_MS, timeoutMs)
      counts.asked++
      try {
        const answers = await Promise.all(partsOf(to).map((part) => ask(from, part)))
        failuresInARow = 0
        closedUntil = 0
        return answers.length === 1 ? answers[0] : new Map(answers.flatMap((answer) => [...answer]))
      } catch (error) {
        return noticeFailure(error)
      }
    },
    gauges: () => [
      { name: 'signpost_road_distance_asked', help: 'Searches that asked for road distances.', value: counts.asked },
      {
        name: 'signpost_road_distance_failed',
        help: 'Of these, how many got no usable answer in time and stayed with straight lines.',
        value: counts.failed,
      },
      {
        name: 'signpost_road_distance_passed_over',
        help: 'Searches that did not ask because the provider had failed several times in a row.',
        value: counts.passedOver,
      },
    ],
  }
}

/** Takes an answer at its word only when it says of every destination how far it is, or that it cannot be reached. */
function distancesIn(answer: z.infer<typeof answerForm>, asked: readonly RoadDestination[]): RoadDistances {
  const unreachable = new Set(answer.unreachable.map(String))
  const found = new Map<number, number>()
  for (const { uid } of asked) {
    const metres = answer.destinations[uid]
    if (metres !== undefined) found.set(uid, metres)
    else if (!unreachable.has(String(uid))) throw new Error(`The provider does not say how far ${uid} is`)
  }
  return found
}

function partsOf(to: readonly RoadDestination[]): readonly (readonly RoadDestination[])[] {
  const parts: (readonly RoadDestination[])[] = []
  for (let from = 0; from < to.length; from += MOST_DESTINATIONS) parts.push(to.slice(from, from + MOST_DESTINATIONS))
  return parts
}
