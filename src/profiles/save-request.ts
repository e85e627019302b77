/** Something a person asks of the directory team: stored, audited and answered by email in one transaction. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'

export type DirectoryRequest = {
  readonly kind: 'missing-service' | 'missing-pharmacy'
  /** Empty when nobody knew it. */
  readonly odsCode: string
  readonly pharmacyName: string
  /** In the words of whoever asks. */
  readonly message: string
}

/** The facts of the email that says "we have your request". */
export type RequestEmail = {
  readonly kind: 'request-received'
  readonly requestId: number
  readonly recipient: string
  readonly name: string
  readonly missing?: 'pharmacy'
  readonly pharmacyName: string
  readonly odsCode: string
  readonly message: string
  readonly requestedAt: string
}

export type RequestDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly queueEmail: (tx: Tx, email: RequestEmail) => Promise<unknown>
}

/** A second sending of the same words within this time is a second click, not a second request. */
const SAME_REQUEST_MS = 10 * 60_000

/** Saves a request, unless this person sent the same one minutes ago. Returns its number. */
export async function saveRequest(
  { db, clock, queueEmail }: RequestDeps,
  actor: Actor,
  { kind, odsCode, pharmacyName, message }: DirectoryRequest,
): Promise<number> {
  const now = clock.now()
  const requestedAt = now.toISOString()
  const person = auditNameOf(actor)
  return db.transact(async (tx) => {
    const earlier = await tx
      .selectFrom('request')
      .select('id')
      .where('person', '=', person)
      .where('kind', '=', kind)
      .where('ods_code', '=', odsCode)
      .where('message', '=', message)
      .where('created_at', '>', new Date(now.getTime() - SAME_REQUEST_MS).toISOString())
      .executeTakeFirst()
    if (earlier) return earlier.id
    const { id } = await tx
      .insertInto('request')
      .values({ ods_code: odsCode, kind, message, person, created_at: requestedAt, closed_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await queueEmail(tx, {
      kind: 'request-received',
      requestId: id,
      recipient: actor.email,
      name: actor.name,
      ...(kind === 'missing-pharmacy' ? { missing: 'pharmacy' } : {}),
      pharmacyName,
      odsCode,
      message,
      requestedAt,
    })
    const detail = { request: id, odsCode, message }
    await appendToLedger(tx, requestedAt, [
      { actor: person, action: kind, target: `request:${id}`, detail, changes: [] },
    ])
    return id
  })
}
