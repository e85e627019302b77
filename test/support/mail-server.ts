/** A mail server on a free port of loopback, and what arrived at it. */
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export type MailServer = {
  readonly url: string
  readonly arrived: readonly { readonly to: readonly string[]; readonly mail: Email }[]
  /** From now on it answers recipients with this status; 0 accepts them again. */
  answerWith(status: number): void
  close(): Promise<void>
}

/** Starts one that takes any message without sign-in. */
export async function startMailServer(): Promise<MailServer> {
  const arrived: { to: string[]; mail: Email }[] = []
  let status = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(status ? Object.assign(new Error('not now'), { responseCode: status }) : undefined),
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(parts)).then((mail) => {
          arrived.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail })
          done()
        }, done)
      })
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => listening.once('listening', resolve))
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    arrived,
    answerWith: (given) => {
      status = given
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
