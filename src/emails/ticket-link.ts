/**
 * What lets somebody without a sign-in at their ticket, and only at theirs: the key of its link, and the token in the
 * address that they reply to by email. Both are made from the number and a secret, so that no table and no queue holds them.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

/** The words that the key of a ticket's link is made from; `linkKeyOf` of the emails makes it. */
export const linkSubjectOf = (number: number): string => `ticket ${number}`

/** The path of a ticket for whoever asked. */
export const ticketPath = (number: number, key: string): string => `/help/tickets/${number}/${key}`

/** The token of a reply by email: no capitals, because mail systems do not always keep them. It gives nobody the link. */
export const replyTokenOf = (key: string): string =>
  createHash('sha256').update(`reply ${key}`).digest('hex').slice(0, 24)

/** `help+1001.TOKEN@nhs.example` of `help@nhs.example`. */
export function replyAddressOf(number: number, key: string, address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}+${number}.${replyTokenOf(key)}${address.slice(at)}`
}

/** Where a message may carry the token: an address it went to, or the line that our emails end with. */
const REPLY_TOKEN = /\b(\d{1,9})\.([0-9a-f]{24})\b/gi

/** Nobody quotes more emails of ours at once. */
const MOST_TOKENS = 50

/** The number of the ticket that a text names with its token; undefined when it names none. Never throws. */
export function ticketNamedIn(text: string, keyOf: (number: number) => string): number | undefined {
  let looked = 0
  for (const [, digits = '', token = ''] of text.matchAll(REPLY_TOKEN)) {
    if (++looked > MOST_TOKENS) return undefined

    const number = Number(digits)
    if (isSame(token.toLowerCase(), replyTokenOf(keyOf(number)))) return number
  }
  return undefined
}

/** Text without the links and tokens that would let its readers in as whoever asked. */
export const withoutKeys = (text: string): string =>
  text.replaceAll(/(\/help\/tickets\/\d{1,9})\/[\w-]+/g, '$1').replaceAll(REPLY_TOKEN, '$1')

/** Whether two texts are the same. Takes the same time for every wrong one. */
export function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
