/** "Are you open again?": to whoever said that a pharmacy is closed. Opening the link changes nothing. Text: reopen-prompt.njk */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

/** A closure as its emails tell it. Instants are UTC ISO text. */
export type ClosureAsked = {
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  readonly odsCode: string
  readonly pharmacy: string
  readonly postcode: string
  readonly closureId: string
  /** How many services are closed; null: the whole pharmacy. */
  readonly services: number | null
  readonly startsAt: string
  readonly expectedAt: string | null
  readonly askedAt: string
}

export type ReopenPrompt = ClosureAsked & {
  readonly kind: 'reopen-prompt'
  /** `ask`: nobody knows when it reopens. `remind`: it is about to. */
  readonly what: 'ask' | 'remind'
}

const render = emailText<ClosureLines & { readonly isReminder: boolean; readonly isSome: boolean }>(
  'emails/reopen-prompt.njk',
)

const TWO_HOURS_MS = 7_200_000

/** Writes the email. One question, one email; it is not sent when the next question is due, or the time has come. */
export function writeReopenPrompt(facts: ReopenPrompt, baseUrl: string): Email {
  const isReminder = facts.what === 'remind'
  const isSome = facts.services !== null
  const lines = closureLines(facts, baseUrl)
  const nextQuestion = new Date(Date.parse(facts.askedAt) + TWO_HOURS_MS).toISOString()
  return {
    event: `reopen-prompt ${facts.closureId} ${facts.what} ${facts.askedAt}`,
    recipient: facts.recipient,
    subject: oneLine(isReminder ? `${facts.pharmacy}: the closure ends at ${lines.expected}` : questionOf(facts)),
    text: render({ ...lines, isReminder, isSome }),
    uselessAfter: (isReminder && facts.expectedAt) || nextQuestion,
  }
}

const questionOf = ({ pharmacy, services }: ClosureAsked): string =>
  services === null ? `Is ${pharmacy} open again?` : `Does ${pharmacy} give all its services again?`

/** What the emails about a closure have in common. */
export type ClosureLines = {
  readonly name: string | null
  readonly pharmacyLine: string
  /** `Closed since 10:34am on Friday 11 December 2026`. */
  readonly closed: string
  /** `5pm on Friday 11 December 2026`; null: nobody knows. */
  readonly expected: string | null
  readonly address: string
  /** Where to go on with a code of the pharmacy. */
  readonly codeAddress: string
  readonly contactAddress: string
}

/** The lines of an email about a closure. */
export function closureLines(facts: ClosureAsked, baseUrl: string): ClosureLines {
  const { services } = facts
  const what = services === null ? 'Closed' : services === 1 ? '1 service closed' : `${services} services closed`
  return {
    name: facts.name === null ? null : oneLine(facts.name),
    pharmacyLine: oneLine(`${facts.pharmacy}, ${facts.postcode} (${facts.odsCode})`),
    closed: `${what} since ${momentOf(facts.startsAt)}`,
    expected: facts.expectedAt === null ? null : momentOf(facts.expectedAt),
    address: `${baseUrl}/manage/${facts.odsCode}/closures/${facts.closureId}`,
    codeAddress: `${baseUrl}/close-without-sign-in/${facts.odsCode}`,
    contactAddress: `${baseUrl}/contact`,
  }
}

function momentOf(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatTime(minute)} on ${formatDate(dateOf(day))}`
}
