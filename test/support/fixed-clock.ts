/** A clock that stands still until a test moves it. */
import type { Clock } from '#src/platform/clock.ts'

export type FixedClock = Clock & { set(instant: string): void }

/** Stands at `instant` (ISO 8601 with a zone): a Friday morning in December by default, well before the bank holidays. */
export function fixedClock(instant = '2026-12-11T10:34:00Z'): FixedClock {
  let now = new Date(instant)
  return {
    now: () => new Date(now),
    set: (moment) => {
      now = new Date(moment)
    },
  }
}
