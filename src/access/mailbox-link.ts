/**
 * The link in the email to a shared mailbox: `/confirm-access/REQUEST/KEY`. The key is an HMAC of the id of the code in
 * the same email, so that no table and no queue holds it, and a later email makes the earlier link worthless.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The key for the email that carries this code. */
export const mailboxLinkKey = (codeId: string, pepper: string): string =>
  createHmac('sha256', pepper).update(`shared mailbox link ${codeId}`).digest('base64url')

/** Whether a key is the one of the email that carried this code. Takes the same time for every wrong one. */
export function isMailboxLinkKey(key: string, codeId: string, pepper: string): boolean {
  const [one, other] = [Buffer.from(key), Buffer.from(mailboxLinkKey(codeId, pepper))]
  return one.length === other.length && timingSafeEqual(one, other)
}
