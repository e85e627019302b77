/**
 * How often an address may ask: a bucket that leaks. So many requests a second, so many more at once; whoever is over is
 * turned away and not slowed down.
 *
 * Source: the proxy of the Capacity Status API (3 a second, burst 8, no delay: nine of ten requests at one instant).
 */
import type { Clock } from '#src/platform/clock.ts'

const BURST = 8
/** Beyond this many addresses those whose buckets are empty are forgotten, so that they cannot fill the memory. */
const MAX_ADDRESSES = 50_000

/** Counts one request of an address; false when it must be turned away, which counts for nothing. */
export type Throttle = (address: string) => boolean

/** Allows each address `perSecond` requests; 0 is no limit. */
export function createThrottle(perSecond: number, clock: Clock): Throttle {
  if (perSecond === 0) return () => true
  const buckets = new Map<string, { readonly level: number; readonly atMs: number }>()
  return (address) => {
    const now = clock.now().getTime()
    if (buckets.size > MAX_ADDRESSES) forgetEmpty(buckets, now, perSecond)
    const bucket = buckets.get(address)
    // A request that had room for itself leaves nothing behind: nine at one instant, after a pause as at the beginning.
    const level = bucket ? Math.max(0, levelAt(bucket, now, perSecond) + 1) : 0
    if (level > BURST) return false
    buckets.set(address, { level, atMs: now })
    return true
  }
}

type Bucket = { readonly level: number; readonly atMs: number }

/** What is left in it; below zero, how much more has room. A clock that is set back empties nothing. */
const levelAt = ({ level, atMs }: Bucket, now: number, perSecond: number): number =>
  level - (Math.max(0, now - atMs) * perSecond) / 1000

/** Drops the buckets that have leaked dry; all of them when that is not enough. */
function forgetEmpty(buckets: Map<string, Bucket>, now: number, perSecond: number): void {
  for (const [address, bucket] of buckets) {
    if (levelAt(bucket, now, perSecond) <= -1) buckets.delete(address)
  }
  if (buckets.size > MAX_ADDRESSES) buckets.clear()
}
