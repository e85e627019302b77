/** The forms that add an address to those that are told of closures: body -> address | field problems. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { parseEmail } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { LISTENING_MILES } from './listeners.ts'

const LONGEST_NAME = 100

/** A GP surgery: its name and address. */
export function parseSurgeryForm(fields: Fields): Result<{ readonly name: string; readonly email: string }> {
  const name = proseIn(fields, 'surgery-name')
  const email = parseEmail(lineIn(fields, 'surgery-email'))
  const problems = [...nameProblems(name), ...(email.ok ? [] : emailProblems('surgery-email', email.problems))]
  return email.ok && problems.length === 0 ? accepted({ name, email: email.value.toLowerCase() }) : refused(...problems)
}

/** An address of the pharmacy, and how far away it wants to know. */
export function parseOwnForm(fields: Fields): Result<{ readonly email: string; readonly miles: number }> {
  const email = parseEmail(lineIn(fields, 'pharmacy-email'))
  const miles = LISTENING_MILES.find((each) => String(each) === lineIn(fields, 'miles'))
  const problems = [
    ...(email.ok ? [] : emailProblems('pharmacy-email', email.problems)),
    ...(miles === undefined ? [{ field: 'miles', code: 'missing', message: 'Select how far away' }] : []),
  ]
  return email.ok && miles !== undefined ? accepted({ email: email.value.toLowerCase(), miles }) : refused(...problems)
}

function nameProblems(name: string): readonly Problem[] {
  const field = 'surgery-name'
  if (name === '') return [{ field, code: 'blank', message: 'Enter the name of the GP surgery' }]
  if (isUnreadable(name)) return [{ field, code: 'unreadable', message: 'The name must be text that can be read' }]
  if ([...name].length <= LONGEST_NAME) return []
  return [{ field, code: 'too-long', message: `The name must be ${LONGEST_NAME} characters or fewer` }]
}

const emailProblems = (field: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, field }))
