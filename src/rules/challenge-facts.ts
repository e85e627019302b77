/**
 * By which facts a caller shows that they belong to a pharmacy: two of its record that its public page does not have. The
 * person who asks never sees an answer; the caller's words are compared here. Pure; never throws.
 */
import { phoneKey } from './contact-details.ts'

export const FACT_KINDS = ['professional-phone', 'professional-email', 'owner-name', 'member-name'] as const
export type FactKind = (typeof FACT_KINDS)[number]

/** What is asked, as it is read out. */
export const FACT_QUESTIONS: Readonly<Record<FactKind, { readonly label: string; readonly hint: string }>> = {
  'professional-phone': {
    label: 'The last 4 numbers of the phone line for professionals',
    hint: 'The line that other NHS staff ring, not the public one',
  },
  'professional-email': {
    label: 'The email address for professionals',
    hint: 'The whole address',
  },
  'owner-name': {
    label: 'The name of the contractor',
    hint: 'The company or person that holds the NHS contract',
  },
  'member-name': {
    label: 'The name of somebody who looks after the profile',
    hint: 'First and last name of any one of them',
  },
}

/**
 * Always asked: no list that anybody can read has it. Who holds a contract and who works there does stand in such lists,
 * and addresses of shared mailboxes follow a pattern, so that none of these is enough, nor are two of them.
 */
const ALWAYS_ASKED: FactKind = 'professional-phone'
/** How many wrong answers a call has. Three leave no room for guessing and some for mishearing. */
export const MOST_WRONG_IN_A_CALL = 3
/** And a pharmacy within a day, however many calls there are. */
export const MOST_WRONG_IN_A_DAY = 5

/** What the record holds that matters here. `members`: names of people with access to this one pharmacy. */
export type ChallengeRecord = {
  readonly name: string
  readonly ownerName: string | null
  readonly contact: {
    readonly phone?: string | null
    readonly email?: string | null
    readonly professionalPhone?: string | null
    readonly professionalEmail?: string | null
  }
  readonly members: readonly string[]
}

const LAST_DIGITS = 4

/** The right answers to each fact that may be asked. A fact that is public under another name is left out. */
export function challengeAnswers(record: ChallengeRecord): ReadonlyMap<FactKind, readonly string[]> {
  const { phone, email, professionalPhone, professionalEmail } = record.contact
  const facts: readonly (readonly [FactKind, readonly string[]])[] = [
    ['professional-phone', privatePhone(professionalPhone, phone)],
    ['professional-email', privateEmail(professionalEmail, email)],
    ['owner-name', privateName(record.ownerName, record.name)],
    ['member-name', record.members.map(nameKey).filter((key) => key.includes(' '))],
  ]
  return new Map(facts.filter(([, answers]) => answers.length > 0))
}

/**
 * Which two facts to ask: the phone line for professionals, and one of the others. `dice` gives a number from 0 up to, but
 * not at, another. Undefined: the record has no such line, or nothing beside it.
 */
export function chooseFacts(
  answers: ReadonlyMap<FactKind, unknown>,
  dice: (below: number) => number,
): readonly FactKind[] | undefined {
  const others = FACT_KINDS.filter((kind) => kind !== ALWAYS_ASKED && answers.has(kind))
  if (!answers.has(ALWAYS_ASKED) || others.length === 0) return undefined
  return [ALWAYS_ASKED, others[dice(others.length)] as FactKind]
}

/** Whether what a caller said is right. */
export function isRightAnswer(kind: FactKind, said: string, answers: readonly string[]): boolean {
  const key = keyOf(kind, said)
  return key !== '' && answers.includes(key)
}

function keyOf(kind: FactKind, said: string): string {
  if (kind === 'professional-phone') return said.replaceAll(/\D/g, '').slice(-LAST_DIGITS).padStart(LAST_DIGITS, '?')
  if (kind === 'professional-email') return said.replaceAll(/\s/g, '').toLowerCase()
  return nameKey(said)
}

function privatePhone(own: string | null | undefined, shown: string | null | undefined): readonly string[] {
  if (!own || (shown && phoneKey(shown) === phoneKey(own))) return []
  // Of an extension nobody knows whether it belongs to the number.
  const digits = phoneKey(own).split('x')[0]?.replaceAll(/\D/g, '') ?? ''
  const last = digits.slice(-LAST_DIGITS)
  const isShown = shown ? phoneKey(shown).split('x')[0]?.endsWith(last) : false
  return last.length === LAST_DIGITS && !isShown ? [last] : []
}

function privateEmail(own: string | null | undefined, shown: string | null | undefined): readonly string[] {
  const key = own?.trim().toLowerCase() ?? ''
  return key === '' || key === shown?.trim().toLowerCase() ? [] : [key]
}

function privateName(own: string | null, shown: string): readonly string[] {
  const key = nameKey(own ?? '')
  const publicKey = nameKey(shown)
  return key === '' || key === publicKey || publicKey.includes(key) ? [] : [key]
}

/** Letters and numbers of a name, without case, accents, titles and what follows the names of companies. */
function nameKey(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
  return words.filter((word) => word !== '' && !LEFT_OUT.has(word)).join(' ')
}

const LEFT_OUT = new Set(['ltd', 'limited', 'plc', 'llp', 'the', 'mr', 'mrs', 'ms', 'miss', 'dr'])
