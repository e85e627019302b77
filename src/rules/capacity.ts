/** How busy a service is: Red, Amber or Green, and until when. */
import type { ClosedMinutes } from './closed-spells.ts'
import type { LondonTime } from './london-time.ts'

export const CAPACITY_STATUSES = ['GREEN', 'AMBER', 'RED'] as const
export type CapacityStatus = (typeof CAPACITY_STATUSES)[number]

/**
 * `until` is the absolute London minute (`absoluteMinute`) from which the service is Green again; infinite without one.
 * `closed`: the closures of the service, none when absent.
 */
export type Capacity = {
  readonly status: CapacityStatus
  readonly until: number
  readonly closed?: readonly ClosedMinutes[]
}

export const GREEN: Capacity = { status: 'GREEN', until: Number.POSITIVE_INFINITY }

/** Minutes since 1 January 1970 on a London clock. */
export const absoluteMinute = ({ day, minute }: LondonTime): number => day * 1440 + minute

/** Whether a closure of the service is in force at a London minute. */
export function isClosedAt({ closed }: Pick<Capacity, 'closed'>, at: LondonTime): boolean {
  if (!closed) return false
  const minute = absoluteMinute(at)
  return closed.some(({ from, until }) => from <= minute && minute < until)
}

/**
 * The status at a London minute: Red while a closure is in force, whatever is stored and whenever that ends; past its end
 * a status is Green for every reader. Source: Capacity Status API; expiry is computed when read.
 */
export function capacityAt(capacity: Capacity, at: LondonTime): CapacityStatus {
  if (isClosedAt(capacity, at)) return 'RED'
  return absoluteMinute(at) < capacity.until ? capacity.status : 'GREEN'
}
