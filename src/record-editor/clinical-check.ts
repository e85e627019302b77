/** The rules of the clinical profile, as a check of an edit. Pure. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { isClinical } from '#src/rules/clinical-changes.ts'
import { type ProfileFields, profileProblems } from '#src/rules/clinical-profile.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { CheckContext, CheckedEdit } from './check-edit.ts'
import { fieldOf } from './service-edit.ts'

/** What a record says of whom it is for; parts that it lacks are null. */
export const profileOfRecord = (record: ServiceRecord): ProfileFields => {
  const part = <Name extends keyof ProfileFields>(name: Name) => fieldOf(record, name) as ProfileFields[Name]
  return {
    genders: part('genders'),
    ages: part('ages'),
    sgsd: part('sgsd'),
    dispositions: part('dispositions'),
    roles: part('roles'),
    restricted: part('restricted'),
    referrals: part('referrals'),
    limitedTo: part('limitedTo'),
    promotedTo: part('promotedTo'),
    returnIfOpenMinutes: part('returnIfOpenMinutes'),
  }
}

/** What is refused of a changed clinical profile, or of a type on which its Z codes would not belong. */
export function clinicalProblems(
  { patch, record, after }: CheckedEdit,
  { reference, owner }: CheckContext,
): readonly Problem[] {
  if (!Object.keys(patch).some((field) => isClinical(field) || field === 'typeId' || field === 'odsCode')) return []
  const before = { typeId: record.typeId, odsCode: record.odsCode, ...profileOfRecord(record) }
  const problems = profileProblems(
    before,
    { typeId: after.typeId, odsCode: after.odsCode, ...profileOfRecord(after) },
    reference,
  )
  return [...problems, ...zCodeOfPharmacy(record, after, owner)]
}

/** A pair that says what the pharmacy offers is the pharmacy's to set. */
function zCodeOfPharmacy(
  record: ServiceRecord,
  after: ServiceRecord,
  { zCode }: CheckContext['owner'],
): readonly Problem[] {
  if (!zCode) return []
  const carries = (one: ServiceRecord) =>
    profileOfRecord(one).sgsd?.[zCode.group]?.includes(zCode.discriminator) ?? false
  if (carries(record) === carries(after)) return []
  const message = `The pharmacy decides about ${zCode.group}=${zCode.discriminator} by what it says it offers. Ask the pharmacy`
  return [{ field: 'sgsd', code: 'owned-by-pharmacy', message }]
}
