/**
 * Tokens of an hour, and others that fetch new ones for a day: who may ask, sealed with a key of this installation, so
 * that every process can read them and none has to store them. A new secret of the account ends them all.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

export type TokenUse = 'access' | 'refresh'
/** `stamp` says of which secret of the account. */
export type TokenHolder = { readonly username: string; readonly stamp: string }

const LIVES_SECONDS: Readonly<Record<TokenUse, number>> = { access: 3600, refresh: 86_400 }
const LONGEST_TOKEN = 1000

export type BearerTokens = {
  issue(use: TokenUse, holder: TokenHolder, now: Date): string
  /** Whose token it is; undefined for one that is forged, of another use, or over. Never throws. */
  read(use: TokenUse, token: string, now: Date): TokenHolder | undefined
}

/** Tokens under a key that is derived from the setting SECRETS_PEPPER. */
export function bearerTokens(pepper: string): BearerTokens {
  const key = createHmac('sha256', pepper).update('fuzzy-search tokens').digest()
  const sealOf = (body: string): Buffer => createHmac('sha256', key).update(body).digest()
  return {
    issue(use, { username, stamp }, now) {
      const ends = Math.floor(now.getTime() / 1000) + LIVES_SECONDS[use]
      const body = Buffer.from(JSON.stringify([use, username, stamp, ends])).toString('base64url')
      return `${body}.${sealOf(body).toString('base64url')}`
    },
    read(use, token, now) {
      const [body = '', seal = '', ...more] = token.slice(0, LONGEST_TOKEN + 1).split('.')
      if (token.length > LONGEST_TOKEN || more.length > 0) return undefined
      const given = Buffer.from(seal, 'base64url')
      const right = sealOf(body)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      // What is sealed is what was issued.
      const [itsUse, username, stamp, ends] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
        TokenUse,
        string,
        string,
        number,
      ]
      return itsUse === use && now.getTime() < ends * 1000 ? { username, stamp } : undefined
    },
  }
}
