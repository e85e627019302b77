/** Sends each email once: what was sent to whom is kept, and a repeat of the same event sends nothing. */
import { createHash } from 'node:crypto'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { type Mailer, noMailer } from '#src/platform/mail/mail.ts'
import { htmlOf } from './plain-text-email.ts'

/** `event` names what happened; together with the recipient it is unique for ever. */
export type Email = {
  readonly event: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  /** Where a reply goes; by default to whoever it is from. */
  readonly replyTo?: string
  /** Words of the text that only its reader may have, such as a code: they are blotted out in what is kept of it. */
  readonly secretWords?: readonly string[]
  /** Events of the emails to this recipient that this one follows, the first one first: they become one conversation. */
  readonly thread?: readonly string[]
  /** Emails to one recipient with the same words here are sent in the order in which they were queued. */
  readonly inTurn?: string
  /** What is kept in the place of the recipient, whose address must be forgotten. */
  readonly keptAs?: string
  /** UTC ISO text: from this instant on it is not worth sending. */
  readonly uselessAfter?: string
}

/** What stands in an email and nowhere else, made when it is written from an id that is no secret. */
export type EmailSecrets = {
  /** The six digits of a one-time code. */
  codeOf(codeId: string): string
  /** What makes the link of an email one that cannot be guessed. */
  linkKeyOf(codeId: string): string
}

export type EmailDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly mailer: Mailer
  readonly baseUrl: string
  /** Needed for emails with a code. */
  readonly secrets?: EmailSecrets
}

/**
 * Sends an email unless it was sent before or its time is over; says which. A process that dies between sending and noting sends it again,
 * with the same message id, so that a mail system can drop the repeat. Throws what the mailer throws.
 */
export async function sendOnce(
  email: Email,
  { db, clock, mailer, baseUrl }: EmailDeps,
): Promise<'sent' | 'sent before' | 'too late'> {
  const { event, recipient, subject, text, replyTo, keptAs = recipient } = email
  const before = await db.pool
    .selectFrom('email_sent')
    .select('sent_at')
    .where('event', '=', event)
    .where('recipient', '=', keptAs)
    .executeTakeFirst()
  if (before) return 'sent before'
  if (email.uselessAfter && clock.now().toISOString() >= email.uselessAfter) return 'too late'
  const messageId = messageIdOf(event, recipient, baseUrl)
  const references = email.thread?.map((earlier) => messageIdOf(earlier, recipient, baseUrl)) ?? []
  await mailer.send({
    to: recipient,
    subject,
    text,
    html: htmlOf(text),
    messageId,
    references,
    ...(replyTo && { replyTo }),
  })
  await db.pool
    .insertInto('email_sent')
    .values({ event, recipient: keptAs, sent_at: clock.now().toISOString(), subject, body: keptText(email, mailer) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return 'sent'
}

/** What names the email about an event to a recipient, for ever. */
export const messageIdOf = (event: string, recipient: string, baseUrl: string): string =>
  `<${createHash('sha256').update(`${event} ${recipient}`).digest('hex')}@${new URL(baseUrl).hostname}>`

/** Where nothing leaves, what is kept is the only place to read it. */
function keptText({ text, secretWords = [] }: Email, mailer: Mailer): string {
  if (mailer === noMailer) return text
  return secretWords.reduce((kept, word) => kept.replaceAll(word, '[not kept]'), text)
}
