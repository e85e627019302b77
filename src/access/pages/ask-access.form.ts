/** The form "Ask for access": body to what was asked, or field problems. No I/O. */
import { type Fields, fieldsOf, isUnreadable, lineIn, proseIn, tickIn } from '#src/platform/http/form-fields.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { type PharmacyRole, parsePharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { MOST_AT_ONCE } from '../ask-access.ts'

const LONGEST_NAME = 100
const LONGEST_ENTRY = 100

/** `entries`: ODS codes, names or postcodes, as typed. */
export type AskedFor = {
  readonly name: string
  readonly jobRole: string
  readonly role: PharmacyRole
  readonly entries: readonly string[]
}

/** The fields of a body whose list of pharmacies may have a line for each. */
export function askFields(body: unknown): Fields {
  const fields = fieldsOf(body)
  const list = (body as { pharmacies?: unknown } | undefined)?.pharmacies
  if (typeof list !== 'string') return fields
  return { ...fields, pharmacies: fieldsOf({ list: list.replaceAll(/[\r\n]+/g, ', ') })['list'] ?? '' }
}

/** Reads who asks, as what, and for which pharmacies. */
export function parseAskForm(fields: Fields): Result<AskedFor> {
  const name = proseIn(fields, 'full-name')
  const jobRole = proseIn(fields, 'job-role')
  const role = parsePharmacyRole(lineIn(fields, 'role'))
  const entries = [...new Set(entriesIn(fields))]
  const problems = [
    ...words('full-name', name, 'Enter a full name', 'Full name'),
    ...words('job-role', jobRole, 'Enter your job role', 'Job role'),
    ...entryProblems(entries),
    ...(role ? [] : [problem('role', 'missing', 'Select what you need to do')]),
  ]
  return problems.length > 0 || !role ? refused(...problems) : accepted({ name, jobRole, role, entries })
}

/** The codes that are ticked, and whether the declaration is. */
export function parsePicks(fields: Fields): Result<readonly string[]> {
  const codes = Object.keys(fields).flatMap((name) => {
    const code = name.startsWith('pick-') && tickIn(fields, name) ? parsePharmacyCode(name.slice(5)) : undefined
    return code ?? []
  })
  const problems = [
    ...(codes.length === 0 ? [problem('picks', 'missing', 'Select the pharmacies you are asking for')] : []),
    ...(codes.length > MOST_AT_ONCE ? [problem('picks', 'too-many', TOO_MANY)] : []),
    ...(tickIn(fields, 'declaration')
      ? []
      : [problem('declaration', 'missing', 'Confirm that you are allowed to act for these pharmacies')]),
  ]
  return problems.length > 0 ? refused(...problems) : accepted(codes)
}

const TOO_MANY = `Ask for up to ${MOST_AT_ONCE} pharmacies at once`

const entriesIn = (fields: Fields): readonly string[] =>
  proseIn(fields, 'pharmacies')
    .split(/[,;]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

function entryProblems(entries: readonly string[]): readonly Problem[] {
  if (entries.length === 0) return [problem('pharmacies', 'missing', 'Enter at least one pharmacy')]
  if (entries.length > MOST_AT_ONCE) return [problem('pharmacies', 'too-many', TOO_MANY)]
  const long = entries.some((entry) => entry.length > LONGEST_ENTRY || isUnreadable(entry))
  if (!long) return []
  return [problem('pharmacies', 'invalid', `Each pharmacy must be ${LONGEST_ENTRY} letters and numbers or fewer`)]
}

function words(field: string, text: string, missing: string, label: string): readonly Problem[] {
  if (text === '') return [problem(field, 'missing', missing)]
  if (isUnreadable(text)) return [problem(field, 'invalid', `${label} must use letters, numbers and punctuation only`)]
  if ([...text].length <= LONGEST_NAME) return []
  return [problem(field, 'too-long', `${label} must be ${LONGEST_NAME} characters or fewer`)]
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
