/**
 * Signed-in browsers. The cookie holds a random 256-bit token, the table only its SHA-256, so that a copy of the
 * database opens no session. A session ends after 30 minutes without a request, after 12 hours, or at sign-out.
 *
 * Source: OWASP ASVS 5.0 chapter V7.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Queryable } from '#src/platform/db/db.ts'
import { type Actor, type Grant, ROLES, type Role } from './actor.ts'

export const IDLE_MINUTES = 30
export const ABSOLUTE_HOURS = 12
const SEEN_EVERY_MS = 60_000
/** An ended session opens nothing; its row says for a day whose unfinished form it was. */
const KEPT_AFTER_END_HOURS = 24

/** A session that is still good. */
export type Session = {
  readonly tokenHash: string
  readonly actor: Actor
  /** Goes back to the identity provider at sign-out. */
  readonly idToken: string | null
  /** When the person last proved who they are. */
  readonly provedAt: Date
  /** Who vouched for them: the issuer of their identity. */
  readonly issuer: string | null
}

/** What a sign-in knows. `provedAt` is now unless the provider says that it asked the person earlier. */
export type NewSession = {
  readonly personId: number
  readonly now: Date
  readonly idToken?: string | null
  readonly provedAt?: Date
  readonly issuer?: string
  /** In plain words, such as `Chrome on Windows`. */
  readonly device?: string | null
}

/** Starts a session and returns its token: what the cookie carries and nothing else ever stores. */
export async function createSession(db: Queryable, session: NewSession): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('session')
    .values({
      token_hash: hashOf(token),
      person_id: session.personId,
      created_at: session.now.toISOString(),
      last_seen_at: session.now.toISOString(),
      expires_at: later(session.now, ABSOLUTE_HOURS * 60).toISOString(),
      id_token: session.idToken ?? null,
      proved_at: (session.provedAt ?? session.now).toISOString(),
      issuer: session.issuer ?? null,
      device: session.device ?? null,
    })
    .execute()
  return token
}

/**
 * The session a token opens, with the person and the rights they hold at `now`: one query. Undefined when the token is
 * unknown, idle for too long, too old or signed out. Writes that the session was seen, at most once a minute.
 */
export async function loadSession(db: Queryable, token: string, now: Date): Promise<Session | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined
  const at = now.toISOString()
  const rows = await db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .leftJoin('role_grant', (join) =>
      join
        .onRef('role_grant.email', '=', 'person.email')
        .on((grant) => grant.or([grant('role_grant.expires_at', 'is', null), grant('role_grant.expires_at', '>', at)])),
    )
    .select([
      'session.token_hash',
      'session.last_seen_at',
      'session.id_token',
      'session.proved_at',
      'session.issuer',
      'person.id as person_id',
      'person.email',
      'person.name',
      'role_grant.role',
      'role_grant.scope',
    ])
    .where('session.token_hash', '=', hashOf(token))
    .where('session.expires_at', '>', at)
    .where('session.last_seen_at', '>', later(now, -IDLE_MINUTES).toISOString())
    .execute()
  const row = rows[0]
  if (!row) return undefined
  await markSeen(db, row.token_hash, row.last_seen_at, now)
  const actor = { personId: row.person_id, email: row.email, name: row.name, grants: rows.flatMap(grantIn) }
  const { token_hash: tokenHash, id_token: idToken, issuer } = row
  return { tokenHash, actor, idToken, issuer, provedAt: new Date(row.proved_at) }
}

/**
 * Whose session this was, if it ended by itself less than a day ago: enough to keep what they were writing for when
 * they are back, and for nothing else. Undefined when unknown, signed out, or swept away.
 */
export async function personOfEndedSession(db: Queryable, token: string, now: Date): Promise<number | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined
  const row = await db
    .selectFrom('session')
    .select('person_id')
    .where('token_hash', '=', hashOf(token))
    .where('last_seen_at', '>', later(now, -KEPT_AFTER_END_HOURS * 60).toISOString())
    .executeTakeFirst()
  return row?.person_id
}

/** The rights an email address holds at `now`. */
export async function grantsOf(db: Queryable, email: string, now: Date): Promise<readonly Grant[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select(['role', 'scope'])
    .where('email', '=', email.toLowerCase())
    .where((grant) => grant.or([grant('expires_at', 'is', null), grant('expires_at', '>', now.toISOString())]))
    .orderBy('role')
    .orderBy('scope')
    .execute()
  return rows.flatMap(grantIn)
}

/** Ends one session at once, wherever its cookie is. */
export async function endSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

/** Where a person is signed in: one browser. */
export type SignedInPlace = {
  readonly tokenHash: string
  /** In plain words; null when the browser did not say. */
  readonly device: string | null
  readonly since: Date
  readonly lastSeen: Date
}

/** Every browser in which a person is signed in at `now`, the one seen last first. */
export async function loadSignedInPlaces(
  db: Queryable,
  personId: number,
  now: Date,
): Promise<readonly SignedInPlace[]> {
  const rows = await db
    .selectFrom('session')
    .select(['token_hash', 'device', 'created_at', 'last_seen_at'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', now.toISOString())
    .where('last_seen_at', '>', later(now, -IDLE_MINUTES).toISOString())
    .orderBy('last_seen_at', 'desc')
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    tokenHash: row.token_hash,
    device: row.device,
    since: new Date(row.created_at),
    lastSeen: new Date(row.last_seen_at),
  }))
}

/** Ends a person's sessions wherever they are, but for the one to be kept, if any. Returns how many ended. */
export async function endSessionsOf(
  db: Queryable,
  personId: number,
  kept: { readonly tokenHash: string } | null,
): Promise<number> {
  const gone = await db
    .deleteFrom('session')
    .where('person_id', '=', personId)
    .$if(kept !== null, (query) => query.where('token_hash', '!=', kept?.tokenHash ?? ''))
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/**
 * Deletes sessions that ended a day ago (see `personOfEndedSession`) and sign-ins that never came back. Returns how many
 * sessions went.
 */
export async function sweepSessions(db: Queryable, now: Date): Promise<number> {
  const gone = await db
    .deleteFrom('session')
    .where('last_seen_at', '<=', later(now, -KEPT_AFTER_END_HOURS * 60).toISOString())
    .executeTakeFirst()
  await db.deleteFrom('sign_in_attempt').where('created_at', '<=', later(now, -10).toISOString()).execute()
  return Number(gone.numDeletedRows)
}

/** Where a session is kept in the table. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

async function markSeen(db: Queryable, tokenHash: string, lastSeenAt: string, now: Date): Promise<void> {
  if (now.getTime() - Date.parse(lastSeenAt) < SEEN_EVERY_MS) return
  await db
    .updateTable('session')
    .set({ last_seen_at: now.toISOString() })
    .where('token_hash', '=', tokenHash)
    .where('last_seen_at', '<', now.toISOString())
    .execute()
}

/** A role this version does not know is no right at all. */
function grantIn(row: { role: string | null; scope: string | null }): Grant[] {
  return isRole(row.role) ? [{ role: row.role, scope: row.scope ?? '' }] : []
}

const isRole = (role: string | null): role is Role => (ROLES as readonly (string | null)[]).includes(role)
const later = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000)
