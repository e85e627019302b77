/** The only source of the current time. Tests pass a clock that stands still. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
