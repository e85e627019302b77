/** Why a service may not take a patient, or not from this referrer: for people who look before they ring. */
import { type AgeRange, type ClinicalProfile, type Gender, takesAge, takesPatientsOf } from './triage.ts'

/** What is known of a patient and of who refers; null: not given, and then never a reason. */
export type Patient = {
  readonly age: AgeRange | null
  readonly gender: Gender | null
  /** ODS code of the surgery, upper case. */
  readonly surgery: string | null
  /** The referral role that is asked for. */
  readonly role: number | null
}

export const MISFITS = ['age', 'gender', 'surgery', 'role'] as const
export type Misfit = (typeof MISFITS)[number]

/**
 * The reasons, in the order of `MISFITS`; none when the service takes the patient as far as is known. The tests are those
 * of a triage search; a service that takes only patients of some surgeries is no misfit while the surgery is not given.
 */
export function misfitsOf(
  clinical: Pick<ClinicalProfile, 'ages' | 'genders' | 'restricted' | 'referrals' | 'roles'>,
  { age, gender, surgery, role }: Patient,
): readonly Misfit[] {
  const fails: Readonly<Record<Misfit, boolean>> = {
    age: age !== null && !takesAge(clinical.ages, age),
    gender: gender !== null && !clinical.genders.has(gender),
    surgery: surgery !== null && !takesPatientsOf(clinical, surgery),
    role: role !== null && !clinical.roles.has(role),
  }
  return MISFITS.filter((misfit) => fails[misfit])
}
