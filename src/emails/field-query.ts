/** A question about a field of a pharmacy's profile, and what became of it: to its editors, and to whoever asked. Text: field-query.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'
import { quoted } from './quoted-words.ts'

export type FieldQueryEmail = {
  readonly kind: 'field-query'
  readonly queryId: number
  /** Rises with each message, so that each has an email of its own. */
  readonly turn: number
  readonly what: 'asked' | 'asked-again' | 'reminder' | 'answered' | 'overdue' | 'closed'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  readonly odsCode: string
  readonly pharmacyName: string
  readonly field: string
  /** What was asked, answered or said at the end. */
  readonly words: string
  /** `6 August 2026`. */
  readonly replyBy: string
  readonly ifNoReply: string
  /** How it was closed. */
  readonly outcome: string | null
}

const render = emailText<{
  name: string | null
  what: FieldQueryEmail['what']
  pharmacy: string
  field: string
  words: string
  replyBy: string
  ifNoReply: string
  outcome: string
  reference: string
  address: string
}>('emails/field-query.njk')

const SUBJECTS: Readonly<Record<FieldQueryEmail['what'], string>> = {
  asked: 'A question about',
  'asked-again': 'Another question about',
  reminder: 'Please answer the question about',
  answered: 'Answered: your question about',
  overdue: 'Not answered: your question about',
  closed: 'Closed: the question about',
}

/** Those that go to whoever asked. */
const FOR_LEADS: readonly FieldQueryEmail['what'][] = ['answered', 'overdue']

/** The reference that pages and emails give a query. */
export const queryReference = (id: number): string => `Q${String(id).padStart(5, '0')}`

const event = (id: number, what: FieldQueryEmail['what'], turn: number): string => `field-query ${id} ${what} ${turn}`

/** Writes the email; all emails of one query are one conversation. */
export function writeFieldQuery(facts: FieldQueryEmail, baseUrl: string): Email {
  const { queryId, what, turn, odsCode, pharmacyName, field } = facts
  const forLead = FOR_LEADS.includes(what)
  return {
    event: event(queryId, what, turn),
    recipient: facts.recipient,
    ...(forLead || what === 'asked' ? {} : { thread: [event(queryId, 'asked', 1)] }),
    subject: oneLine(`${SUBJECTS[what]} ${field.toLowerCase()}, ${pharmacyName}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      what,
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      field,
      words: quoted(facts.words),
      replyBy: facts.replyBy,
      ifNoReply: quoted(facts.ifNoReply),
      outcome: facts.outcome ?? '',
      reference: queryReference(queryId),
      address: forLead ? `${baseUrl}/workspace/queries/${queryId}` : `${baseUrl}/manage/${odsCode}/queries/${queryId}`,
    }),
  }
}
