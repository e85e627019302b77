/**
 * A stand-in for NHSmail, so that the demo signs in over the real protocol: a full OpenID Connect provider on a port of
 * its own, where anyone may be anyone. Keys and accounts live in memory and go when the process ends.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartProblem } from '#src/platform/errors.ts'
import type { Log } from '#src/platform/log.ts'
import type { NhsmailPerson } from './nhsmail-pages.ts'

export type { NhsmailPerson } from './nhsmail-pages.ts'

/** What the product needs to use it as it would use the real one. */
export type StartedNhsmail = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  close(): Promise<void>
}

/**
 * Starts it on this machine's loopback and answers when it is ready. Its issuer has the host name of `baseUrl`; port 0
 * takes any free one. Throws in production, and `StartProblem` when the port is taken.
 */
export async function startNhsmail(options: {
  readonly port: number
  readonly baseUrl: string
  readonly people: readonly NhsmailPerson[]
  readonly production: boolean
  readonly log: Log
  /** Made up by default; given where one that ran before comes back. */
  readonly clientSecret?: string
}): Promise<StartedNhsmail> {
  if (options.production) throw new StartProblem('The demo NHSmail lets anyone in: it does not run in production')
  const server = createServer()
  await listen(server, options.port)
  const issuer = `http://${new URL(options.baseUrl).hostname}:${(server.address() as AddressInfo).port}`
  const client = { id: 'signpost', secret: options.clientSecret ?? randomBytes(32).toString('base64url') }
  server.on(
    'request',
    whenFirstAsked(
      async () => {
        const { nhsmailProvider } = await import('./nhsmail-provider.ts')
        return nhsmailProvider({ baseUrl: options.baseUrl, issuer }, client, options)
      },
      (error) => options.log.error({ err: error }, 'the demo NHSmail failed'),
    ),
  )
  return { issuer, clientId: client.id, clientSecret: client.secret, close: () => close(server) }
}

/** Answers with a listener that is made at the first request: it takes a start a tenth of its time, and few sign in. */
function whenFirstAsked(make: () => Promise<RequestListener>, failed: (error: unknown) => void): RequestListener {
  let made: Promise<RequestListener> | undefined
  return async (request, response) => {
    made ??= make()
    try {
      const listener = await made
      listener(request, response)
    } catch (error) {
      failed(error)
      response.writeHead(500).end()
    }
  }
}

async function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  try {
    await promise
  } catch (cause) {
    const hint = 'choose another with DEMO_NHSMAIL_PORT'
    throw new StartProblem(`The demo NHSmail cannot use port ${port}: ${hint}`, { cause })
  }
  server.removeListener('error', reject)
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}
