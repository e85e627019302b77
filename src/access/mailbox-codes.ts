/** Sends codes to a pharmacy's shared mailbox: with the request, and again when the one before ran out. */
import type { Actor } from '#src/accounts/actor.ts'
import { issueCode } from '#src/accounts/one-time-codes.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { AccessDeps } from './access-deps.ts'
import { type AccessRequest, loadAccessRequest } from './access-request-store.ts'
import { loadMailboxPower } from './mailbox-power.ts'
import { lockPeopleOf } from './members.ts'

/** With five guesses each, the chance to guess one of them is 1 in 40,000. */
export const MOST_CODES = 5
/** A second sending within this time is a second click. */
const SAME_CLICK_MS = 60_000

/** `limit`: this request has had all its codes. `no-mailbox`: the mailbox cannot decide about it any more. */
export type CodeSent = 'sent' | 'sent-before' | 'limit' | 'no-mailbox'

/** Sends a new code for somebody's own open request; undefined when they have no such request. */
export async function sendNewCode(deps: AccessDeps, actor: Actor, requestId: number): Promise<CodeSent | undefined> {
  const now = deps.clock.now()
  const known = await loadAccessRequest(deps.db.pool, requestId)
  if (!known || known.email !== actor.email) return undefined
  return await deps.db.transact(async (tx) => {
    await lockPeopleOf(tx, [known.odsCode])
    const request = await loadAccessRequest(tx, requestId)
    const stored = await loadProfile(tx, known.odsCode)
    if (!request || !stored || request.state !== 'asked') return undefined
    const power = await loadMailboxPower(tx, stored.profile, { ...request, now, domains: deps.sharedMailboxDomains })
    if (!power.mayDecide || power.address !== request.mailbox) return 'no-mailbox'
    if (request.codeSentAt && now.getTime() - Date.parse(request.codeSentAt) < SAME_CLICK_MS) return 'sent-before'
    return (await sendCode(tx, { request, pharmacyName: stored.profile.name, now, pepper: deps.pepper }))
      ? 'sent'
      : 'limit'
  })
}

/** Sends a code to the mailbox of a request; false when it has had all its codes. */
export async function sendCode(
  tx: Tx,
  given: {
    readonly request: AccessRequest
    readonly pharmacyName: string
    readonly now: Date
    readonly pepper: string
  },
): Promise<boolean> {
  const { request, pharmacyName, now, pepper } = given
  const { id, odsCode, email, name, jobRole, role, askedAt, mailbox, codesSent } = request
  if (mailbox === null || codesSent >= MOST_CODES) return false
  const issued = await issueCode(tx, {
    purpose: 'shared-mailbox',
    subject: `access-request ${id}`,
    now,
    pepper,
    mostPerHour: MOST_CODES,
  })
  if (!issued) return false
  const { codeId } = issued
  await tx
    .updateTable('access_request')
    .set({ code_id: codeId, codes_sent: codesSent + 1, code_sent_at: now.toISOString() })
    .where('id', '=', id)
    .execute()
  const asker = { email, name, jobRole }
  const pharmacy = { odsCode, name: pharmacyName }
  await queueEmail(tx, {
    kind: 'mailbox-code',
    requestId: id,
    recipient: mailbox,
    pharmacy,
    asker,
    role,
    askedAt,
    codeId,
  })
  return true
}
