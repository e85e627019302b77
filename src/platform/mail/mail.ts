/** The mail port: what it takes to send one email, and the two ways it can fail. */

export type Message = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Where a reply goes; by default to whoever it is from. */
  readonly replyTo?: string
  /** The same for every attempt to send this message, so that a mail system can drop a repeat. */
  readonly messageId: string
  /** Message ids of those that this one follows, the first one first: mail programs show them as one conversation. */
  readonly references?: readonly string[]
}

export type Mailer = {
  /** Throws `MailRefused` when trying again would not help, `Unavailable` when it may. */
  send(message: Message): Promise<void>
  close(): Promise<void>
}

/** The mail server will not take this message, now or later (a 5xx answer): the address or the message is wrong. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** Sends nothing: where no mail server is set, what would have been sent is read in the product's own mailbox. */
export const noMailer: Mailer = { send: async () => {}, close: async () => {} }
