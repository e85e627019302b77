/** What is entered of a local service and its owner: fields -> command | problems, in NHS wording. No I/O. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import { parseEmail } from '#src/rules/contact-details.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { REVIEW_MONTHS } from '#src/rules/review-date.ts'
import { lifecycleOf } from '#src/rules/service-types.ts'
import { isZCode } from '#src/rules/z-codes.ts'
import { LIST_TOPICS } from '../clinical/list-topics.ts'
import type { NewLocalService } from './keep-local.ts'
import { type LocalOwner, OWNER_KINDS } from './local-records.ts'

const LONGEST_OWNER = 100
const LONGEST_NAME = 255

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

/** The fields of an owner, as a form shows them. */
export const ownerFields = (owner: LocalOwner | null): Fields =>
  owner
    ? { 'owner-kind': owner.kind, 'owner-name': owner.name, mailbox: owner.mailbox, months: String(owner.months) }
    : { months: '12' }

/** Who answers for a local service, and how often it is reviewed. */
export function parseOwnerForm(fields: Fields): Result<LocalOwner> {
  const kind = OWNER_KINDS.find((known) => known === lineIn(fields, 'owner-kind'))
  const name = proseIn(fields, 'owner-name')
  const mailbox = parseEmail(lineIn(fields, 'mailbox'))
  const months = REVIEW_MONTHS.find((known) => String(known) === lineIn(fields, 'months'))
  const problems = [
    ...(kind ? [] : [problem('owner-kind', 'missing', 'Choose whether a person or a team answers for it')]),
    ...nameProblems('owner-name', name, LONGEST_OWNER, 'Enter who answers for it', 'Who answers for it'),
    ...(mailbox.ok ? [] : [problem('mailbox', 'invalid', 'Enter an email address, like local.services@icb.nhs.uk')]),
    ...(months ? [] : [problem('months', 'missing', 'Choose how often it is reviewed')]),
  ]
  if (problems.length > 0 || !kind || !mailbox.ok || !months) return refused(...problems)
  return accepted({ kind, name, mailbox: mailbox.value, months })
}

function nameProblems(
  field: string,
  name: string,
  longest: number,
  missing: string,
  label: string,
): readonly Problem[] {
  if (name === '') return [problem(field, 'missing', missing)]
  if ([...name].length > longest) return [problem(field, 'too-long', `${label} must be ${longest} characters or fewer`)]
  return isUnreadable(name) ? [problem(field, 'unreadable', `${label} must be in plain letters`)] : []
}

/** A new local service: what it is, where it is, by which Z code it is found, and who answers for it. */
export function parseNewForm(
  fields: Fields,
  { reference, gazetteer }: { readonly reference: TriageReference; readonly gazetteer: Pick<Gazetteer, 'find'> },
): Result<NewLocalService> {
  const name = proseIn(fields, 'name')
  const typeId = /^\d{1,4}$/.test(lineIn(fields, 'type')) ? Number(lineIn(fields, 'type')) : Number.NaN
  const typed = parsePostcode(lineIn(fields, 'postcode'))
  const place = typed && gazetteer.find(typed)
  const code = zCodeIn(lineIn(fields, 'code'), reference)
  const owner = parseOwnerForm(fields)
  const problems = [
    ...nameProblems('name', name, LONGEST_NAME, 'Enter the name of the service', 'Name'),
    ...(reference.types.has(typeId) && lifecycleOf(typeId) === 'current'
      ? []
      : [problem('type', 'missing', 'Choose what type of service it is')]),
    ...(place
      ? []
      : [problem('postcode', 'unknown', typed ? UNKNOWN_POSTCODE : 'Enter a full UK postcode, like M33 7AB')]),
    ...(code.ok ? [] : code.problems),
    ...(owner.ok ? [] : owner.problems),
  ]
  if (problems.length > 0 || !place || !code.ok || !owner.ok) return refused(...problems)
  const { postcode, easting, northing, latitude, longitude } = place
  const patch = { name, typeId, status: 'COMMISSIONING', postcode, easting, northing, latitude, longitude } as const
  return accepted({ patch, clinical: code.value, owner: owner.value })
}

const UNKNOWN_POSTCODE = 'We do not know this postcode, so searches could not find the service. Check it'

/** A pair as the pages of pairs read it, which must be a Z code. */
function zCodeIn(text: string, reference: TriageReference): Result<NewLocalService['clinical']> {
  const [pairs] = LIST_TOPICS
  if (text === '' || !pairs) return refused(problem('code', 'missing', 'Enter the Z code by which it is found'))
  const read = pairs.parse(text, reference)
  if (!read.ok) return refused(...read.problems.map((each) => ({ ...each, field: 'code' })))
  const others = read.value.filter((key) => !isZCode(Number(key.split('-')[1])))
  if (others.length > 0) {
    return refused(
      problem(
        'code',
        'no-z-code',
        `${others[0]?.replace('-', '=')} is not a Z code: those have discriminators from 11000`,
      ),
    )
  }
  return accepted(pairs.patch(read.value, NO_PROFILE))
}

const NO_PROFILE = {
  ...{ genders: null, ages: null, sgsd: null, dispositions: null, roles: null, restricted: null },
  ...{ referrals: null, limitedTo: null, promotedTo: null, returnIfOpenMinutes: null },
}
