/**
 * Sign-in at an OpenID Connect provider (NHSmail): authorisation code flow with PKCE, state and nonce; the ID token's
 * signature, issuer, audience and times are checked.
 *
 * Source: OpenID Connect Core 1.0, RFC 7636, RFC 9207; OWASP ASVS 5.0 chapter V10.
 */
import { setTimeout as wait } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { StartProblem, Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'

const REQUEST_TIMEOUT_SECONDS = 10
const CLOCK_TOLERANCE_SECONDS = 60
/** How long the provider's description is believed. Its keys are read anew at each sign-in: a restart changes them. */
const DISCOVERY_LASTS_MS = 10 * 60_000
const DEFAULT_RETRY_WAITS_MS: readonly number[] = [200, 600]

export type OpenIdSettings = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** How well a person must have proved who they are (`acr`): one of these, or the sign-in is refused. Default: any. */
  readonly assuranceLevels?: readonly string[]
  /** Waits between attempts to read the provider's description. */
  readonly retryWaitsMs?: readonly number[]
}

/** What ties an answer to the question that was asked. */
export type SignInSecrets = { readonly state: string; readonly nonce: string; readonly codeVerifier: string }

/** What the provider says about a person. `emailVerified` is null when it does not say. */
export type IdentityClaims = {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  readonly emailVerified: boolean | null
  readonly name: string | null
  readonly idToken: string | null
  /** How long ago the person proved who they are at the provider, by the provider's own clock; null when it does not say. */
  readonly provedSecondsAgo: number | null
}

/**
 * How a sign-in came back. `declined`: the person or the provider said no. `clocks`: the provider's clock and ours
 * differ by more than a minute. `rejected`: the answer does not fit the question, or was used before. `assurance`: the
 * person did not prove who they are as well as the settings ask for.
 */
export type SignInAnswer =
  | { readonly ok: true; readonly claims: IdentityClaims }
  | { readonly ok: false; readonly because: 'declined' | 'clocks' | 'rejected' | 'assurance' }

export type IdentityProvider = {
  readonly issuer: string
  /**
   * Where to send the browser. With `again` the provider must ask the person, however well it knows the browser. Throws
   * `Unavailable` when the provider cannot be reached.
   */
  begin(secrets: SignInSecrets, redirectUri: string, how?: { readonly again: boolean }): Promise<URL>
  /** Reads the address that the browser came back to. Throws `Unavailable` when the provider cannot be reached. */
  finish(callback: URL, secrets: SignInSecrets): Promise<SignInAnswer>
  /** Where to sign out of the provider too; undefined when it offers that nowhere or cannot be reached. */
  signOutUrl(idToken: string, returnTo: string): Promise<URL | undefined>
}

/** Secrets for one sign-in; each has 256 random bits. */
export const newSignInSecrets = (): SignInSecrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  codeVerifier: oidc.randomPKCECodeVerifier(),
})

/**
 * A provider found by its issuer address. Nothing is fetched before the first sign-in, so that we start while it is
 * down. Throws `StartProblem` for an http issuer that is not on this machine.
 */
export function openIdProvider(settings: OpenIdSettings, log: Log): IdentityProvider {
  const issuer = new URL(settings.issuer)
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname)) {
    throw new StartProblem(`OIDC_NHSMAIL_ISSUER must be https: only this machine's own may be http`)
  }
  const discovery = keepDiscovery(settings, log)

  return {
    issuer: settings.issuer,
    async begin({ state, nonce, codeVerifier }, redirectUri, how) {
      const metadata = await discovery.read()
      const code_challenge = await oidc.calculatePKCECodeChallenge(codeVerifier)
      return oidc.buildAuthorizationUrl(clientFor(metadata, settings), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge,
        code_challenge_method: 'S256',
        state,
        nonce,
        ...(how?.again && ASK_AGAIN),
        ...(settings.assuranceLevels && { acr_values: settings.assuranceLevels.join(' ') }),
      })
    },
    async finish(callback, secrets) {
      const client = clientFor(await discovery.read(), settings)
      try {
        const { assurance, ...claims } = await readClaims(client, callback, secrets)
        if (isAssured(assurance, settings)) return { ok: true, claims }
        log.warn({ assurance }, 'a sign-in was not as well assured as OIDC_NHSMAIL_ACR asks for')
        return { ok: false, because: 'assurance' }
      } catch (error) {
        discovery.forget()
        return { ok: false, because: reasonOf(error, log) }
      }
    },
    async signOutUrl(idToken, returnTo) {
      const metadata = discovery.known()
      if (!metadata?.end_session_endpoint) return undefined
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo }
      return oidc.buildEndSessionUrl(clientFor(metadata, settings), parameters)
    },
  }
}

/** Reads the provider's description, once for all who ask meanwhile, and keeps it. */
function keepDiscovery(settings: OpenIdSettings, log: Log) {
  let known: { metadata: oidc.ServerMetadata; readAt: number } | undefined
  let reading: Promise<oidc.ServerMetadata> | undefined

  const discover = async (): Promise<oidc.ServerMetadata> => {
    const waits = [...(settings.retryWaitsMs ?? DEFAULT_RETRY_WAITS_MS)]
    for (;;) {
      try {
        const metadata = (await discoverOnce(settings)).serverMetadata()
        known = { metadata, readAt: performance.now() }
        return metadata
      } catch (cause) {
        const waitMs = waits.shift()
        log.warn({ err: cause, again: waitMs !== undefined }, 'the sign-in provider could not be reached')
        if (waitMs === undefined) throw new Unavailable('The sign-in service cannot be reached', { cause })
        await wait(waitMs)
      }
    }
  }
  return {
    known: () => known?.metadata,
    forget: () => {
      if (known) known.readAt = Number.NEGATIVE_INFINITY
    },
    async read(): Promise<oidc.ServerMetadata> {
      if (known && performance.now() - known.readAt < DISCOVERY_LASTS_MS) return known.metadata
      reading ??= discover().finally(() => {
        reading = undefined
      })
      return await reading
    },
  }
}

const discoverOnce = (settings: OpenIdSettings): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(settings.issuer), settings.clientId, settings.clientSecret, undefined, {
    timeout: REQUEST_TIMEOUT_SECONDS,
    execute: insecureWhereLoopback(settings),
  })

/** A fresh client each time: it starts without keys, so that keys which changed a second ago are read again. */
function clientFor(metadata: oidc.ServerMetadata, settings: OpenIdSettings): oidc.Configuration {
  const client = new oidc.Configuration(metadata, settings.clientId, {
    client_secret: settings.clientSecret,
    [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  })
  client.timeout = REQUEST_TIMEOUT_SECONDS
  oidc.enableNonRepudiationChecks(client)
  for (const change of insecureWhereLoopback(settings)) change(client)
  return client
}

const insecureWhereLoopback = (settings: OpenIdSettings): ((client: oidc.Configuration) => void)[] =>
  settings.issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** Both say the same; not every provider knows both. */
const ASK_AGAIN = { prompt: 'login', max_age: '0' }

const isAssured = (assurance: string | null, { assuranceLevels }: OpenIdSettings): boolean =>
  assuranceLevels === undefined || (assurance !== null && assuranceLevels.includes(assurance))

async function readClaims(
  client: oidc.Configuration,
  callback: URL,
  secrets: SignInSecrets,
): Promise<IdentityClaims & { readonly assurance: string | null }> {
  const tokens = await oidc.authorizationCodeGrant(client, callback, {
    pkceCodeVerifier: secrets.codeVerifier,
    expectedState: secrets.state,
    expectedNonce: secrets.nonce,
    idTokenExpected: true,
  })
  const idClaims = tokens.claims()
  if (!idClaims) throw new Error('the provider sent no ID token')
  const { email: emailInToken } = idClaims as Readonly<Record<string, unknown>>
  const askMore = typeof emailInToken !== 'string' && client.serverMetadata().userinfo_endpoint
  const more = askMore ? await oidc.fetchUserInfo(client, tokens.access_token, idClaims.sub) : {}
  const { email, email_verified, name, acr }: Readonly<Record<string, unknown>> = { ...more, ...idClaims }
  return {
    issuer: idClaims.iss,
    subject: idClaims.sub,
    email: textOf(email),
    emailVerified: truthOf(email_verified),
    name: textOf(name),
    idToken: tokens.id_token ?? null,
    provedSecondsAgo: typeof idClaims.auth_time === 'number' ? Math.max(0, idClaims.iat - idClaims.auth_time) : null,
    assurance: textOf(acr),
  }
}

const textOf = (claim: unknown): string | null => (typeof claim === 'string' && claim.trim() ? claim.trim() : null)
/** Some providers write the word. */
const truthOf = (claim: unknown): boolean | null =>
  claim === undefined || claim === null ? null : claim === true || claim === 'true'

const NO_ANSWER_CODES: readonly (string | undefined)[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
]
const NOT_NOW_ERRORS: readonly (string | undefined)[] = ['server_error', 'temporarily_unavailable', 'invalid_client']

/** Why a sign-in failed. Throws `Unavailable` when it was the provider that failed. */
function reasonOf(error: unknown, log: Log): 'declined' | 'clocks' | 'rejected' {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const oauthError = error instanceof Error && 'error' in error ? String(error.error) : undefined
  if (oauthError === 'access_denied') return 'declined'
  log.warn({ err: error, oauthError }, 'a sign-in was not accepted')
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'clocks'
  if (NO_ANSWER_CODES.includes(code) || NOT_NOW_ERRORS.includes(oauthError) || isNetworkFailure(error)) {
    throw new Unavailable('The sign-in service cannot be reached', { cause: error })
  }
  return 'rejected'
}

/** `fetch` throws a TypeError whose cause is the socket's error; openid-client may wrap it once more. */
function isNetworkFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error instanceof TypeError && error.message === 'fetch failed') || isNetworkFailure(error.cause)
}
