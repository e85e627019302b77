/** The contact details form: body to command, or field problems. No I/O. */
import { type ContactAnswers, NO_WEBSITE } from '#src/profiles/decide.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { Profile, ProfileKind } from '#src/profiles/profile.ts'
import { parseEmail, parsePhone, parseWebsite, phoneKey } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, lineIn, tickIn } from './fields.ts'

type ContactField = {
  readonly key: keyof ContactAnswers
  readonly name: string
  readonly label: string
  readonly visibility: 'Public' | 'Professionals only'
  readonly parse: (text: string) => Result<string>
  readonly wrong: string
}

/** The fields in the order of the page, each with who may see it. */
export const CONTACT_FIELDS: readonly ContactField[] = [
  {
    key: 'phone',
    name: 'phone',
    label: 'Public phone number',
    visibility: 'Public',
    parse: parsePhone,
    wrong: 'Enter a public phone number in the right format, like 0161 496 0000',
  },
  {
    key: 'website',
    name: 'website',
    label: 'Website',
    visibility: 'Public',
    parse: parseWebsite,
    wrong: 'Enter a website in the right format, like www.example.com',
  },
  {
    key: 'email',
    name: 'email',
    label: 'Public email address',
    visibility: 'Public',
    parse: parseEmail,
    wrong: 'Enter a public email address in the right format, like name@example.com',
  },
  {
    key: 'professionalPhone',
    name: 'professional-phone',
    label: 'Professional phone number',
    visibility: 'Professionals only',
    parse: parsePhone,
    wrong: 'Enter a professional phone number in the right format, like 0161 496 0000',
  },
  {
    key: 'professionalEmail',
    name: 'professional-email',
    label: 'Professional email address',
    visibility: 'Professionals only',
    parse: parseEmail,
    wrong: 'Enter a professional email address in the right format, like name@nhs.net',
  },
]

/** What deserves its own words, by the code of the rule that refused it. */
const MESSAGES: Readonly<Record<string, (label: string) => string>> = {
  'too-long': (label) => `${label} is too long`,
  email: () => 'Enter a website, not an email address',
  port: () => 'Website must not contain a port number, such as :8080',
  encoding: () => 'Website must not contain spaces or special characters',
}

/** The contact details a profile has, as the form shows them. */
export const contactFields = (contact: Profile['contact']): Fields =>
  Object.fromEntries(CONTACT_FIELDS.map(({ key, name }) => [name, contact[key] ?? '']))

/**
 * Reads the form. Every field is judged, so that one sending shows every problem; the public phone is required, and the website where
 * people can only order there.
 * What still says the same as `shown`, which the form was opened with, stays as it is to the letter: nobody changes a
 * number by leaving it alone, and a value that came from a list is not held against whoever changes another.
 */
export function parseContactForm(fields: Fields, shown: Profile['contact'], kind: ProfileKind): Result<ContactAnswers> {
  const read = CONTACT_FIELDS.map((field) => ({
    field,
    value: readField(fields, field, shown[field.key] ?? null, kind),
  }))
  const problems = read.flatMap(({ value }) => (value.ok ? [] : value.problems))
  const answers = Object.fromEntries(read.map(({ field, value }) => [field.key, value.ok ? value.value : null]))
  if (problems.length > 0) return refused(...problems)
  return sameNumberUnconfirmed(fields, answers as ContactAnswers) ?? accepted(answers as ContactAnswers)
}

function readField(
  fields: Fields,
  field: ContactField,
  shown: string | null,
  kind: ProfileKind,
): Result<string | null> {
  const { name, label, parse, wrong } = field
  const text = lineIn(fields, name)
  if (shown !== null && text !== '' && isSame(field, text, shown)) return accepted(shown)
  if (text === '' && name === 'phone') return refused(problem(name, 'missing', `Enter a ${label.toLowerCase()}`))
  if (text === '' && name === 'website' && isRemoteOnly(kind)) return refused(problem(name, 'missing', NO_WEBSITE))
  if (text === '') return accepted(null)
  const value = parse(text)
  if (value.ok) return value
  const [found] = value.problems
  return refused(problem(name, found?.code ?? 'invalid', (found && MESSAGES[found.code]?.(label)) ?? wrong))
}

const isSame = ({ parse }: ContactField, text: string, shown: string): boolean =>
  text === shown.normalize('NFKC').trim() || (parse === parsePhone && phoneKey(text) === phoneKey(shown))

/** A professional number that is the public one is nearly always a slip: a bypass number was meant. */
function sameNumberUnconfirmed(fields: Fields, answers: ContactAnswers): Result<never> | undefined {
  const { phone, professionalPhone } = answers
  if (phone === null || professionalPhone === null || phoneKey(phone) !== phoneKey(professionalPhone)) return undefined
  if (tickIn(fields, 'confirm-same-phone')) return undefined
  return refused(
    problem(
      'confirm-same-phone',
      'confirm',
      'The professional phone number is the same as the public one. Change it, leave it empty, or tick to say that it is right',
    ),
  )
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
