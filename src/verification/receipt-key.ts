/** The key that signs receipts, and the public keys with which anybody verifies them. Ed25519, RFC 8032 and RFC 8037. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'

/** A public key as it is published (RFC 7517): `x` is 32 bytes in base64url, `kid` its thumbprint. */
export type PublicKeyJwk = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

export type SigningKey = { readonly jwk: PublicKeyJwk; sign(text: string): string }

/** How a private key of 32 bytes begins in PKCS 8 (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SEED_BYTES = 32
const SIGNATURE_BYTES = 64

/**
 * The key of the settings: the seed that was set (base64, 32 bytes), else one derived from the pepper, so that a trial
 * keeps its key from start to start. Throws when the seed has another length.
 */
export function signingKey(settings: {
  readonly receiptSigningKey: string | undefined
  readonly secretsPepper: string
}): SigningKey {
  const { receiptSigningKey: given, secretsPepper } = settings
  const seed =
    given === undefined
      ? Buffer.from(hkdfSync('sha256', secretsPepper, '', 'signpost receipts', SEED_BYTES))
      : Buffer.from(given, 'base64')
  if (seed.length !== SEED_BYTES) throw new Error('RECEIPT_SIGNING_KEY must be 32 bytes')
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return {
    jwk: publicJwk(x),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  }
}

/** A public key from its 32 bytes in base64url. */
export const publicJwk = (x: string): PublicKeyJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x,
  kid: thumbprint(x),
  alg: 'EdDSA',
  use: 'sig',
})

/** The name of a key: its RFC 7638 thumbprint, so that nobody can give a key the name of another. */
const thumbprint = (x: string): string =>
  createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url')

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), crv: z.string(), x: z.string() })) })

/** Reads a published set of keys; undefined when it is none. Keys of other kinds are left out. */
export function parseKeySet(text: string): readonly PublicKeyJwk[] | undefined {
  const parsed = keySet.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  return parsed.data.keys.filter(({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519').map(({ x }) => publicJwk(x))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether `signature` (base64url, in its one spelling) is this key's under the text. Never throws. */
export function isSignedBy(jwk: PublicKeyJwk, text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url')
  if (bytes.length !== SIGNATURE_BYTES || bytes.toString('base64url') !== signature) return false
  const key = keyObject(jwk)
  return key !== undefined && verify(null, Buffer.from(text), key, bytes)
}

function keyObject({ kty, crv, x }: PublicKeyJwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty, crv, x }, format: 'jwk' })
  } catch {
    return undefined
  }
}
