/**
 * Guessing passwords of programs made slow: how often an address and a name may fail within a minute of the clock. Only
 * failures count, so that no number of right sign-ins is ever too many.
 */
import type { Clock } from '#src/platform/clock.ts'

const MINUTE_MS = 60_000
/** Wrong passwords for one name from one address. */
const PER_PAIR = 10
/** From one address, whatever the names: a gateway may stand for many programs. */
const PER_ADDRESS = 120
/** For one name, from wherever: beyond it, whoever has failed for this name in this minute is not tried again. */
const PER_NAME = 60
/** Beyond this many counts in a minute they are forgotten, so that they cannot fill the memory. */
const MOST_COUNTS = 100_000

export type FailedAttempts = {
  /** Whether a password may be checked now. An address that has not failed is tried even for a name under attack. */
  mayTry(username: string, address: string): boolean
  failed(username: string, address: string): void
}

/** Counts in this process, for one minute of the clock at a time. */
export function createFailedAttempts(clock: Clock): FailedAttempts {
  const counts = new Map<string, number>()
  let minute = 0
  const startMinute = (): void => {
    const current = Math.floor(clock.now().getTime() / MINUTE_MS)
    if (current === minute && counts.size < MOST_COUNTS) return
    counts.clear()
    minute = current
  }
  const count = (key: string): number => counts.get(key) ?? 0
  const keysOf = (username: string, address: string) => {
    const network = networkOf(address)
    return { pair: `pair ${network} ${username}`, address: `address ${network}`, name: `name ${username}` }
  }
  return {
    mayTry(username, from) {
      startMinute()
      const { pair, address, name } = keysOf(username, from)
      if (count(pair) >= PER_PAIR || count(address) >= PER_ADDRESS) return false
      return count(name) < PER_NAME || count(pair) === 0
    },
    failed(username, from) {
      startMinute()
      for (const key of Object.values(keysOf(username, from))) counts.set(key, count(key) + 1)
    },
  }
}

/** What one attacker holds: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [before = '', after] = address.toLowerCase().split('::')
  const first = before.split(':').filter(Boolean)
  const last = (after ?? '').split(':').filter(Boolean)
  const zeros = after === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  return [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':')
}
