/** The services of some types near a place, with whether each takes the patient and is open when that is needed. */
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { isOpenAt } from '#src/rules/compiled-hours.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import { type Misfit, misfitsOf } from '#src/rules/patient-fit.ts'
import { isOpenBetween } from '#src/rules/session-window.ts'
import { type FinderRequest, URGENCIES } from './finder-request.ts'

export type FinderFound = {
  readonly service: UrgentCareService
  readonly distanceMetres: number
  /** Why it may not be for this patient; empty when it fits as far as is known. */
  readonly misfits: readonly (Misfit | 'hours')[]
}

export type FinderAnswer = {
  /** Nearest first. */
  readonly fitting: readonly FinderFound[]
  /** Near, but not for this patient or not in time. */
  readonly others: readonly FinderFound[]
}

/** A whole disc is cut from the square that the index looks in. */
export function findServices(
  {
    typeIds,
    distanceKm,
    patient,
    open,
    urgency,
  }: Pick<FinderRequest, 'typeIds' | 'distanceKm' | 'patient' | 'open' | 'urgency'>,
  {
    from,
    now,
    index,
  }: { readonly from: Position; readonly now: LondonTime; readonly index: Pick<TriageIndex, 'ofTypes'> },
): FinderAnswer {
  const at = open === 'any' || open === 'now' ? now : open
  const isInTime = ({ hours }: UrgentCareService): boolean =>
    urgency === null || isOpenBetween(hours, at, 0, URGENCIES[urgency])
  const near = index
    .ofTypes(typeIds, { origin: toGrid(from), distanceKm })
    .filter(({ distanceMetres }) => distanceMetres <= distanceKm * 1000)
    .filter(({ service }) => open === 'any' || isOpenAt(service.hours, at) === true)
    .map(({ service, distanceMetres }) => {
      const misfits = [...misfitsOf(service.clinical, patient), ...(isInTime(service) ? [] : (['hours'] as const))]
      return { service, distanceMetres, misfits }
    })
  return {
    fitting: near.filter(({ misfits }) => misfits.length === 0),
    others: near.filter(({ misfits }) => misfits.length > 0),
  }
}
