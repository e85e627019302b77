/** To whoever asked the service desk: we have it, an answer, it is closed, it is open again. Text: ticket-told.njk */
import type { Email, EmailSecrets } from './email.ts'
import { emailText } from './plain-text-email.ts'
import { linkSubjectOf, replyAddressOf, replyTokenOf, ticketPath } from './ticket-link.ts'

/** What was said of the ticket, by whom it is said to whom. */
export type TicketTold = {
  readonly kind: 'ticket-told'
  readonly recipient: string
  readonly number: number
  /** Of the message in the thread: one email each. */
  readonly messageId: number
  /** Of the first message in the thread, whose email the others follow. */
  readonly firstId: number
  readonly what: 'received' | 'replied' | 'closed' | 'reopened'
  /** What the desk wrote; empty for what it did not. Words of whoever asked are never sent: the address may not be theirs. */
  readonly words: string
  /** The address of what shows that it is done. */
  readonly evidence: string | null
  /** By when the desk answers, in words; empty when no answer is due. */
  readonly due: string
  /** The mailbox whose replies arrive in the ticket; null: replies are read by nobody. */
  readonly ticketAddress: string | null
}

type View = Pick<TicketTold, 'what' | 'number' | 'due'> & {
  readonly address: string
  readonly quoted: string
  readonly evidence: string
  readonly replyToken: string
}

const render = emailText<View>('emails/ticket-told.njk')
const SUBJECTS: Readonly<Record<TicketTold['what'], string>> = {
  received: 'We have your message',
  replied: 'An answer to your message',
  closed: 'We have closed your ticket',
  reopened: 'Your ticket is open again',
}

/** What begins the event of every email about a ticket, so that they can be forgotten with it. */
export const ticketEvents = (number: number): string => `ticket-told ${number} `

/** Writes the email. The link lets its reader in, so it stands nowhere else. */
export function writeTicketTold(facts: TicketTold, baseUrl: string, secrets: EmailSecrets): Email {
  const { number, messageId, firstId, what, words, evidence, due, ticketAddress, recipient } = facts
  const key = secrets.linkKeyOf(linkSubjectOf(number))
  const replyToken = replyTokenOf(key)
  const address = `${baseUrl}${ticketPath(number, key)}`
  const quoted = words
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  return {
    event: `${ticketEvents(number)}${messageId}`,
    recipient,
    subject: `${SUBJECTS[what]} (ticket ${number})`,
    text: render({
      ...{ what, number, due, address, quoted },
      evidence: evidence ?? '',
      replyToken: ticketAddress ? replyToken : '',
    }),
    secretWords: [key, replyToken].filter((word) => word !== ''),
    inTurn: `ticket ${number}`,
    ...(messageId !== firstId && { thread: [`${ticketEvents(number)}${firstId}`] }),
    ...(ticketAddress && { replyTo: replyAddressOf(number, key, ticketAddress) }),
  }
}
