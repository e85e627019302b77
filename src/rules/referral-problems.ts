/** Why a service could not help a patient who was sent there, as a professional says it in one tap. */

export type ReferralProblem = {
  /** As it is stored. */
  readonly key: string
  /** The reject reason of NHS referrals that is meant; null: there is none for it. */
  readonly nhsReason: number | null
  /** What the professional taps, after "It could not help, because". */
  readonly tapped: string
  /** What the pharmacy is told. */
  readonly told: string
  /** The page of its profile where that is put right. */
  readonly page: string
}

/**
 * In the order in which they are offered. Only what says something about the service: what lies with the patient, such
 * as too far or another choice, tells a pharmacy nothing.
 * Source: reject reasons of NHS referrals, category Service, and 40; that it was closed has no number there.
 */
export const REFERRAL_PROBLEMS: readonly ReferralProblem[] = [
  problem('closed', null, 'It was closed', 'It was closed when a patient was sent', 'opening-times'),
  problem('no-answer', 27, 'Nobody answered', 'Nobody answered', 'contact-details'),
  problem('no-capacity', 22, 'No capacity', 'It had no capacity when a patient was sent', 'capacity'),
  problem('no-appointments', 31, 'No appointments', 'It had no appointments left', 'capacity'),
  problem('refused', 24, 'Referral refused', 'The referral was refused', 'urgent-care-services'),
  problem('not-eligible', 40, 'Patient not eligible', 'The patient was not eligible', 'urgent-care-services'),
]

/** The reason of a key; undefined when there is no such reason. */
export const referralProblem = (key: string): ReferralProblem | undefined =>
  REFERRAL_PROBLEMS.find((each) => each.key === key)

function problem(key: string, nhsReason: number | null, tapped: string, told: string, page: string): ReferralProblem {
  return { key, nhsReason, tapped, told, page }
}
