/** "Tickets wait for the service desk": to its mailbox and to whoever a ticket is given to. Text: tickets-wait.njk */
import type { Email } from './email.ts'
import { emailText } from './plain-text-email.ts'

/** What an email says of a ticket: nothing that whoever asked has written, nor who they are. */
export type WaitingTicket = {
  readonly number: number
  /** In words, as the form names it. */
  readonly category: string
  readonly severity: string
  /** `new`: it has come. `more`: whoever asked has written again. `given`: somebody has given it to the reader. */
  readonly why: 'new' | 'more' | 'given'
  /** By when the desk answers, in words; empty when no answer is due. */
  readonly due: string
}

export type TicketsWait = {
  readonly kind: 'tickets-wait'
  readonly recipient: string
  /** What happened: one email each for everybody. */
  readonly occasion: string
  readonly tickets: readonly WaitingTicket[]
  /** How many more there are than those. */
  readonly more: number
}

type View = {
  readonly lines: readonly { readonly words: string; readonly address: string }[]
  readonly more: number
  readonly queue: string
}

const render = emailText<View>('emails/tickets-wait.njk')
const WHY: Readonly<Record<WaitingTicket['why'], string>> = {
  new: 'new',
  more: 'more was written',
  given: 'given to you',
}

/** Writes the email. */
export function writeTicketsWait({ recipient, occasion, tickets, more }: TicketsWait, baseUrl: string): Email {
  const queue = `${baseUrl}/workspace/tickets`
  const lines = tickets.map(({ number, category, severity, why, due }) => ({
    words: `Ticket ${number} (${WHY[why]}, ${severity.toLowerCase()}): ${category}.${due ? ` Answer by ${due}.` : ''}`,
    address: `${queue}/${number}`,
  }))
  const [first] = tickets
  const many = tickets.length + more
  const subject =
    first && many === 1 ? `Ticket ${first.number}: ${WHY[first.why]}` : `${many} tickets for the service desk`
  return { event: `tickets-wait ${occasion}`, recipient, subject, text: render({ lines, more, queue }) }
}
