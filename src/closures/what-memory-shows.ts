/** Asks what this process holds in memory whether it shows a closure, as searches and public pages would. */
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { absoluteMinute, isClosedAt } from '#src/rules/capacity.ts'
import { compileOpeningTimes, openStateAt } from '#src/rules/compiled-hours.ts'
import { type LondonTime, toLondon } from '#src/rules/london-time.ts'
import type { ToShow, TruthWatchParts } from './watch-truth.ts'

export type MemoryToAsk = {
  readonly services: Pick<ServiceIndex, 'byPharmacy' | 'service'>
  readonly triage: Pick<TriageIndex, 'service'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  readonly holidays: HolidayCalendar
}

/**
 * One question for each consumer. While a closure is coming or in force it must show from its start on: no hours, and
 * Red. When it is over, nothing may be Red by it without an end; other closures may still lie on the same services.
 */
export function whatMemoryShows(memory: MemoryToAsk): TruthWatchParts['shows'] {
  return {
    directory: (closure, instant) => closure.isOver || areShut(memory, closure, instant),
    capacity: (closure, instant) => (closure.isOver ? !isStillRed(memory, closure) : areRed(memory, closure, instant)),
    'public-page': (closure, instant) => closure.isOver || isPageShut(memory, closure, instant),
  }
}

/** The services of the closure: those it names, or all of the pharmacy that closures reach. */
function uidsOf({ services, triage }: MemoryToAsk, { odsCode, services: named }: ToShow): readonly number[] {
  if (named) return named
  const own = services.byPharmacy(odsCode).map(({ uid }) => uid)
  return own.filter((uid) => triage.service(uid)?.capacity.closed !== undefined)
}

/** Now, or its start where that is still to come. */
const momentOf = ({ startsAt }: ToShow, instant: Date): LondonTime =>
  toLondon(new Date(Math.max(startsAt, instant.getTime())))

function areShut(memory: MemoryToAsk, closure: ToShow, instant: Date): boolean {
  return uidsOf(memory, closure).every((uid) => {
    const hours = memory.services.service(uid)?.hours
    return hours !== undefined && openStateAt(hours, momentOf(closure, instant)).open !== true
  })
}

function areRed(memory: MemoryToAsk, closure: ToShow, instant: Date): boolean {
  const at = momentOf(closure, instant)
  return uidsOf(memory, closure).every((uid) => isClosedAt(memory.triage.service(uid)?.capacity ?? {}, at))
}

function isStillRed(memory: MemoryToAsk, closure: ToShow): boolean {
  const from = absoluteMinute(toLondon(new Date(closure.startsAt)))
  const spells = uidsOf(memory, closure).flatMap((uid) => memory.triage.service(uid)?.capacity.closed ?? [])
  return spells.some((spell) => spell.from === from && spell.until === Number.POSITIVE_INFINITY)
}

function isPageShut({ profiles, holidays }: MemoryToAsk, closure: ToShow, instant: Date): boolean {
  const profile = profiles.find(closure.odsCode)
  if (!profile) return false
  if (closure.services !== null) return true
  return openStateAt(compileOpeningTimes(profile.openingTimes, holidays), momentOf(closure, instant)).open !== true
}
