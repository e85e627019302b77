/** What the forms about quality say: a reason and an end, or an owner. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

export const LONGEST_REASON = 500
export const LONGEST_OWNER = 100
/** Nothing is accepted for longer: then somebody looks again. */
const LONGEST_DAYS = 366

/** Why a finding is accepted, and until when: today at the earliest, a year ahead at the latest. */
export function parseExemption(
  fields: Fields,
  today: LocalDate,
): Result<{ readonly reason: string; readonly endsOn: LocalDate }> {
  const reason = proseIn(fields, 'reason')
  const ends = parseDateFields(fields, 'ends', 'The last day')
  const problems = [
    ...wordsProblems('reason', reason, {
      missing: 'Enter why this is accepted',
      name: 'Reason',
      longest: LONGEST_REASON,
    }),
    ...(ends ? [] : [problem('ends-day', 'missing', 'Enter the last day')]),
    ...(ends && !ends.ok ? ends.problems : []),
  ]
  if (!ends?.ok) return refused(...problems)
  const endsOn = ends.value
  if (endsOn < today) problems.push(problem('ends-day', 'past', 'The last day must be today or in the future'))
  if (endsOn > dateOf(dayOf(today) + LONGEST_DAYS)) {
    problems.push(problem('ends-day', 'too-late', 'The last day must be within a year from today'))
  }
  return problems.length > 0 ? refused(...problems) : accepted({ reason, endsOn })
}

/** Who looks after a rule: a person or a team. */
export function parseOwner(fields: Fields): Result<string> {
  const owner = lineIn(fields, 'owner')
  const problems = wordsProblems('owner', owner, {
    ...{ missing: 'Enter a person or a team', name: 'Owner', longest: LONGEST_OWNER },
  })
  return problems.length > 0 ? refused(...problems) : accepted(owner)
}

function wordsProblems(
  field: string,
  text: string,
  { missing, name, longest }: { missing: string; name: string; longest: number },
): Problem[] {
  if (text === '') return [problem(field, 'missing', missing)]
  if (isUnreadable(text)) return [problem(field, 'invalid', `${name} must use letters, numbers and punctuation only`)]
  if ([...text].length > longest) return [problem(field, 'too-long', `${name} must be ${longest} characters or fewer`)]
  return []
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
