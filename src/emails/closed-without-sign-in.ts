/**
 * A pharmacy was closed, reopened, or given another time of reopening by somebody with a code: to its owners and its
 * shared mailbox. Text: closed-without-sign-in.njk
 */
import { momentWords, type NamedPharmacy, pharmacyWords, quotedLine } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ClosedWithoutSignIn = {
  readonly kind: 'closed-without-sign-in'
  /** What caused the email, unique for ever. */
  readonly cause: string
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  readonly what: 'closed' | 'changed' | 'reopened'
  /** UTC ISO text: when it was done. */
  readonly at: string
  /** Where the code went. */
  readonly channel: 'mailbox' | 'phone'
  /** UTC ISO text; null: nobody knows. Of no meaning when it was reopened. */
  readonly expectedAt: string | null
  readonly reason: string
  /** Who said that they filled in the form; null when they did not say. */
  readonly filledInBy: string | null
}

const DONE: Readonly<Record<ClosedWithoutSignIn['what'], string>> = {
  closed: 'was closed',
  changed: 'has another time of reopening',
  reopened: 'was opened again',
}
const CHANNELS: Readonly<Record<ClosedWithoutSignIn['channel'], string>> = {
  mailbox: 'a code that we sent to the pharmacy’s shared mailbox',
  phone: 'a code that we sent to a phone number of the pharmacy',
}

const render = emailText<{
  pharmacy: string
  done: string
  at: string
  channel: string
  expected: string
  reason: string
  isOver: boolean
  filledInBy: string
  lookAddress: string
  contactDetailsAddress: string
  contactAddress: string
}>('emails/closed-without-sign-in.njk')

/** Writes the email. */
export function writeClosedWithoutSignIn(facts: ClosedWithoutSignIn, baseUrl: string): Email {
  const { what, cause, recipient, expectedAt } = facts
  const pharmacy = pharmacyWords(facts.pharmacy)
  const isOver = what === 'reopened'
  return {
    event: `closed-without-sign-in ${what} ${cause}`,
    recipient,
    subject: oneLine(`${pharmacy} ${DONE[what]}, without signing in`),
    text: render({
      pharmacy,
      done: DONE[what],
      at: momentWords(facts.at),
      channel: CHANNELS[facts.channel],
      expected: isOver ? '' : expectedAt === null ? 'not known' : momentWords(expectedAt),
      reason: facts.reason,
      isOver,
      filledInBy: facts.filledInBy === null ? '' : quotedLine(facts.filledInBy),
      lookAddress: `${baseUrl}/manage/${facts.pharmacy.odsCode}`,
      contactDetailsAddress: `${baseUrl}/manage/${facts.pharmacy.odsCode}/contact-details`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
