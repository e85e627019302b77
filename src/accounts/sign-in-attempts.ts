/**
 * Sign-ins under way at the identity provider. An attempt can be finished once, within ten minutes, and only by the
 * browser that began it: the row is found by a hash of the state (which travels through the provider) and of a key
 * that only this browser's cookie holds.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Queryable } from '#src/platform/db/db.ts'
import type { SignInSecrets } from '#src/platform/identity/open-id.ts'
import { hashOf } from './sessions.ts'

export const ATTEMPT_MINUTES = 10
/** Stands for no page: no address of ours is empty. */
const NOWHERE = ''

/** A new key for a browser, as its cookie holds it: 128 random bits and our signature. */
export function newBrowserKey(secret: string): string {
  const key = randomBytes(16).toString('base64url')
  return `${key}.${signatureOf(key, secret)}`
}

/** Whether a cookie holds a key that we gave out. Never throws. */
export function isBrowserKey(cookie: string | undefined, secret: string): cookie is string {
  const [key = '', signature = '', ...rest] = (cookie ?? '').split('.')
  if (rest.length > 0 || !/^[\w-]{22}$/.test(key)) return false
  const given = Buffer.from(signature)
  const expected = Buffer.from(signatureOf(key, secret))
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Remembers what to expect when this browser comes back, and where it wanted to go. */
export async function startAttempt(
  db: Queryable,
  attempt: {
    readonly secrets: SignInSecrets
    readonly browserKey: string
    readonly returnTo: string | undefined
    readonly now: Date
    /** Whether the provider was told to ask the person, however well it knows the browser. */
    readonly again?: boolean
  },
): Promise<void> {
  await db
    .insertInto('sign_in_attempt')
    .values({
      state_hash: stateHashOf(attempt.secrets.state, attempt.browserKey),
      nonce: attempt.secrets.nonce,
      code_verifier: attempt.secrets.codeVerifier,
      return_to: attempt.returnTo ?? NOWHERE,
      created_at: attempt.now.toISOString(),
      again: attempt.again ?? false,
    })
    .execute()
}

/** A sign-in that came back; it began `secondsAgo`. */
export type TakenAttempt = {
  readonly secrets: SignInSecrets
  /** Undefined when they asked for no page. */
  readonly returnTo: string | undefined
  readonly again: boolean
  readonly secondsAgo: number
}

/**
 * Takes an attempt out: whoever asks second gets nothing. Undefined when there is none, it belongs to another browser,
 * or it is too old.
 */
export async function takeAttempt(
  db: Queryable,
  came: { readonly state: string; readonly browserKey: string; readonly now: Date },
): Promise<TakenAttempt | undefined> {
  const row = await db
    .deleteFrom('sign_in_attempt')
    .where('state_hash', '=', stateHashOf(came.state, came.browserKey))
    .returning(['nonce', 'code_verifier', 'return_to', 'created_at', 'again'])
    .executeTakeFirst()
  const secondsAgo = row ? (came.now.getTime() - Date.parse(row.created_at)) / 1000 : 0
  if (!row || secondsAgo > ATTEMPT_MINUTES * 60) return undefined
  return {
    secrets: { state: came.state, nonce: row.nonce, codeVerifier: row.code_verifier },
    returnTo: row.return_to === NOWHERE ? undefined : row.return_to,
    again: row.again,
    secondsAgo,
  }
}

const stateHashOf = (state: string, browserKey: string): string => hashOf(`${state} ${browserKey}`)
const signatureOf = (key: string, secret: string): string =>
  createHmac('sha256', secret).update(`sign-in browser key ${key}`).digest('base64url')
