/**
 * In which order matching services are shown, and which are left out because others of their type come first.
 *
 * Source: DoS web services, display order of returned services 1.5.
 */
import type { TriageQuestion, TriageService } from './triage.ts'

/** Within a rank: the patient's own surgery, services it commissions for its patients only, others it commissions, the rest. */
export const GROUPS = ['home', 'commissioned-restricted', 'commissioned', 'other'] as const

/** Where a match stands: lower comes first, in the order of the fields. */
export type Standing = {
  /** 1 when the service is promoted to other areas only, 0 otherwise. */
  readonly sunk: 0 | 1
  /** 1 to 10. */
  readonly rank: number
  /** Index into `GROUPS`. */
  readonly group: number
  readonly distanceMetres: number
  readonly uid: number
}

/** Compares where two matches stand. */
export const compareStanding = (a: Standing, b: Standing): number =>
  a.sunk - b.sunk || a.rank - b.rank || a.group - b.group || a.distanceMetres - b.distanceMetres || a.uid - b.uid

/** Whether a service is promoted to areas and the caller's is not among them. An unknown area sinks nobody. */
export function isPromotedElsewhere({ clinical }: TriageService, { areas }: Pick<TriageQuestion, 'areas'>): boolean {
  if (clinical.promotedTo === null || areas === null) return false
  for (const area of areas) if (clinical.promotedTo.has(area)) return false
  return true
}

/** Whether a service is the patient's own surgery: their ODS codes are the same. */
export const isHome = ({ odsCode }: TriageService, surgery: string | null): boolean =>
  surgery !== null && odsCode === surgery

/** Which of the `GROUPS` a service belongs to. */
export function groupOf(service: TriageService, surgery: string | null): number {
  if (surgery === null) return 3
  if (isHome(service, surgery)) return 0
  if (!service.clinical.referrals.has(surgery)) return 3
  return service.clinical.restricted ? 1 : 2
}

/** Integrated Urgent Care (IUC) Treatment: out of hours surgeries. */
const OUT_OF_HOURS_TYPE = 25

/** Appended to a service's name, in brackets. */
export type HomeLabel = 'Home' | 'Home OOH'

/** What a service is to the patient's surgery, if anything. It does not move the service. */
export function homeLabelOf(service: TriageService, surgery: string | null): HomeLabel | null {
  if (isHome(service, surgery)) return 'Home'
  const isLinked = surgery !== null && service.clinical.referrals.has(surgery)
  return isLinked && service.typeId === OUT_OF_HOURS_TYPE ? 'Home OOH' : null
}
