/** A value that somebody proposes for a field of a profile, as a small form: what it asks for, and what it means. No I/O. */
import { type Fields, isUnreadable, lineIn } from '#src/platform/http/form-fields.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import { isSameJson } from '#src/rules/field-conflicts.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { parseTypedHours } from '#src/rules/typed-hours.ts'
import { holidaysToAnswer } from './decide.ts'
import { NOT_OFFERED } from './decide-services.ts'
import { decideFieldValue } from './held-field-words.ts'
import { valueOfField } from './held-fields.ts'
import { CONTACT_FIELDS } from './pages/contact-details.form.ts'
import { DAYS } from './pages/opening-times.form.ts'
import type { HolidayAnswer, Profile } from './profile.ts'
import { askedFacilities, askedServices } from './remote-offers.ts'

/** One box or list of the form. */
export type ProposalInput = {
  readonly name: string
  readonly label: string
  readonly hint: string | null
  /** What it says before anything was typed. */
  readonly value: string
  /** For a list: what there is to choose. Null: a box. */
  readonly items: readonly { readonly value: string; readonly text: string }[] | null
}

type Context = { readonly today: LocalDate; readonly holidays: HolidayCalendar }

const HOURS_HINT = 'Like 9am to 1pm, 2pm to 6pm, or closed'
const NOTHING = { value: '', text: 'Choose one' }
const YES_OR_NO = [NOTHING, { value: 'yes', text: 'Yes' }, { value: 'no', text: 'No' }]

/** The form for a field, filled in with what the profile says. */
export function proposalInputs(profile: Profile, field: HeldField, context: Context): readonly ProposalInput[] {
  const box = (name: string, label: string, hint: string | null, value: string): ProposalInput => ({
    ...{ name, label, hint, value, items: null },
  })
  const list = (name: string, label: string, items: ProposalInput['items']): ProposalInput => ({
    ...{ name, label, hint: null, value: '', items },
  })
  switch (field) {
    case 'weekly':
      return DAYS.map(({ prefix, name }, day) => {
        const hours = profile.weekly[day] ?? null
        return box(prefix, name, day === 0 ? HOURS_HINT : null, hours === null ? '' : formatSessions(hours))
      })
    case 'holidays':
      return [
        list('item', 'Which day?', [
          NOTHING,
          ...holidaysToAnswer(context.today, context.holidays).map(({ date, title }) => ({
            value: date,
            text: `${title}, ${formatDate(date)}`,
          })),
        ]),
        box('value', 'What should it say?', 'Closed, usual hours, or times like 10am to 4pm', ''),
      ]
    case 'services':
      return [
        list('item', 'Which service?', [NOTHING, ...itemsOf(askedServices(profile).map((kind) => [kind.code, kind]))]),
        list('value', 'Does the pharmacy offer it?', YES_OR_NO),
      ]
    case 'facilities':
      return [
        list('item', 'Which one?', [NOTHING, ...itemsOf(askedFacilities(profile).map((kind) => [kind.id, kind]))]),
        list('value', 'Does the pharmacy have it?', YES_OR_NO),
      ]
    default: {
      const contact = CONTACT_FIELDS.find(({ key }) => key === field)
      const hint = field === 'phone' ? null : 'Leave it empty if there should be none'
      return [box('value', `What should the ${contact?.label.toLowerCase()} be?`, hint, profile.contact[field] ?? '')]
    }
  }
}

const itemsOf = (kinds: readonly (readonly [string, { readonly label: string }])[]) =>
  kinds.map(([value, { label }]) => ({ value, text: label }))

/** What the form means: the value of the whole field. Refused by the rules of the pharmacy's own forms, and when nothing changes. */
export function parseProposedValue(
  profile: Profile,
  field: HeldField,
  fields: Fields,
  context: Context,
): Result<unknown> {
  const read = readValue(profile, field, fields, context)
  if (!read.ok) return read
  const decided = decideFieldValue(profile, field, read.value, { ...context, savedOn: context.today })
  const first = proposalInputs(profile, field, context)[0]?.name ?? 'value'
  if (decided.refused.length > 0) {
    return refused(...decided.refused.map(({ code, message }) => ({ field: first, code, message })))
  }
  const value = valueOfField(decided.profile, field)
  if (isSameJson(value, valueOfField(profile, field))) {
    return refused(problem(first, 'unchanged', 'Enter something else than the profile says now'))
  }
  return accepted(value)
}

function readValue(profile: Profile, field: HeldField, fields: Fields, context: Context): Result<unknown> {
  switch (field) {
    case 'weekly':
      return readWeek(fields)
    case 'holidays':
      return readHoliday(profile, fields, context)
    case 'services':
    case 'facilities':
      return readOffer(profile, field, fields)
    default: {
      const contact = CONTACT_FIELDS.find(({ key }) => key === field)
      const text = lineIn(fields, 'value')
      if (!contact || text === '') return accepted(null)
      const value = contact.parse(text)
      return value.ok ? value : refused(problem('value', 'invalid', contact.wrong))
    }
  }
}

function readWeek(fields: Fields): Result<unknown> {
  const read = DAYS.map(({ prefix, name }) => ({ prefix, name, hours: hoursIn(lineIn(fields, prefix)) }))
  const wrong = read.filter(({ hours }) => hours === undefined)
  if (wrong.length === 0) return accepted(read.map(({ hours }) => hours))
  return refused(
    ...wrong.map(({ prefix, name }) =>
      problem(prefix, 'invalid', `Enter the hours of ${name}, like 9am to 5pm, or closed`),
    ),
  )
}

function readHoliday(profile: Profile, fields: Fields, { today, holidays }: Context): Result<unknown> {
  const day = holidaysToAnswer(today, holidays).find(({ date }) => date === lineIn(fields, 'item'))
  const answer = answerIn(lineIn(fields, 'value'))
  const problems = [
    ...(day ? [] : [problem('item', 'missing', 'Select which day')]),
    ...(answer ? [] : [problem('value', 'invalid', 'Enter closed, usual hours, or times like 10am to 4pm')]),
  ]
  if (!day || !answer) return refused(...problems)
  return accepted({ ...profile.holidays, [day.date]: answer })
}

/** Times that end on the next day are shown with those words; the time alone says so too. */
function hoursIn(text: string): readonly Session[] | undefined {
  const read = parseTypedHours(text.replaceAll(/ the next day/gi, ''))
  return read.ok ? read.value : undefined
}

function answerIn(text: string): HolidayAnswer | undefined {
  if (/^usual( hours)?$/i.test(text)) return { answer: 'usual' }
  const sessions = hoursIn(text)
  if (!sessions) return undefined
  return sessions.length === 0 ? { answer: 'closed' } : { answer: 'other', sessions }
}

function readOffer(profile: Profile, field: 'services' | 'facilities', fields: Fields): Result<unknown> {
  const kinds =
    field === 'services' ? askedServices(profile).map(({ code }) => code) : askedFacilities(profile).map(({ id }) => id)
  const item = kinds.find((id) => id === lineIn(fields, 'item'))
  const answer = lineIn(fields, 'value')
  const isAnswer = answer === 'yes' || answer === 'no'
  const problems = [
    ...(item === undefined ? [problem('item', 'missing', 'Select which one')] : []),
    ...(isAnswer ? [] : [problem('value', 'missing', 'Select yes or no')]),
  ]
  if (item === undefined || !isAnswer) return refused(...problems)
  const yes = answer === 'yes'
  if (field === 'facilities') {
    const stored = profile.facilities?.[item]
    return accepted({ ...profile.facilities, [item]: stored?.has === yes ? stored : { has: yes } })
  }
  const stored = profile.services?.[item]
  return accepted({
    ...profile.services,
    [item]: stored?.offered === yes ? stored : { ...NOT_OFFERED, offered: yes },
  })
}

/** Words that a lead or a pharmacy writes, with their limits told in the messages. */
export function parseWords(
  fields: Fields,
  name: string,
  { label, longest, missing }: { readonly label: string; readonly longest: number; readonly missing: string | null },
): Result<string> {
  const words = lineIn(fields, name)
  if (words === '') return missing === null ? accepted('') : refused(problem(name, 'missing', missing))
  if (isUnreadable(words)) return refused(problem(name, 'unreadable', `${label} has characters that we cannot read`))
  const length = [...words].length
  if (length <= longest) return accepted(words)
  return refused(
    problem(name, 'too-long', `${label} must be ${longest} characters or fewer. It has ${length} characters`),
  )
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
