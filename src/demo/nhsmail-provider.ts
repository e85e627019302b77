/**
 * The OpenID Connect provider of the stand-in for NHSmail.
 * Views: nhsmail.njk, nhsmail-problem.njk
 */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { promisify } from 'node:util'
import { type Configuration, interactionPolicy, Provider } from 'oidc-provider'
import { nameFromEmail } from '#src/accounts/people.ts'
import type { Log } from '#src/platform/log.ts'
import { renderView } from '#src/platform/views.ts'
import { memoryAdapter } from './nhsmail-memory.ts'
import { choosePerson, type NhsmailPerson, type PageAddresses, securePage } from './nhsmail-pages.ts'

const SHORT_SECONDS = 600
const SESSION_SECONDS = 3600

/** The provider as a listener for its server, with a key of its own. `people` are those to choose from. */
export async function nhsmailProvider(
  addresses: PageAddresses,
  client: Client,
  { people, log }: { readonly people: readonly NhsmailPerson[]; readonly log: Log },
): Promise<RequestListener> {
  // Finding the primes takes up to half a second: off this thread.
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const provider = quietly(() => createProvider(addresses, client, people, privateKey))
  provider.on('server_error', (_context, error) => log.error({ err: error }, 'the demo NHSmail failed'))
  provider.use(choosePerson(provider, addresses, people))
  return provider.callback()
}

type Client = { readonly id: string; readonly secret: string }

function createProvider(
  addresses: PageAddresses,
  client: Client,
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
