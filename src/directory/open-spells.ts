/**
 * When single services are open on one date: two spells of minutes each, side by side in one array, so that a search
 * need not visit the hours of every service it passes. Worked out when first asked.
 */

import { isOpenAt } from '#src/rules/compiled-hours.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { openSpellsOn } from './busy-times.ts'
import type { IndexedService } from './indexed-service.ts'

/** Opens, closes, opens, closes. A service that is closed or not known has spells of no length. */
const NUMBERS = 4
const NOT_LOOKED_AT = 0xffff
/** The service has more spells than fit: its hours are asked each time. */
const TOO_MANY = 0xfffe

/** Room for the services of a tree, none looked at. */
export const noSpells = (services: number): Uint16Array => new Uint16Array(NUMBERS * services).fill(NOT_LOOKED_AT)

/** The service at this position has other hours now. */
export function forgetSpells(spells: Uint16Array, position: number): void {
  spells[NUMBERS * position] = NOT_LOOKED_AT
}

/** Whether the service at a position is open at a minute of the date. `serviceThere` is asked only when need be. */
export function isOpenThere(
  spells: Uint16Array,
  position: number,
  at: LondonTime,
  serviceThere: (position: number) => IndexedService | undefined,
): boolean {
  const from = NUMBERS * position
  const opens = spells[from] as number
  if (opens >= TOO_MANY) return askService(spells, from, at, serviceThere(position))
  const { minute } = at
  if (minute < opens) return false
  return (
    minute < (spells[from + 1] as number) || isWithin(minute, spells[from + 2] as number, spells[from + 3] as number)
  )
}

const isWithin = (minute: number, opens: number, closes: number): boolean => minute >= opens && minute < closes

function askService(spells: Uint16Array, from: number, at: LondonTime, service: IndexedService | undefined): boolean {
  if (!service) return false
  if (spells[from] === NOT_LOOKED_AT) note(spells, from, service, at)
  return isOpenAt(service.hours, at) === true
}

function note(spells: Uint16Array, from: number, { hours }: IndexedService, { day }: LondonTime): void {
  const [first, second, ...more] = openSpellsOn(hours, day)
  if (more.length > 0) {
    spells[from] = TOO_MANY
    return
  }
  spells[from] = first?.opens ?? 0
  spells[from + 1] = first?.closes ?? 0
  spells[from + 2] = second?.opens ?? 0
  spells[from + 3] = second?.closes ?? 0
}
