/**
 * Whether a service may be shown in answer to a search by type, by clinical term, by code or by id.
 *
 * Source: DoS REST API v1.0, search rules of each endpoint.
 */
import { type AgeRange, type Gender, type TriageService, takesAge, takesPatientsOf } from './triage.ts'

/** What was asked beside place and kind of service; null: not asked for. */
export type ServiceFilters = {
  /** The referral role of the account that asks; null shows nothing. */
  readonly role: number | null
  readonly gender: Gender | null
  readonly age: AgeRange | null
  /** ODS code of the patient's surgery, upper case. */
  readonly surgery: string | null
}

/** Whether an account with a role may see a service at all. */
export const isShownTo = ({ isActive, clinical }: TriageService, role: number | null): boolean =>
  isActive && role !== null && clinical.roles.has(role)

/** Whether a service is Active, shown to the role, and takes such a patient. */
export const passesFilters = (service: TriageService, { role, gender, age, surgery }: ServiceFilters): boolean =>
  isShownTo(service, role) &&
  (gender === null || service.clinical.genders.has(gender)) &&
  (age === null || takesAge(service.clinical.ages, age)) &&
  takesPatientsOf(service.clinical, surgery)
