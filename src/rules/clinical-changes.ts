/**
 * Which fields of a service decide whom it is offered to, and which changes of a record therefore need a second person.
 * Pure. Fields are named as in the interchange format. Source: product design D3, two approvals for a clinical change.
 */

/** Who is sent there, for what, and how far away they may live. */
export const CLINICAL_FIELDS = [
  'sgsd',
  'dispositions',
  'ages',
  'genders',
  'roles',
  'restricted',
  'referrals',
  'limitedTo',
  'promotedTo',
  'returnIfOpenMinutes',
] as const
export type ClinicalField = (typeof CLINICAL_FIELDS)[number]

const CLINICAL: ReadonlySet<string> = new Set(CLINICAL_FIELDS)

/** Whether a field is part of the clinical profile. Never throws. */
export const isClinical = (field: string): field is ClinicalField => CLINICAL.has(field)

type Values = Readonly<Record<string, unknown>>

/**
 * The fields of a change that a second person must agree to; none: it is published at once. Besides the clinical profile
 * that is what turns one on: making a service with a clinical profile active, or giving it another type, by which
 * searches rank it. Taking a service out of searches never waits: it is the safe side. `now` is the record, flat.
 */
export function fieldsToApprove(now: Values, change: Values): readonly string[] {
  const after: Values = { ...now, ...change }
  return Object.keys(change).filter((field) => {
    if (isClinical(field)) return true
    if (!hasClinicalProfile(after)) return false
    return field === 'typeId' || (field === 'status' && change['status'] === 'ACTIVE')
  })
}

/** Whether a search could return the service at all: it names symptom groups, or dispositions. */
function hasClinicalProfile(record: Values): boolean {
  const groups = record['sgsd']
  const dispositions = record['dispositions']
  return (
    (typeof groups === 'object' && groups !== null && Object.keys(groups).length > 0) ||
    (Array.isArray(dispositions) && dispositions.length > 0)
  )
}
