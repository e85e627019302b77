/**
 * A stand-in for NHSmail, so that the demo signs in over the real protocol: a full OpenID Connect provider on a port of
 * its own, where anyone may be anyone. Keys and accounts live in memory and go when the process ends.
 * Views: nhsmail.njk, nhsmail-problem.njk
 */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type Configuration, interactionPolicy, Provider } from 'oidc-provider'
import { nameFromEmail } from '#src/accounts/people.ts'
import { StartProblem } from '#src/platform/errors.ts'
import type { Log } from '#src/platform/log.ts'
import { renderView } from '#src/platform/views.ts'
import { memoryAdapter } from './nhsmail-memory.ts'
import { choosePerson, type NhsmailPerson, type PageAddresses, securePage } from './nhsmail-pages.ts'

export type { NhsmailPerson } from './nhsmail-pages.ts'

/** What the product needs to use it as it would use the real one. */
export type StartedNhsmail = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  close(): Promise<void>
}

const SHORT_SECONDS = 600
const SESSION_SECONDS = 3600

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
  // Finding the primes takes up to half a second: off this thread, while others start.
  const signing = promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  await listen(server, options.port)
  const issuer = `http://${new URL(options.baseUrl).hostname}:${(server.address() as AddressInfo).port}`
  const client = { id: 'signpost', secret: options.clientSecret ?? randomBytes(32).toString('base64url') }
  const addresses = { baseUrl: options.baseUrl, issuer }
  const { privateKey } = await signing
  const provider = quietly(() => createProvider(addresses, client, options.people, privateKey))
  provider.on('server_error', (_context, error) => options.log.error({ err: error }, 'the demo NHSmail failed'))
  provider.use(choosePerson(provider, addresses, options.people))
  server.on('request', provider.callback())
  return { issuer, clientId: client.id, clientSecret: client.secret, close: () => close(server) }
}

function createProvider(
  addresses: PageAddresses,
  client: { readonly id: string; readonly secret: string },
  people: readonly NhsmailPerson[],
  privateKey: KeyObject,
): Provider {
  const nameOf = (email: string) => people.find((person) => person.email === email)?.name ?? nameFromEmail(email)
  const configuration: Configuration = {
    adapter: memoryAdapter(),
    jwks: {
      keys: [
        { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' },
      ],
    },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: 'Signpost',
        redirect_uris: [`${addresses.baseUrl}/sign-in/callback`],
        post_logout_redirect_uris: [`${addresses.baseUrl}/signed-out`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        require_auth_time: true,
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    // Two tabs may sign in at the same time.
    expiresWithSession: () => false,
    findAccount: (_context, email) => ({
      accountId: email,
      claims: () => ({ sub: email, email, email_verified: true, name: nameOf(email) }),
    }),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: () => {}, postLogoutSuccessSource: () => {} },
    },
    interactions: { policy: alwaysAsk(), url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // Nobody is asked to consent: the one client is the product itself.
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({
        clientId: context.oidc.client?.clientId,
        accountId: context.oidc.session?.accountId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    renderError: (context, out) => {
      const text = `${out.error}${out.error_description ? `: ${out.error_description}` : ''}`
      context.body = renderView('demo/nhsmail-problem.njk', { ...addresses, text })
      securePage(context, addresses)
    },
    ttl: {
      AccessToken: SHORT_SECONDS,
      AuthorizationCode: 60,
      IdToken: SHORT_SECONDS,
      Interaction: SHORT_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
    },
  }
  const provider = new Provider(addresses.issuer, configuration)
  return provider
}

/** Asks who it is at every sign-in, so that whoever tries the product can change person at once. */
function alwaysAsk() {
  const policy = interactionPolicy.base()
  const ask = new interactionPolicy.Check('ask', 'say who you are', (context) =>
    context.oidc.result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT,
  )
  policy.get('login')?.checks.add(ask)
  return policy
}

/** The provider's package writes advice for production to the console; this is no production. */
function quietly<T>(work: () => T): T {
  const { info, warn } = console
  console.info = () => {}
  console.warn = () => {}
  try {
    return work()
  } finally {
    console.info = info
    console.warn = warn
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
