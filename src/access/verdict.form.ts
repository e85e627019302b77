/** Yes or no to a request, as every page that decides asks for it. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { Verdict } from './decide-request.ts'

const LONGEST_REASON = 500

/** Reads the form. A no needs a reason, which the asker reads. */
export function parseVerdictForm(fields: Fields): Result<Verdict> {
  const verdict = lineIn(fields, 'verdict')
  const reason = proseIn(fields, 'reason')
  if (verdict === 'yes') return accepted({ approve: true })
  if (verdict !== 'no') return refused(problem('verdict', 'missing', 'Select yes or no'))
  if (reason === '') return refused(problem('reason', 'missing', 'Enter why you say no'))
  if (isUnreadable(reason)) {
    return refused(problem('reason', 'invalid', 'Reason must use letters, numbers and punctuation only'))
  }
  if ([...reason].length > LONGEST_REASON) {
    return refused(problem('reason', 'too-long', `Reason must be ${LONGEST_REASON} characters or fewer`))
  }
  return accepted({ approve: false, reason })
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
