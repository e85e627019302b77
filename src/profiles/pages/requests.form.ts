/** The forms of requests to the directory team: body to command, or field problems. No I/O. */
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from './fields.ts'

const LONGEST_MESSAGE = 1000
const LONGEST_NAME = 100

/** What kinds of service can be missing, as the form offers them. */
export const MISSING_KINDS: readonly string[] = [...Object.values(PHARMACY_TYPES), 'Something else']

/** Reads "one is missing": the kind of service and what else there is to say, as one message. */
export function parseMissingServiceForm(fields: Fields): Result<string> {
  const kind = proseIn(fields, 'kind')
  const more = proseIn(fields, 'message')
  const problems = [
    ...(MISSING_KINDS.includes(kind) ? [] : [problem('kind', 'missing', 'Select which service is missing')]),
    ...wordProblems('message', 'What else we should know', more, LONGEST_MESSAGE),
    ...(kind === 'Something else' && more === ''
      ? [problem('message', 'missing', 'Enter which service is missing')]
      : []),
  ]
  return problems.length > 0 ? refused(...problems) : accepted(more === '' ? kind : `${kind}: ${more}`)
}

export type MissingPharmacy = { readonly odsCode: string; readonly name: string; readonly message: string }

/** Reads "my pharmacy is missing". */
export function parseMissingPharmacyForm(fields: Fields): Result<MissingPharmacy> {
  const name = proseIn(fields, 'name')
  const code = lineIn(fields, 'ods-code')
  const postcode = lineIn(fields, 'postcode')
  const more = proseIn(fields, 'message')
  const odsCode = code === '' ? '' : parsePharmacyCode(code)
  const known = parsePostcode(postcode)
  const problems = [
    ...(name === ''
      ? [problem('name', 'missing', 'Enter the name of the pharmacy')]
      : wordProblems('name', 'Name of the pharmacy', name, LONGEST_NAME)),
    ...(odsCode === undefined ? [problem('ods-code', 'invalid', 'ODS code must be 5 letters and numbers')] : []),
    ...(known ? [] : [problem('postcode', 'invalid', 'Enter a full UK postcode, like M33 7AB')]),
    ...wordProblems('message', 'What else we should know', more, LONGEST_MESSAGE),
  ]
  if (problems.length > 0 || odsCode === undefined) return refused(...problems)
  return accepted({ odsCode, name, message: [`${name}, ${known}`, more].filter((part) => part !== '').join('. ') })
}

function wordProblems(field: string, label: string, text: string, longest: number): readonly Problem[] {
  if (isUnreadable(text)) {
    return [problem(field, 'invalid', `${label} must use letters, numbers and punctuation only`)]
  }
  return [...text].length > longest
    ? [problem(field, 'too-long', `${label} must be ${longest} characters or fewer`)]
    : []
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
