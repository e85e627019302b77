/**
 * What a right code opens: half an hour in which this browser closes and reopens one pharmacy. It has a cookie and a
 * table of its own, and no other page looks at either, so that it opens nothing else.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, cookieOptions } from '#src/accounts/session-cookie.ts'
import { hashOf } from '#src/accounts/sessions.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ByCodeDeps } from './by-code-deps.ts'
import type { Channel } from './code-channels.ts'

export const SESSION_MINUTES = 30

export type ClosingSession = {
  readonly tokenHash: string
  readonly odsCode: string
  readonly channel: Channel
  readonly expiresAt: Date
}

/** Begins one, and returns what the cookie carries and nothing else ever stores. */
export async function beginClosing(
  db: Queryable,
  { odsCode, channel, now }: { readonly odsCode: string; readonly channel: Channel; readonly now: Date },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('closure_session')
    .values({
      token_hash: hashOf(token),
      ods_code: odsCode,
      channel,
      started_at: now.toISOString(),
      expires_at: new Date(now.getTime() + SESSION_MINUTES * 60_000).toISOString(),
    })
    .execute()
  return token
}

/** Gives it to the browser, for as long as it is good. */
export function setClosingCookie(reply: FastifyReply, token: string, baseUrl: string): void {
  reply.setCookie(closingCookie(baseUrl), token, {
    ...cookieOptions(baseUrl),
    sameSite: 'strict',
    signed: true,
    maxAge: SESSION_MINUTES * 60,
  })
}

/** The one of this browser; undefined when it has none that is still good. */
export async function closingOf(
  request: FastifyRequest,
  { db, clock, baseUrl }: Pick<ByCodeDeps, 'db' | 'clock' | 'baseUrl'>,
): Promise<ClosingSession | undefined> {
  const cookie = request.cookies[closingCookie(baseUrl)]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  if (!valid || !value) return undefined
  const row = await db.pool
    .selectFrom('closure_session')
    .selectAll()
    .where('token_hash', '=', hashOf(value))
    .where('expires_at', '>', clock.now().toISOString())
    .executeTakeFirst()
  return (
    row && {
      tokenHash: row.token_hash,
      odsCode: row.ods_code,
      channel: row.channel as Channel,
      expiresAt: new Date(row.expires_at),
    }
  )
}

/** Ends it, here and in the table. */
export async function endClosing(
  reply: FastifyReply,
  session: ClosingSession,
  { db, baseUrl }: Pick<ByCodeDeps, 'db' | 'baseUrl'>,
): Promise<void> {
  await db.pool.deleteFrom('closure_session').where('token_hash', '=', session.tokenHash).execute()
  reply.clearCookie(closingCookie(baseUrl), cookieOptions(baseUrl))
}

/** Deletes those that are over. */
export async function sweepClosing(db: Queryable, now: Date): Promise<void> {
  await db.deleteFrom('closure_session').where('expires_at', '<=', now.toISOString()).execute()
}

const closingCookie = (baseUrl: string): string => cookieName('signpost-closing', baseUrl)
