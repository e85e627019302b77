/** How busy a service is: Red, Amber or Green, and until when. */
import type { LondonTime } from './london-time.ts'

export const CAPACITY_STATUSES = ['GREEN', 'AMBER', 'RED'] as const
export type CapacityStatus = (typeof CAPACITY_STATUSES)[number]

/** `until` is the absolute London minute (`absoluteMinute`) from which the service is Green again; infinite without one. */
export type Capacity = { readonly status: CapacityStatus; readonly until: number }

export const GREEN: Capacity = { status: 'GREEN', until: Number.POSITIVE_INFINITY }

/** Minutes since 1 January 1970 on a London clock. */
export const absoluteMinute = ({ day, minute }: LondonTime): number => day * 1440 + minute

/**
 * The status at a London minute: past its end a service is Green for every reader, whatever is stored.
 * Source: Capacity Status API; expiry is computed when read.
 */
export const capacityAt = ({ status, until }: Capacity, at: LondonTime): CapacityStatus =>
  absoluteMinute(at) < until ? status : 'GREEN'
