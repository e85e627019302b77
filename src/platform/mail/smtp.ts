/** Sends email through an SMTP server. */
import { createTransport } from 'nodemailer'
import { Unavailable } from '../errors.ts'
import { type Mailer, MailRefused } from './mail.ts'

const CONNECT_TIMEOUT_MS = 10_000
const ANSWER_TIMEOUT_MS = 30_000
const MOST_CONNECTIONS = 2

/** `url` is `smtp://user:password@host:port` or `smtps://…`; `from` is shown to the reader. Connects at the first message. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  )
  return {
    async send({ to, references = [], ...message }) {
      const inReplyTo = references.at(-1)
      const thread = inReplyTo === undefined ? {} : { inReplyTo, references: [...references] }
      try {
        await transport.sendMail({ ...message, ...thread, to: { name: '', address: to } })
      } catch (error) {
        throw failureOf(error)
      }
    },
    close: async () => transport.close(),
  }
}

/** A 5xx about the envelope or the message is final; one about our own sign-in is not the message's fault. */
function failureOf(error: unknown): Error {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number }
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (aboutMessage && responseCode >= 500) {
    return new MailRefused(`The mail server refused the message (${responseCode})`, { cause: error })
  }
  return new Unavailable(`The mail server did not take the message (${responseCode || code})`, { cause: error })
}
