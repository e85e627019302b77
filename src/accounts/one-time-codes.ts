/**
 * One-time codes: six digits, sent by email or to a telephone, that prove that somebody reads the one or answers the other.
 *
 * A code is good once, for ten minutes, for one purpose and subject, and for five wrong guesses at most. It is an HMAC of
 * its id, keyed with the pepper of the settings, so that neither the table nor the outbox nor a copy of either holds a
 * code. Whoever asks must hand the id back: keep it where only the browser that asked has it, and never in the email.
 *
 * Source: RFC 4226 section 5.3 (digits from an HMAC); NIST SP 800-63B-4 section 3.2.2 (at most 100 wrong guesses).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'

export const CODE_MINUTES = 10
export const MOST_WRONG_GUESSES = 5
/** How many codes a subject gets in an hour, unless the caller says otherwise. */
export const CODES_PER_HOUR = 5
/** And in a day, for each one in an hour: five an hour and five guesses each make 100 guesses a day. */
const HOURS_WORTH_PER_DAY = 4
const DAY_MINUTES = 24 * 60

/** What a code is for. One that was sent for one purpose is unknown to every other. */
export type CodePurpose = 'sign-in' | 'shared-mailbox' | 'close-pharmacy'

/** What became of a guess. `expired`: it ran out, a later code replaced it, or there never was such a code. */
export type CodeAnswer = 'ok' | 'wrong' | 'expired' | 'used' | 'too-many'

/** A new code. Queue its email with `codeId`: the writer of the email gets the digits from `codeDigits`. */
export type IssuedCode = { readonly codeId: string; readonly code: string }

/**
 * Makes a code, which replaces those that the subject had for this purpose. Undefined when the subject has had too many
 * in this hour or day. Codes for one subject are made one after the other.
 */
export async function issueCode(
  tx: Tx,
  asked: {
    readonly purpose: CodePurpose
    readonly subject: string
    readonly now: Date
    readonly pepper: string
    readonly mostPerHour?: number
  },
): Promise<IssuedCode | undefined> {
  const { purpose, subject, now, pepper, mostPerHour = CODES_PER_HOUR } = asked
  await sql`select pg_advisory_xact_lock(hashtextextended(${`one-time code ${purpose} ${subject}`}, 0))`.execute(tx)
  const counts = await tx
    .selectFrom('one_time_code')
    .select((row) => [
      row.fn.countAll<number>().filterWhere('created_at', '>', later(now, -60).toISOString()).as('inHour'),
      row.fn.countAll<number>().as('inDay'),
    ])
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
    .where('created_at', '>', later(now, -DAY_MINUTES).toISOString())
    .executeTakeFirstOrThrow()
  if (Number(counts.inHour) >= mostPerHour || Number(counts.inDay) >= mostPerHour * HOURS_WORTH_PER_DAY)
    return undefined
  await tx
    .updateTable('one_time_code')
    .set({ replaced_at: now.toISOString() })
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
    .where('replaced_at', 'is', null)
    .execute()
  const codeId = randomBytes(16).toString('base64url')
  const expires_at = later(now, CODE_MINUTES).toISOString()
  await tx
    .insertInto('one_time_code')
    .values({ id: codeId, purpose, subject, created_at: now.toISOString(), expires_at })
    .execute()
  return { codeId, code: codeDigits(codeId, pepper) }
}

/**
 * Tries a code. A right one is used up; of two at once one is `ok`. A wrong guess must be counted, so the transaction has
 * to commit whatever the answer is.
 */
export async function takeCode(
  tx: Tx,
  guess: {
    readonly codeId: string
    readonly purpose: CodePurpose
    readonly code: string
    readonly now: Date
    readonly pepper: string
  },
): Promise<CodeAnswer> {
  const { codeId, purpose, code, now, pepper } = guess
  const row = await tx
    .selectFrom('one_time_code')
    .selectAll()
    .where('id', '=', codeId)
    .where('purpose', '=', purpose)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return 'expired'
  if (row.used_at) return 'used'
  if (row.replaced_at || Date.parse(row.expires_at) <= now.getTime()) return 'expired'
  if (row.wrong_guesses >= MOST_WRONG_GUESSES) return 'too-many'
  const right = isSame(code, codeDigits(codeId, pepper))
  const change = right ? { used_at: now.toISOString() } : { wrong_guesses: row.wrong_guesses + 1 }
  await tx.updateTable('one_time_code').set(change).where('id', '=', codeId).execute()
  return right ? 'ok' : 'wrong'
}

/** For whom a code is, and how often it may still be guessed; undefined when nobody's that we know. */
export async function loadCode(
  db: Queryable,
  { codeId, purpose }: { readonly codeId: string; readonly purpose: CodePurpose },
): Promise<{ readonly subject: string; readonly guessesLeft: number } | undefined> {
  const row = await db
    .selectFrom('one_time_code')
    .select(['subject', 'wrong_guesses'])
    .where('id', '=', codeId)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
  return row && { subject: row.subject, guessesLeft: Math.max(0, MOST_WRONG_GUESSES - row.wrong_guesses) }
}

/** The six digits of a code, from its id. */
export function codeDigits(codeId: string, pepper: string): string {
  const digest = createHmac('sha256', pepper).update(`one-time code ${codeId}`).digest()
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** Reads what somebody typed as a code: six digits, with spaces or dashes where they like. Undefined for anything else. */
export function parseCode(text: string): string | undefined {
  const digits = text.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '')
  return /^\d{6}$/.test(digits) ? digits : undefined
}

/** Deletes codes that count for no limit any more. */
export async function sweepCodes(db: Queryable, now: Date): Promise<void> {
  await db.deleteFrom('one_time_code').where('created_at', '<=', later(now, -DAY_MINUTES).toISOString()).execute()
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

const later = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000)
