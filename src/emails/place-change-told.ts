/** What became of a request for another name, address or map pin: to whoever asked, and the shared mailbox. Text: place-change-told.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type PlaceChangeTold = {
  readonly kind: 'place-change-told'
  readonly requestId: number
  readonly outcome: 'waiting' | 'approved' | 'refused' | 'withdrawn'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  readonly odsCode: string
  readonly pharmacyName: string
  /** `trading name`, `address` or `map pin`. */
  readonly what: string
  readonly was: string
  readonly asked: string
  /** Why it was refused, in the words of whoever decided. */
  readonly reason: string | null
}

const render = emailText<{
  name: string | null
  outcome: PlaceChangeTold['outcome']
  pharmacy: string
  what: string
  was: string
  asked: string
  reason: string
  reference: string
  address: string
  contactAddress: string
}>('emails/place-change-told.njk')

const SUBJECTS: Readonly<Record<PlaceChangeTold['outcome'], string>> = {
  waiting: 'We have your request',
  approved: 'Approved',
  refused: 'Not approved',
  withdrawn: 'Withdrawn',
}

/** The reference that the page and the email give a request. */
export const placeChangeReference = (requestId: number): string => `P${String(requestId).padStart(5, '0')}`

/** Writes the email. One outcome of a request, one email a recipient. */
export function writePlaceChangeTold(facts: PlaceChangeTold, baseUrl: string): Email {
  const { requestId, outcome, pharmacyName, odsCode, what } = facts
  return {
    event: `place-change ${requestId} ${outcome}`,
    recipient: facts.recipient,
    subject: oneLine(`${SUBJECTS[outcome]}: ${what} of ${pharmacyName}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      outcome,
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      what,
      was: oneLine(facts.was),
      asked: oneLine(facts.asked),
      reason: quote(facts.reason ?? ''),
      reference: placeChangeReference(requestId),
      address: `${baseUrl}/manage/${odsCode}/address-and-name`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

/** Marks every line, so that what somebody wrote cannot pass for what we say. */
const quote = (text: string): string =>
  text
    .trim()
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => `> ${line}`)
    .join('\n')
