/** Ages as they are entered: a usual group, or from and to with their units -> a range in days | problems. Pure. */
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import {
  AGE_UNITS,
  ageRangeInDays,
  ageRangeProblem,
  type ProfiledAges,
  type TypedAge,
} from '#src/rules/clinical-profile.ts'
import { ageGroup } from '#src/rules/patient-age.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** The groups that searches ask for, by their number in the web services, the youngest first. */
export const USUAL_AGES = [
  { value: '4', text: 'Babies, under 1' },
  { value: '3', text: 'Toddlers, 1 to 4' },
  { value: '2', text: 'Children, 5 to 15' },
  { value: '1', text: 'Adults, 16 and over' },
  { value: '8', text: 'Older people, 65 and over' },
] as const

/** The range that a form means. "To 15 years" is until the day before the sixteenth birthday. */
export function parseAgesForm(fields: Fields): Result<ProfiledAges> {
  const group = lineIn(fields, 'group')
  return group === '' ? typedRange(fields) : groupRange(fields, group)
}

function groupRange(fields: Fields, group: string): Result<ProfiledAges> {
  const range = /^\d$/.test(group) ? ageGroup(Number(group)) : undefined
  if (!range) return refused(problem('group', 'unknown', 'Choose an age group'))
  const isTyped = lineIn(fields, 'from') !== '' || lineIn(fields, 'to') !== ''
  if (isTyped) return refused(problem('group', 'both', 'Choose an age group or enter ages, not both'))
  return accepted(range)
}

function typedRange(fields: Fields): Result<ProfiledAges> {
  const from = ageIn(fields, 'from', 'Youngest age')
  const to = ageIn(fields, 'to', 'Oldest age')
  if (!from.ok || !to.ok) return refused(...[from, to].flatMap((age) => (age.ok ? [] : age.problems)))
  const range = ageRangeInDays(from.value, to.value)
  const wrong = ageRangeProblem(range)
  return wrong ? refused({ ...wrong, field: wrong.code === 'order' ? 'from' : 'to' }) : accepted(range)
}

function ageIn(fields: Fields, name: string, label: string): Result<TypedAge> {
  const text = lineIn(fields, name)
  const unit = AGE_UNITS.find((known) => known === lineIn(fields, `${name}-unit`))
  if (text === '') return refused(problem(name, 'missing', `Enter the ${label.toLowerCase()}`))
  if (!unit) return refused(problem(name, 'unit', `${label} must be in years, months or days`))
  if (!/^\d{1,6}(\.\d{1,4})?$/.test(text)) return refused(problem(name, 'invalid', `${label} must be a number`))
  if (unit !== 'days' && text.includes('.')) {
    return refused(problem(name, 'invalid', `${label} must be a whole number of ${unit}. Use days for parts`))
  }
  return accepted({ value: Number(text), unit })
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
