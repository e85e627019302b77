/** An OpenID Connect issuer that says whatever a test wants, right or wrong. It signs with its own key. */
import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type TinyIssuer = {
  readonly issuer: string
  /** Added to the next ID tokens; undefined removes a claim. `expiresInSeconds` counts from now. */
  say(claims: Readonly<Record<string, unknown>>, expiresInSeconds?: number): void
  /** Signs with a key that the issuer does not publish. */
  signWrongly(): void
  /** A new published key, as after a restart. */
  changeKey(): void
  /** What the token endpoint answers instead of tokens. */
  answerWith(status: number, body: string): void
  /** How often its description was read. */
  discoveries(): number
  close(): Promise<void>
}

/** Starts one on a free port of loopback. The nonce of the question must be handed over with `say`. */
export async function startTinyIssuer(): Promise<TinyIssuer> {
  let key = newKey()
  let signer: KeyObject = key.privateKey
  let claims: Readonly<Record<string, unknown>> = {}
  let expiresInSeconds = 300
  let instead: { status: number; body: string } | undefined
  let discoveries = 0

  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (path === '/.well-known/openid-configuration') {
      discoveries += 1
      return sendJson(response, {
        issuer,
        authorization_endpoint: `${issuer}/authorise`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
      })
    }
    if (path === '/keys') return sendJson(response, { keys: [key.jwk] })
    if (instead) return response.writeHead(instead.status, { 'content-type': 'text/html' }).end(instead.body)
    const seconds = Math.floor(Date.now() / 1000)
    const body = {
      iss: issuer,
      aud: 'signpost',
      sub: 'person-1',
      iat: seconds,
      exp: seconds + expiresInSeconds,
      ...claims,
    }
    sendJson(response, { access_token: 'access', token_type: 'Bearer', id_token: signed(body, signer, key.jwk.kid) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    say: (said, seconds = 300) => {
      claims = said
      expiresInSeconds = seconds
    },
    signWrongly: () => {
      signer = newKey().privateKey
    },
    changeKey: () => {
      key = newKey()
      signer = key.privateKey
    },
    answerWith: (status, body) => {
      instead = { status, body }
    },
    discoveries: () => discoveries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = randomBytes(8).toString('hex')
  return { privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } }
}

function signed(body: object, key: KeyObject, kid: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const content = `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode(body)}`
  return `${content}.${createSign('RSA-SHA256').update(content).sign(key).toString('base64url')}`
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
