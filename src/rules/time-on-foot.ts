/** How long a walk may take, where only the straight line is known. */

/** 800 metres in ten minutes. Source: Department for Transport, Manual for Streets (2007), 4.4.1. */
const METRES_A_MINUTE = 80
/**
 * How much longer a way is than the straight line. Ways to stations were 1.21 to 1.23 times as long (O'Sullivan and
 * Morrall, Transportation Research Record 1538, 1996), those of any two places in a town 1.2 times (Newell, Traffic Flow
 * on Transportation Networks, 1980). Ours errs on the long side.
 */
const WAY_PER_STRAIGHT_LINE = 1.3
/** Further than this the estimate says little, and few people walk. */
const MOST_MINUTES = 30
/** From here on whole minutes would pretend to be exact. */
const EXACT_MINUTES = 10
const STEP_MINUTES = 5

/**
 * Minutes on foot, rounded up: to whole ones up to 10, then to 15, 20, 25 and 30. Undefined for a longer way. An estimate:
 * it knows no river, no hill and nobody's pace.
 */
export function minutesOnFoot(straightMetres: number): number | undefined {
  const minutes = Math.max(1, Math.ceil((straightMetres * WAY_PER_STRAIGHT_LINE) / METRES_A_MINUTE))
  if (minutes > MOST_MINUTES) return undefined
  return minutes <= EXACT_MINUTES ? minutes : Math.ceil(minutes / STEP_MINUTES) * STEP_MINUTES
}

/** `about 8 minutes on foot`; undefined where it is too far to walk. */
export function onFootInWords(straightMetres: number): string | undefined {
  const minutes = minutesOnFoot(straightMetres)
  if (minutes === undefined) return undefined
  return `about ${minutes === 1 ? '1 minute' : `${minutes} minutes`} on foot`
}
