/** "We have your request": to whoever said that a pharmacy, or a DoS service of theirs, is missing. Text: request-received.njk */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type RequestReceived = {
  readonly kind: 'request-received'
  readonly requestId: number
  /** Who asked: where the email goes, and how it greets them. */
  readonly recipient: string
  readonly name: string
  /** What is missing: a DoS service of the pharmacy, unless this says that it is the pharmacy itself. */
  readonly missing?: 'pharmacy'
  readonly pharmacyName: string
  /** Empty when nobody knew it. */
  readonly odsCode: string
  /** In the words of whoever asked. */
  readonly message: string
  /** UTC ISO text. */
  readonly requestedAt: string
}

const render = emailText<{
  name: string
  receivedOn: string
  missingPharmacy: boolean
  pharmacyName: string
  odsCode: string
  reference: string
  quoted: string
  profileAddress: string
  contactAddress: string
}>('emails/request-received.njk')

/** The reference that the page and the email give a request. */
export const requestReference = (requestId: number): string => `R${String(requestId).padStart(5, '0')}`

/** Writes the email. One request, one email. */
export function writeRequestReceived(facts: RequestReceived, baseUrl: string): Email {
  const { day, minute } = toLondon(new Date(facts.requestedAt))
  const reference = requestReference(facts.requestId)
  return {
    event: `request-received ${facts.requestId}`,
    recipient: facts.recipient,
    subject: oneLine(
      facts.missing === 'pharmacy'
        ? `Your request ${reference}: ${facts.pharmacyName} is missing`
        : `Your request ${reference}: a service of ${facts.pharmacyName} is missing`,
    ),
    text: render({
      name: oneLine(facts.name),
      receivedOn: `${formatDate(dateOf(day))} at ${formatTime(minute)}`,
      missingPharmacy: facts.missing === 'pharmacy',
      pharmacyName: oneLine(facts.pharmacyName),
      odsCode: facts.odsCode,
      reference,
      quoted: quote(facts.message),
      profileAddress: `${baseUrl}/manage/${facts.odsCode}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

/** Marks every line, so that what somebody wrote cannot pass for what we say. */
const quote = (message: string): string =>
  message
    .trim()
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => `> ${line}`)
    .join('\n')
