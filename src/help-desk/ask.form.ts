/** What the form of a ticket, and the desk's forms, may say: fields -> command | problems. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { parseEmail } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import {
  TICKET_CATEGORIES,
  TICKET_SEVERITIES,
  type TicketCategory,
  type TicketSeverity,
} from '#src/rules/ticket-targets.ts'
import { parseMessage } from './typed-words.ts'

const LONGEST_LINE = 100
const LONGEST_ABOUT = 60
const LONGEST_EVIDENCE = 300

export type AskForm = {
  readonly category: TicketCategory
  readonly about: string
  readonly words: string
  readonly name: string
  readonly email: string
}

/** Who asks, when they are signed in: the form does not ask them again. */
export type KnownAsker = { readonly name: string; readonly email: string }

/** Reads the form of a ticket; `fields.message` keeps its line breaks. */
export function parseAskForm(fields: Fields, known: KnownAsker | null): Result<AskForm> {
  const category = TICKET_CATEGORIES.find((each) => each === lineIn(fields, 'category'))
  const about = lineIn(fields, 'about')
  const words = parseMessage(fields['message'] ?? '', 'message', 'Enter what you need')
  const name = known?.name ?? proseIn(fields, 'name')
  const email = known ? accepted(known.email) : parseEmail(lineIn(fields, 'email'))
  const problems = [
    ...(category ? [] : [problem('category', 'missing', 'Select what it is about')]),
    ...aboutProblems(about),
    ...(words.ok ? [] : words.problems),
    ...(known ? [] : nameProblems(name)),
    ...(email.ok ? [] : email.problems),
  ]
  if (problems.length > 0 || !category || !words.ok || !email.ok) return refused(...problems)
  return accepted({ category, about, words: words.value, name, email: email.value })
}

function aboutProblems(about: string): readonly Problem[] {
  if (isUnreadable(about)) return [problem('about', 'invalid', 'Use letters and numbers only')]
  if (about.length <= LONGEST_ABOUT) return []
  return [problem('about', 'too-long', `Code must be ${LONGEST_ABOUT} characters or fewer`)]
}

function nameProblems(name: string): readonly Problem[] {
  if (name === '') return [problem('name', 'missing', 'Enter your name')]
  if (isUnreadable(name)) return [problem('name', 'invalid', 'Use letters, numbers and punctuation only')]
  if ([...name].length <= LONGEST_LINE) return []
  return [problem('name', 'too-long', `Name must be ${LONGEST_LINE} characters or fewer`)]
}

/** Reads the address of what shows that it is done: a page of ours or of somebody else's; null for none. */
export function parseEvidence(text: string): Result<string | null> {
  if (text === '') return accepted(null)
  const isPath = /^\/[\w/.?&=%#+:~-]*$/.test(text) && !text.startsWith('//')
  const isAddress = /^https?:\/\//.test(text) && URL.canParse(text) && !/["'<>\s]/.test(text)
  if (text.length > LONGEST_EVIDENCE || !(isPath || isAddress)) {
    const message = `Enter a web address of ${LONGEST_EVIDENCE} characters or fewer, like https://www.nhs.uk/ or /pharmacies/FA123`
    return refused(problem('evidence', 'invalid', message))
  }
  return accepted(text)
}

export type FactsForm = {
  readonly category: TicketCategory
  readonly severity: TicketSeverity
  /** The code of the pharmacy or service as typed; empty for none. */
  readonly link: string
  /** An email address of somebody on the desk; empty for nobody. */
  readonly assigned: string
}

/** Reads what the desk settles about a ticket. */
export function parseFactsForm(fields: Fields): Result<FactsForm> {
  const category = TICKET_CATEGORIES.find((each) => each === lineIn(fields, 'category'))
  const severity = TICKET_SEVERITIES.find((each) => each === lineIn(fields, 'severity'))
  const link = lineIn(fields, 'link')
  const problems = [
    ...(category ? [] : [problem('category', 'missing', 'Select what it is about')]),
    ...(severity ? [] : [problem('severity', 'missing', 'Select how urgent it is')]),
    ...(/^[\w ]{0,40}$/.test(link) ? [] : [problem('link', 'invalid', 'Enter an ODS code or the UID of a service')]),
  ]
  if (problems.length > 0 || !category || !severity) return refused(...problems)
  return accepted({ category, severity, link, assigned: lineIn(fields, 'assigned').toLowerCase() })
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
