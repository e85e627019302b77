/** What a contact may say: fields of the page, or cells of a file -> contact | problems. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { parseEmail, parsePhone } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** A local team answers for an ICB, a regional one for a region of NHS England. */
export const CONTACT_LEVELS = ['local', 'region'] as const
export type ContactLevel = (typeof CONTACT_LEVELS)[number]

/** Whom an area is reached by. */
export type ContactWords = {
  readonly level: ContactLevel
  /** The area, as people call it. */
  readonly name: string
  readonly mailbox: string
  readonly phone: string | null
  readonly nightPhone: string | null
  /** Who keeps it right. */
  readonly owner: string
}

const LONGEST_LINE = 100
const LONGEST_WORDS = 500

/** Reads a contact; a local one when the level is not given. */
export function parseContactForm(fields: Fields): Result<ContactWords> {
  const level = CONTACT_LEVELS.find((each) => each === (lineIn(fields, 'level') || 'local'))
  const name = proseIn(fields, 'name')
  const owner = proseIn(fields, 'owner')
  const mailbox = parseEmail(lineIn(fields, 'mailbox'))
  const phone = phoneIn(fields, 'phone', 'Phone in hours')
  const nightPhone = phoneIn(fields, 'night-phone', 'Phone out of hours')
  const problems = [
    ...(level ? [] : [problem('level', 'invalid', 'Select whether the team is local or regional')]),
    ...lineProblems('name', 'Name of the area', 'Enter the name of the area', name),
    ...(mailbox.ok
      ? []
      : [problem('mailbox', 'invalid', 'Enter the email address of a role mailbox, like dos.team@icb.nhs.uk')]),
    ...phone.problems,
    ...nightPhone.problems,
    ...lineProblems('owner', 'Who keeps this right', 'Enter who keeps this right', owner),
  ]
  if (problems.length > 0 || !mailbox.ok || !level) return refused(...problems)
  const numbers = { phone: phone.value, nightPhone: nightPhone.value }
  return accepted({ level, name, mailbox: mailbox.value.toLowerCase(), ...numbers, owner })
}

/** A contact as the form shows it. */
export const contactFields = (contact: ContactWords): Fields => ({
  level: contact.level,
  name: contact.name,
  mailbox: contact.mailbox,
  phone: contact.phone ?? '',
  'night-phone': contact.nightPhone ?? '',
  owner: contact.owner,
})

/** Reads what somebody says of a contact, or answers to it: 1 to 500 characters. */
export function parseWordsForm(fields: Fields, field: string, missing: string): Result<string> {
  const words = proseIn(fields, field)
  if (words === '') return refused(problem(field, 'missing', missing))
  if (isUnreadable(words)) return refused(problem(field, 'invalid', 'Use letters, numbers and punctuation only'))
  if ([...words].length > LONGEST_WORDS) {
    return refused(problem(field, 'too-long', `What you enter must be ${LONGEST_WORDS} characters or fewer`))
  }
  return accepted(words)
}

function phoneIn(fields: Fields, field: string, label: string) {
  const text = lineIn(fields, field)
  if (text === '') return { value: null, problems: [] }
  const phone = parsePhone(text)
  if (phone.ok) return { value: phone.value, problems: [] }
  return {
    value: null,
    problems: [problem(field, 'invalid', `${label} must be a UK phone number, like 01632 960 001`)],
  }
}

function lineProblems(field: string, label: string, missing: string, text: string): readonly Problem[] {
  if (text === '') return [problem(field, 'missing', missing)]
  if (isUnreadable(text)) return [problem(field, 'invalid', `${label} must use letters, numbers and punctuation only`)]
  if ([...text].length <= LONGEST_LINE) return []
  return [problem(field, 'too-long', `${label} must be ${LONGEST_LINE} characters or fewer`)]
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
