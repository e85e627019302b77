/** What every way of signing in ends with: a session, its cookie, the audit, and a notice when the device is new. */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { auditNameOf } from './actor.ts'
import { deviceWords } from './device-words.ts'
import { type SavedPerson, type SignedInPerson, savePerson } from './people.ts'
import { cookieName, cookieOptions, type SessionDeps, sessionOf, setSessionCookie } from './session-cookie.ts'
import { createSession, endSession, hashOf } from './sessions.ts'

/** As long as browsers keep a cookie. */
const DEVICE_DAYS = 400
const DAY_MS = 86_400_000

/** Who signed in, and how it was proved. */
export type SignInProof = {
  readonly person: SignedInPerson
  /** Goes back to the provider at sign-out; null where there is none. */
  readonly idToken: string | null
  /** Now, unless the provider says that it asked the person earlier. */
  readonly provedAt: Date
}

/**
 * Signs this browser in: always with a new token, and the session that it had before ends. Somebody who had signed in
 * before, on a device that we do not know from them, is told so by email.
 */
export async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { person, idToken, provedAt }: SignInProof,
  { db, clock, baseUrl }: SessionDeps,
): Promise<SavedPerson> {
  const now = clock.now()
  const device = deviceWords(request.headers['user-agent'])
  const deviceKey = deviceKeyOf(request, baseUrl) ?? randomBytes(16).toString('base64url')
  const { token, saved } = await db.transact(async (tx) => {
    const saved = await savePerson(tx, person, now)
    const { personId, name } = saved
    const earlier = sessionOf(request)
    if (earlier) await endSession(tx, earlier.tokenHash)
    const token = await createSession(tx, { personId, now, idToken, provedAt, issuer: person.issuer, device })
    const isKnown = await meetDevice(tx, { personId, deviceHash: hashOf(`${deviceKey} ${device}`), now })
    if (!isKnown && !saved.isNew) {
      await queueEmail(tx, {
        kind: 'new-sign-in',
        signInRef: referenceOf(token),
        recipient: person.email,
        name,
        device,
        signedInAt: now.toISOString(),
      })
    }
    const actor = auditNameOf(person)
    const detail = { issuer: person.issuer, subject: person.subject, firstTime: saved.isNew, device }
    await appendToLedger(tx, now.toISOString(), [{ actor, action: 'sign-in', target: actor, detail, changes: [] }])
    return { token, saved }
  })
  setSessionCookie(reply, token, baseUrl)
  const maxAge = (DEVICE_DAYS * DAY_MS) / 1000
  reply.setCookie(deviceCookie(baseUrl), deviceKey, { ...cookieOptions(baseUrl), maxAge })
  return saved
}

/** Forgets devices that nobody has signed in with for longer than a browser keeps our cookie. */
export async function sweepDevices(db: Queryable, now: Date): Promise<void> {
  const before = new Date(now.getTime() - DEVICE_DAYS * DAY_MS).toISOString()
  await db.deleteFrom('known_device').where('last_seen_at', '<', before).execute()
}

/** Whether this person had signed in with this device before; from now on they have. */
async function meetDevice(
  tx: Tx,
  { personId, deviceHash, now }: { readonly personId: number; readonly deviceHash: string; readonly now: Date },
): Promise<boolean> {
  const last_seen_at = now.toISOString()
  const known = await tx
    .updateTable('known_device')
    .set({ last_seen_at })
    .where('person_id', '=', personId)
    .where('device_hash', '=', deviceHash)
    .returning('device_hash')
    .executeTakeFirst()
  if (known) return true
  await tx
    .insertInto('known_device')
    .values({ person_id: personId, device_hash: deviceHash, first_seen_at: last_seen_at, last_seen_at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return false
}

function deviceKeyOf(request: FastifyRequest, baseUrl: string): string | undefined {
  const key = request.cookies[deviceCookie(baseUrl)]
  return key && /^[\w-]{22}$/.test(key) ? key : undefined
}

/** Names a sign-in without being able to open it. */
const referenceOf = (token: string): string =>
  createHash('sha256').update(`reference ${token}`).digest('hex').slice(0, 16)
const deviceCookie = (baseUrl: string): string => cookieName('signpost-device', baseUrl)
