/** What the form of a report says: fields -> report | problems. No I/O. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { parseEmail } from '#src/rules/contact-details.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { WRONG_THINGS, type WrongThing } from '#src/rules/wrong-reports.ts'

export type ReportForm = {
  readonly what: WrongThing
  /** Null for nothing more to say. */
  readonly words: string | null
  readonly visitedOn: LocalDate | null
  readonly email: string | null
}

/** Of what somebody writes. */
export const LONGEST_WORDS = 500
/** A visit longer ago tells nothing of the page of today. */
const VISIT_DAYS = 365

/** Reads the form. `isVisited`: people go to this pharmacy, and do not only write or ring. */
export function parseReport(
  fields: Fields,
  today: LocalDate,
  { isVisited }: { isVisited: boolean },
): Result<ReportForm> {
  const what = WRONG_THINGS.find((each) => each === lineIn(fields, 'what'))
  const words = proseIn(fields, 'words')
  const visitedOn = readVisit(fields, today, isVisited ? 'The day you went there' : 'The day you contacted it')
  const typed = lineIn(fields, 'email')
  const email = typed === '' ? accepted(null) : parseEmail(typed)
  const problems = [
    ...(what ? [] : [problem('what', 'missing', 'Select what is wrong')]),
    ...wordsProblems(words),
    ...(visitedOn.ok ? [] : visitedOn.problems),
    ...(email.ok ? [] : email.problems),
  ]
  if (problems.length > 0 || !what || !visitedOn.ok || !email.ok) return refused(...problems)
  return accepted({ what, words: words || null, visitedOn: visitedOn.value, email: email.value })
}

/** Only programs fill this field: nobody sees it. */
export const isProgram = (fields: Fields): boolean => (fields['homepage'] ?? '') !== ''

function wordsProblems(words: string): readonly Problem[] {
  if (isUnreadable(words)) return [problem('words', 'invalid', 'Use letters, numbers and punctuation only')]
  if (/https?:|www\.|\[url/i.test(words)) {
    return [problem('words', 'address', 'Leave out web addresses: nobody will follow them')]
  }
  if ([...words].length <= LONGEST_WORDS) return []
  return [problem('words', 'too-long', `What you enter must be ${LONGEST_WORDS} characters or fewer`)]
}

function readVisit(fields: Fields, today: LocalDate, named: string): Result<LocalDate | null> {
  const read = parseDateFields(fields, 'visited', named)
  if (!read) return accepted(null)
  if (!read.ok) return read
  if (read.value > today) return refused(problem('visited-day', 'future', `${named} must be today or in the past`))
  if (read.value < dateOf(dayOf(today) - VISIT_DAYS)) {
    return refused(problem('visited-day', 'long-ago', `${named} must be in the last year`))
  }
  return read
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
