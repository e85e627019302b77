/** What is typed into the search tester: fields as text, the search they mean, and what is wrong with them. Pure. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { formatClock, type LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { TriageProblemCode, TriageRequest } from './triage-request.ts'

const FIELDS = [
  ...['postcode', 'age', 'unit', 'group', 'gender', 'surgery', 'symptom', 'discriminators', 'disposition', 'role'],
  ...['date-day', 'date-month', 'date-year', 'time', 'distance', 'service'],
] as const
/** Every field, empty where it was left so. */
export type TesterForm = Fields

const UNITS: Readonly<Record<string, string>> = { years: 'Years', months: 'Months', days: 'Days' }
/** The groups of version 1.5, by their number in the web services. */
export const AGE_GROUPS = [
  { value: '1', text: 'Adult, 16 and over' },
  { value: '2', text: 'Child, 5 to 15' },
  { value: '3', text: 'Toddler, 1 to 4' },
  { value: '4', text: 'Baby, under 1' },
] as const

const LONGEST = 200

/** Reads the address. `isAsked` is false where nothing was filled in yet. */
export function testerForm(query: unknown): { readonly form: TesterForm; readonly isAsked: boolean } {
  const given = fieldsOf(query)
  const isAsked = FIELDS.some((name) => given[name] !== undefined)
  const typed = Object.fromEntries(FIELDS.map((name) => [name, lineIn(given, name).slice(0, LONGEST)]))
  return { form: { ...typed, gender: typed['gender'] || 'I', unit: typed['unit'] || 'years' }, isAsked }
}

/** The search as a program would send it. Every field that is missing or cannot be is named at once. */
export function requestIn(form: TesterForm, today: LocalDate): Result<TriageRequest> {
  const text = (name: (typeof FIELDS)[number]): string => form[name] ?? ''
  const when = momentIn(form, today)
  const problems = [
    ...missing('postcode', text('postcode'), 'Enter the postcode of the caller'),
    ...ageProblems(text('age'), text('group'), text('unit')),
    ...missing('symptom', text('symptom'), 'Enter a symptom group'),
    ...missing('discriminators', text('discriminators'), 'Enter at least one symptom discriminator'),
    ...(when.ok ? [] : when.problems),
  ]
  if (problems.length > 0 || !when.ok) return refused(...problems)
  const orNull = (name: (typeof FIELDS)[number]): string | null => text(name) || null
  const group = text('group')
  return accepted({
    version: '1.5',
    caseRef: null,
    caseId: 'TEST',
    postcode: orNull('postcode'),
    surgery: orNull('surgery'),
    age: group || text('age'),
    ageFormat: group ? 'AgeGroup' : (UNITS[text('unit')] ?? null),
    disposition: orNull('disposition'),
    symptomGroup: orNull('symptom'),
    symptomDiscriminators: text('discriminators')
      .split(/[\s,;]+/)
      .filter(Boolean),
    searchDistance: orNull('distance'),
    forceSearchDistance: text('distance') !== '',
    gender: orNull('gender'),
    searchDateTime: when.value,
  })
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

const missing = (field: string, value: string, message: string): readonly Problem[] =>
  value === '' ? [problem(field, 'missing', message)] : []

function ageProblems(age: string, group: string, unit: string): readonly Problem[] {
  if (age !== '' && group !== '') return [problem('age', 'both', 'Enter an age or choose an age group, not both')]
  if (group !== '') {
    return AGE_GROUPS.some(({ value }) => value === group) ? [] : [problem('group', 'unknown', 'Choose an age group')]
  }
  if (age === '') return [problem('age', 'missing', 'Enter an age, or choose an age group')]
  return UNITS[unit] === undefined ? [problem('unit', 'unknown', 'Choose years, months or days')] : []
}

/** `2026-12-12T19:10`; null is now. A time without a date is one of today. */
function momentIn(form: TesterForm, today: LocalDate): Result<string | null> {
  const typed = parseDateFields(form, 'date', 'The date')
  if (typed && !typed.ok) return refused(...typed.problems)
  const time = form['time'] ?? ''
  if (time === '') {
    return typed ? refused(problem('time', 'missing', 'Enter a time, such as 7:10pm')) : accepted(null)
  }
  const minute = parseClockTime(time)
  if (minute === undefined) return refused(problem('time', 'invalid', 'Time must be a time, such as 7:10pm'))
  return accepted(`${typed?.value ?? today}T${formatClock(minute)}`)
}

const PROBLEMS: Readonly<Partial<Record<TriageProblemCode, readonly [string, string]>>> = {
  role: ['role', 'Choose a referral role'],
  postcode: ['postcode', 'Enter a postcode of England that the directory knows, such as M33 7AB'],
  system: ['postcode', 'No postcodes are known yet: they have to be imported first'],
  'distance-missing': ['distance', 'Enter a distance'],
  distance: ['distance', 'Distance must be a whole number from 1 to 99'],
  gender: ['gender', 'Choose a sex'],
  age: ['age', 'Age must be a whole number'],
  'age-days': ['age', 'Age in days must be from 0 to 31'],
  'age-months': ['age', 'Age in months must be from 1 to 23'],
  'age-years': ['age', 'Age in years must be from 2 to 129. For a younger child use months or days'],
  'age-group': ['group', 'Choose an age group'],
  'age-format': ['unit', 'Choose years, months or days'],
  'symptom-group': ['symptom', 'Enter the number of a symptom group that is in the catalogue'],
  discriminators: ['discriminators', 'Enter the number of a discriminator that goes with this symptom group'],
  disposition: ['disposition', 'Choose a disposition'],
  time: ['time', 'Enter a date and time that exist in London'],
  'time-past': ['date-day', 'Date and time must be in the future. Leave them empty for now'],
  'time-far': ['date-day', 'Date and time must be within the next 12 months'],
}

/** What is to be put right. Null: the search was made and found nothing. */
export function problemOf(code: TriageProblemCode): Problem | null {
  if (code === 'no-services') return null
  const [field, message] = PROBLEMS[code] ?? ['postcode', 'Check what you entered']
  return problem(field, code, message)
}
