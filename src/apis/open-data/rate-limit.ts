/** How many requests an address may send: so many a minute of the clock, counted in this process. */
import type { Clock } from '#src/platform/clock.ts'

const MINUTE_MS = 60_000
/** Beyond this many addresses in a minute the counts are forgotten, so that they cannot fill the memory. */
const MAX_ADDRESSES = 100_000

/** Counts one request. Answers with the seconds until the next may come; 0 when this one may. */
export type RateLimit = (address: string) => number

/** Allows each address `perMinute` requests. */
export function createRateLimit(perMinute: number, clock: Clock): RateLimit {
  const counts = new Map<string, number>()
  let minute = 0
  return (address) => {
    const now = clock.now().getTime()
    const current = Math.floor(now / MINUTE_MS)
    if (current !== minute || counts.size > MAX_ADDRESSES) {
      counts.clear()
      minute = current
    }
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    return count <= perMinute ? 0 : Math.ceil(((current + 1) * MINUTE_MS - now) / 1000)
  }
}
