/** What an email says, as far as the desk needs it: its own words without what it quotes, and whether a person wrote it. */
import PostalMime, { type Address, type Email } from 'postal-mime'
import { htmlWords } from './html-words.ts'
import { LONGEST_MESSAGE, tidyMessage } from './typed-words.ts'

export type ReadMail = {
  readonly messageId: string | null
  /** Whose it says it is; null when it names nobody. */
  readonly from: { readonly name: string; readonly address: string } | null
  readonly subject: string
  /** Everything that may name a ticket: where it went, its subject and its text with what it quotes. */
  readonly mayName: string
  /** Its own words, cut to what a message may have. */
  readonly words: string
  readonly attachments: number
  /** A machine wrote it: an out-of-office note, a list, a failed delivery. */
  readonly isAutomatic: boolean
}

/** Longer texts are no letters: what is beyond is not looked at. */
const MOST_READ = 200_000
/** Words come before attachments, which are not kept; the parser is slow with many lines. */
const MOST_LINES = 8_000
const MOST_BYTES = 1_000_000
const LINE_FEED = 10
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 200_000 }

/** Reads a message as mail systems hand it over (RFC 5322). Undefined when it cannot be read. */
export async function readMail(raw: Uint8Array): Promise<ReadMail | undefined> {
  let mail: Email
  try {
    mail = await PostalMime.parse(beginningOf(raw), LIMITS)
  } catch {
    return undefined
  }
  const text = (mail.text?.trim() ? mail.text : htmlWords(mail.html ?? '')).slice(0, MOST_READ)
  const from = mail.from?.address ? { name: mail.from.name, address: mail.from.address } : null
  const headers = new Map(mail.headers.map(({ key, value }) => [key, value]))
  const sentTo = [mail.to, mail.cc].flatMap((list) => (list ?? []).flatMap(addressesOf))
  const envelope = ['delivered-to', 'x-original-to', 'envelope-to'].map((name) => headers.get(name) ?? '')
  return {
    messageId: mail.messageId?.trim() || null,
    from,
    subject: tidyMessage(mail.subject ?? '').replaceAll('\n', ' '),
    mayName: [...sentTo, ...envelope, mail.subject ?? '', text].join('\n'),
    words: cut(ownWords(tidyMessage(text))),
    attachments: mail.attachments.length,
    isAutomatic: isAutomatic(headers, from?.address ?? ''),
  }
}

/** As much of a message as has its words. */
function beginningOf(raw: Uint8Array): Uint8Array {
  let end = 0
  for (let lines = 0; lines < MOST_LINES && end >= 0 && end < MOST_BYTES; lines += 1) {
    end = raw.indexOf(LINE_FEED, end) + 1 || -1
  }
  return raw.subarray(0, end < 0 ? MOST_BYTES : Math.min(end, MOST_BYTES))
}

const addressesOf = (address: Address): readonly string[] =>
  address.group ? address.group.map((each) => each.address) : [address.address]

/**
 * Whether a machine sent it: answering it would go round in circles. Source: RFC 3834 for `Auto-Submitted`, RFC 2919 for
 * lists; the others are what mail systems do.
 */
function isAutomatic(headers: ReadonlyMap<string, string>, from: string): boolean {
  const submitted = headers.get('auto-submitted')?.trim().toLowerCase() ?? 'no'
  const precedence = headers.get('precedence')?.trim().toLowerCase() ?? ''
  const marks = [
    'list-id',
    'list-unsubscribe',
    'x-auto-response-suppress',
    'x-autoreply',
    'x-autorespond',
    'feedback-id',
  ]
  return (
    !submitted.startsWith('no') ||
    ['bulk', 'junk', 'list', 'auto_reply'].includes(precedence) ||
    marks.some((name) => headers.has(name)) ||
    headers.get('return-path')?.trim() === '<>' ||
    /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-].*)?@/i.test(from)
  )
}

/** Where mail programs begin to quote what they answer. */
const QUOTES: readonly RegExp[] = [
  /^On .{5,200}(\n.{0,200})?\bwrote:\s*$/m,
  /^-{2,}\s*(Original Message|Forwarded message)\s*-{2,}\s*$/im,
  /^_{20,}\s*$/m,
  /^From: .+\n(Sent|Date): .+$/m,
]

/** What is above the first quotation, without quoted lines; all of it when nothing else is left. */
export function ownWords(text: string): string {
  const ends = QUOTES.flatMap((pattern) => {
    const at = text.search(pattern)
    return at < 0 ? [] : [at]
  })
  const own = text
    .slice(0, Math.min(text.length, ...ends))
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim()
  return own === '' ? text : own
}

function cut(text: string): string {
  const characters = [...text]
  if (characters.length <= LONGEST_MESSAGE) return text
  return `${characters.slice(0, LONGEST_MESSAGE).join('')}\n[The email was longer. The rest was not kept.]`
}
