/** The form that closes a whole pharmacy from now on, as somebody with a code fills it in. No I/O. */
import type { Fields } from '#src/platform/http/form-fields.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type FormAnswers, parseCloseNow } from '../pages/closure.form.ts'

/**
 * Reads the form. It is that of closing now without its choices; but as nobody signed in, it needs a name and a number:
 * the notice to the ICB names whoever filled it in, and the owners want to ring somebody.
 */
export function parseShortForm(fields: Fields, askedAt: Date): Result<FormAnswers> {
  const answers = parseCloseNow({ ...fields, 'from-when': 'now', what: 'whole' }, { askedAt, services: [] })
  const missing = [
    ...(answers.ok ? (answers.value.filledInBy === null ? [NO_NAME] : []) : blank(fields, 'name', NO_NAME)),
    ...(answers.ok ? (answers.value.phone === null ? [NO_PHONE] : []) : blank(fields, 'phone', NO_PHONE)),
  ]
  if (answers.ok) return missing.length > 0 ? refused(...missing) : accepted(answers.value)
  return refused(...inOrder([...answers.problems, ...missing]))
}

const NO_NAME: Problem = { field: 'name', code: 'missing', message: 'Enter your name' }
const NO_PHONE: Problem = {
  field: 'phone',
  code: 'missing',
  message: 'Enter a phone number where the NHS can reach you',
}

const blank = (fields: Fields, name: string, problem: Problem): readonly Problem[] =>
  (fields[name] ?? '').trim() === '' ? [problem] : []

/** In the order of the page. */
const ORDER = ['reason', 'until', 'advice', 'name', 'phone']
const placeOf = ({ field }: Problem): number => ORDER.findIndex((name) => field.startsWith(name))
const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((one, other) => placeOf(one) - placeOf(other))
