/** The services of some types near a place, with whether each takes the patient and is open when that is needed. */
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import { isOpenAt } from '#src/rules/compiled-hours.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { type Misfit, misfitsOf } from '#src/rules/patient-fit.ts'
import { isOpenBetween } from '#src/rules/session-window.ts'
import type { WantedAccess } from '#src/rules/wanted-access.ts'
import { type FinderRequest, URGENCIES } from './finder-request.ts'

export type FinderFound = {
  readonly service: UrgentCareService
  readonly distanceMetres: number
  /** Why it may not be for this patient; empty when it fits as far as is known. */
  readonly misfits: readonly (Misfit | 'hours')[]
  /** What was asked of the building and its profile does not say that it has; empty when it has all. */
  readonly missing: readonly MissingAccess[]
}
/** `isKnown`: its profile says that it has not; otherwise nobody has said. */
export type MissingAccess = { readonly access: WantedAccess; readonly isKnown: boolean }

export type FinderAnswer = {
  /** Nearest first. */
  readonly fitting: readonly FinderFound[]
  /** Near, but not for this patient or not in time. */
  readonly others: readonly FinderFound[]
}

export type Asked = Pick<FinderRequest, 'typeIds' | 'distanceKm' | 'patient' | 'open' | 'urgency' | 'access'>
export type SearchWith = {
  readonly from: Position
  readonly now: LondonTime
  readonly index: Pick<TriageIndex, 'ofTypes'>
  readonly profiles: Pick<ProfileIndex, 'find'>
}

/** A whole disc is cut from the square that the index looks in. */
export function findServices(asked: Asked, { from, now, index, profiles }: SearchWith): FinderAnswer {
  const { typeIds, distanceKm, open } = asked
  const at = momentOf(open, now)
  const near = index
    .ofTypes(typeIds, { origin: toGrid(from), distanceKm })
    .filter(({ distanceMetres }) => distanceMetres <= distanceKm * 1000)
    .filter(({ service }) => open === 'any' || isOpenAt(service.hours, at) === true)
    .map(({ service, distanceMetres }) => ({ service, distanceMetres, ...fitOf(service, asked, { now, profiles }) }))
  const fits = ({ misfits, missing }: FinderFound): boolean => misfits.length === 0 && missing.length === 0
  return { fitting: near.filter(fits), others: near.filter((each) => !fits(each)) }
}

/** The moment that a search is about. */
export const momentOf = (open: FinderRequest['open'], now: LondonTime): LondonTime =>
  open === 'any' || open === 'now' ? now : open

/** Why one service may not be for this patient. */
export function fitOf(
  service: UrgentCareService,
  { patient, open, urgency, access }: Omit<Asked, 'typeIds' | 'distanceKm'>,
  { now, profiles }: Pick<SearchWith, 'now' | 'profiles'>,
): Pick<FinderFound, 'misfits' | 'missing'> {
  const isInTime = urgency === null || isOpenBetween(service.hours, momentOf(open, now), 0, URGENCIES[urgency])
  return {
    misfits: [...misfitsOf(service.clinical, patient), ...(isInTime ? [] : (['hours'] as const))],
    missing: access.length === 0 ? [] : missingOf(service, access, profiles),
  }
}

function missingOf(
  { shown: { odsCode } }: UrgentCareService,
  access: readonly WantedAccess[],
  profiles: SearchWith['profiles'],
): readonly MissingAccess[] {
  const said = odsCode === null ? undefined : profiles.find(pharmacyCodeOf(odsCode))?.facilities
  return access.flatMap((wanted) => {
    const answers = wanted.facilities.map((id) => said?.[id]?.has)
    return answers.includes(true) ? [] : [{ access: wanted, isKnown: answers.every((has) => has === false) }]
  })
}
