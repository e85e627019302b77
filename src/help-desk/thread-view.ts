/** A thread as its readers see it. */
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { REQUESTER } from './desk-deps.ts'
import type { MessageKind, TicketMessage } from './ticket-records.ts'

export type ThreadLine = {
  readonly who: string
  readonly when: string
  /** What it did to the ticket, such as `closed the ticket`. */
  readonly did: string
  readonly words: string
  /** For the desk only. */
  readonly isNote: boolean
}

const DID: Readonly<Record<MessageKind, string>> = {
  question: 'wrote',
  reply: 'answered',
  note: 'noted',
  closed: 'closed the ticket',
  reopened: 'opened the ticket again',
  ended: 'closed the ticket',
}

/** The thread for whoever asked: people of the desk have no names there. */
export const threadForRequester = (
  messages: readonly TicketMessage[],
  requester: string | null,
): readonly ThreadLine[] =>
  messages.map((message) => lineOf(message, isRequester(message, requester) ? 'You' : 'The service desk'))

/** The thread for the desk, with names. */
export function threadForDesk(
  messages: readonly TicketMessage[],
  { requester, requesterName }: { readonly requester: string | null; readonly requesterName: string | null },
  nameOf: (actor: string) => string,
): readonly ThreadLine[] {
  const who = (message: TicketMessage): string => {
    if (isRequester(message, requester)) return requesterName ?? 'Whoever asked'
    return message.author.startsWith('person:') ? nameOf(message.author) : 'An automatic reply by email'
  }
  return messages.map((message) => lineOf(message, who(message)))
}

const isRequester = ({ author, kind }: TicketMessage, requester: string | null): boolean =>
  author === REQUESTER || (author === requester && (kind === 'question' || kind === 'ended' || kind === 'reopened'))

function lineOf({ kind, writtenAt, words, isEmail }: TicketMessage, who: string): ThreadLine {
  const did = isEmail && kind === 'question' ? 'wrote by email' : DID[kind]
  return { who, when: formatMomentIn(writtenAt), did, words, isNote: kind === 'note' }
}
