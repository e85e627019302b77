/** The forms of the rota: body to a shift, or field problems. No I/O. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import { dayOf, formatLondon } from '#src/rules/london-time.ts'
import { LONGEST_SHIFT_DAYS, PLACES, type Place, shiftBetween } from '#src/rules/on-call.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { NewShift } from '../rota-records.ts'

export const LONGEST_NOTE = 1000
const DAY_MS = 86_400_000

/** Reads a shift. `people`: the addresses that may be on the rota. */
export function parseShiftForm(fields: Fields, people: readonly string[], now: Date): Result<NewShift> {
  const email = people.find((each) => each === lineIn(fields, 'person'))
  const phone = parsePhone(lineIn(fields, 'phone'))
  const place = PLACES.find((each) => each === lineIn(fields, 'place'))
  const from = parseMinute(fields, 'from', 'start')
  const to = parseMinute(fields, 'to', 'end')
  const problems: Problem[] = [
    ...(email ? [] : [problem('person', 'Select who is on call')]),
    ...(phone.ok ? [] : [problem('phone', 'Enter a UK telephone number, like 07700 900 982')]),
    ...(place ? [] : [problem('place', 'Select whether they are rung first or second')]),
    ...(from.ok ? [] : from.problems),
    ...(to.ok ? [] : to.problems),
  ]
  if (problems.length > 0 || !email || !phone.ok || !place || !from.ok || !to.ok) return refused(...problems)
  return shiftOf({ email, phone: phone.value, place }, { from: from.value, to: to.value, now })
}

function shiftOf(
  who: { readonly email: string; readonly phone: string; readonly place: Place },
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: Date },
): Result<NewShift> {
  const spell = shiftBetween(from, to)
  if (!spell) {
    return refused(
      problem(
        'to-day',
        'The end must be after the start. On the night when the clocks go forward there is no time from 1am to 1:59am',
      ),
    )
  }
  if (spell.endsAt <= now.getTime()) return refused(problem('to-day', 'The end must be in the future'))
  if (spell.endsAt - spell.startsAt > LONGEST_SHIFT_DAYS * DAY_MS) {
    return refused(problem('to-day', `A shift can last up to ${LONGEST_SHIFT_DAYS} days`))
  }
  return accepted({ ...who, ...spell })
}

/** A date in three boxes and a time in one, as a London minute. */
function parseMinute(fields: Fields, prefix: string, what: 'start' | 'end'): Result<string> {
  const date = parseDateFields(fields, prefix, `The ${what} date`)
  const minute = parseClockTime(lineIn(fields, `${prefix}-time`))
  const problems = [
    ...(date === undefined ? [problem(`${prefix}-day`, `Enter the ${what} date`)] : date.ok ? [] : date.problems),
    ...(minute === undefined ? [problem(`${prefix}-time`, `Enter the ${what} time, like 5pm or 8:30am`)] : []),
  ]
  if (problems.length > 0 || !date?.ok || minute === undefined) return refused(...problems)
  return accepted(formatLondon({ day: dayOf(date.value), minute }))
}

/** Reads a handover note. */
export function parseNoteForm(fields: Fields): Result<string> {
  const words = proseIn(fields, 'note')
  if (words === '') return refused(problem('note', 'Enter what the next on call needs to know'))
  if (isUnreadable(words)) return refused(problem('note', 'Use letters, numbers and usual punctuation only'))
  if ([...words].length > LONGEST_NOTE) {
    return refused(problem('note', `What you write must be ${LONGEST_NOTE} characters or fewer`))
  }
  return accepted(words)
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
