/** The forms of a change of many branches: body to command and branches, or field problems. No I/O. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { LONGEST_NOTE } from '#src/profiles/decide.ts'
import type { HolidayAnswer } from '#src/profiles/profile.ts'
import type { StatutoryDay } from '#src/rules/bank-holidays.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { parseEmail, parsePhone, parseWebsite } from '#src/rules/contact-details.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { parseTypedHours } from '#src/rules/typed-hours.ts'
import type { BranchCommand, BranchKind } from '../branch-command.ts'

const LONGEST_SEARCH = 100
const MOST_CODES = 5_000

/** Which branches: all, those that a text means, or those with these codes. */
export type Chosen =
  | { readonly which: 'all' }
  | { readonly which: 'matching'; readonly text: string }
  | { readonly which: 'codes'; readonly odsCodes: readonly string[] }

/** Reads the command of a form. `holidays` are those that it asked about. */
export function parseCommand(
  kind: BranchKind,
  fields: Fields,
  holidays: readonly StatutoryDay[],
): Result<BranchCommand> {
  switch (kind) {
    case 'holidays':
      return parseHolidays(fields, holidays)
    case 'change':
      return parseChange(fields)
    case 'services':
      return parseService(fields)
    case 'contact':
      return parseContact(fields)
    case 'check':
      return accepted({ kind: 'check' })
  }
}

export const holidayName = (date: LocalDate): string => `holiday-${date}`
export const holidayHours = (date: LocalDate): string => `hours-${date}`

function parseHolidays(fields: Fields, holidays: readonly StatutoryDay[]): Result<BranchCommand> {
  const read = holidays.flatMap((day): [LocalDate, Result<HolidayAnswer>][] => {
    const chosen = lineIn(fields, holidayName(day.date))
    return chosen === '' ? [] : [[day.date, parseAnswer(fields, day, chosen)]]
  })
  const problems = read.flatMap(([, answer]) => (answer.ok ? [] : answer.problems))
  if (problems.length > 0) return refused(...problems)
  const first = holidays[0]
  if (read.length === 0) {
    return refused(problem(first ? holidayName(first.date) : 'holidays', 'missing', 'Answer at least one bank holiday'))
  }
  const answers = Object.fromEntries(
    read.flatMap(([date, answer]) => (answer.ok ? [[date, answer.value] as const] : [])),
  )
  return accepted({ kind: 'holidays', answers })
}

function parseAnswer(fields: Fields, { date, title }: StatutoryDay, chosen: string): Result<HolidayAnswer> {
  if (chosen === 'closed' || chosen === 'usual') return accepted({ answer: chosen })
  const hours = chosen === 'other' ? parseTypedHours(lineIn(fields, holidayHours(date))) : undefined
  if (hours?.ok && hours.value.length > 0) return accepted({ answer: 'other', sessions: hours.value })
  return refused(
    problem(holidayHours(date), 'invalid', `Enter hours for ${title}, ${formatDate(date)}, like 10am to 2pm`),
  )
}

function parseChange(fields: Fields): Result<BranchCommand> {
  const from = parseDateFields(fields, 'from', 'First day') ?? missingDate()
  const to = parseDateFields(fields, 'to', 'Last day') ?? from
  const hours = parseChangedHours(fields)
  const reason = CHANGE_REASONS.find((known) => known === proseIn(fields, 'reason'))
  const note = proseIn(fields, 'note')
  const problems = [
    ...problemsOf(from),
    ...(to === from ? [] : problemsOf(to)),
    ...problemsOf(hours),
    ...(reason ? [] : [problem('reason', 'missing', 'Select a reason')]),
    ...noteProblems(note),
  ]
  if (problems.length > 0 || !from.ok || !to.ok || !hours.ok || !reason) return refused(...problems)
  const change = { from: from.value, to: to.value, sessions: hours.value, reason, note: note || null }
  return accepted({ kind: 'change', change })
}

const missingDate = (): Result<LocalDate> => refused(problem('from-day', 'missing', 'Enter the first day'))

function parseChangedHours(fields: Fields) {
  const what = lineIn(fields, 'what')
  if (what === 'closed') return accepted([])
  if (what !== 'hours') {
    return refused(problem('what', 'missing', 'Select if the pharmacies are closed or open at different times'))
  }
  const hours = parseTypedHours(lineIn(fields, 'hours'))
  return hours.ok && hours.value.length > 0
    ? hours
    : refused(problem('hours', 'invalid', 'Enter the hours, like 9am to 1pm, 2pm to 5:30pm'))
}

function noteProblems(note: string): readonly Problem[] {
  if (isUnreadable(note)) {
    return [problem('note', 'invalid', 'The public note must use letters, numbers and punctuation only')]
  }
  if ([...note].length <= LONGEST_NOTE) return []
  return [problem('note', 'too-long', `The public note must be ${LONGEST_NOTE} characters or fewer`)]
}

function parseService(fields: Fields): Result<BranchCommand> {
  const kind = offeredServiceKind(lineIn(fields, 'service'))
  const offered = lineIn(fields, 'offered')
  const problems = [
    ...(kind ? [] : [problem('service', 'missing', 'Select a service')]),
    ...(offered === 'yes' || offered === 'no'
      ? []
      : [problem('offered', 'missing', 'Select if the pharmacies offer the service')]),
  ]
  if (!kind || problems.length > 0) return refused(...problems)
  return accepted({ kind: 'services', offered: { [kind.code]: offered === 'yes' } })
}

/** In the order of the page. Website and email may hold a placeholder, and are judged with one filled in. */
export const CONTACT_INPUTS = [
  { name: 'phone', key: 'phone', label: 'Public phone number', parse: parsePhone },
  { name: 'website', key: 'website', label: 'Website', parse: parseWebsite },
  { name: 'email', key: 'email', label: 'Public email address', parse: parseEmail },
  { name: 'professional-phone', key: 'professionalPhone', label: 'Professional phone number', parse: parsePhone },
  { name: 'professional-email', key: 'professionalEmail', label: 'Professional email address', parse: parseEmail },
] as const

function parseContact(fields: Fields): Result<BranchCommand> {
  const given = CONTACT_INPUTS.filter(({ name }) => lineIn(fields, name) !== '')
  const read = given.map((input) => ({ ...input, value: readContact(lineIn(fields, input.name), input) }))
  const problems = read.flatMap(({ value }) => problemsOf(value))
  if (problems.length > 0) return refused(...problems)
  if (read.length === 0) return refused(problem('phone', 'missing', 'Enter at least one value to change'))
  const contact = Object.fromEntries(read.map(({ key, value }) => [key, value.ok ? value.value : null]))
  return accepted({ kind: 'contact', contact })
}

function readContact(text: string, { name, label, parse }: (typeof CONTACT_INPUTS)[number]): Result<string> {
  const hasPlace = /\{(ods|postcode)\}/.test(text)
  const read = parse(text.replaceAll('{ods}', 'fa002').replaceAll('{postcode}', 'm11ae'))
  if (!read.ok) return refused(problem(name, 'invalid', `Enter a ${label.toLowerCase()} in the right format`))
  return accepted(hasPlace ? text : read.value)
}

/** Reads which branches are meant. */
export function parseChosen(fields: Fields): Result<Chosen> {
  switch (lineIn(fields, 'which')) {
    case 'all':
      return accepted({ which: 'all' })
    case 'matching':
      return parseMatching(lineIn(fields, 'text'))
    case 'codes':
      return parseCodes(lineIn(fields, 'codes'))
    default:
      return refused(problem('which', 'missing', 'Select which pharmacies'))
  }
}

function parseMatching(text: string): Result<Chosen> {
  if (text === '') return refused(problem('text', 'missing', 'Enter a name, or the beginning of a postcode'))
  if (text.length > LONGEST_SEARCH) {
    return refused(problem('text', 'too-long', `Search for ${LONGEST_SEARCH} characters or fewer`))
  }
  return accepted({ which: 'matching', text })
}

function parseCodes(text: string): Result<Chosen> {
  const words = text.split(/[\s,;]+/).filter(Boolean)
  if (words.length === 0) return refused(problem('codes', 'missing', 'Enter the ODS codes of the pharmacies'))
  if (words.length > MOST_CODES) return refused(problem('codes', 'too-many', `Enter up to ${MOST_CODES} ODS codes`))
  const wrong = words.filter((word) => !parsePharmacyCode(word))
  if (wrong.length > 0) {
    const named = wrong.slice(0, 3).map((word) => `“${word.slice(0, 20)}”`)
    return refused(
      problem('codes', 'invalid', `ODS codes are 5 letters and numbers. These are not: ${named.join(', ')}`),
    )
  }
  return accepted({ which: 'codes', odsCodes: [...new Set(words.map((word) => parsePharmacyCode(word) ?? ''))] })
}

const problemsOf = (read: Result<unknown>): readonly Problem[] => (read.ok ? [] : read.problems)
const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
