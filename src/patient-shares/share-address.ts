/** A patient's address for those who must not learn it: as its sender knows it again, and as it is counted. Pure but for the hash. */
import { createHmac } from 'node:crypto'
import { phoneKey } from '#src/rules/contact-details.ts'
import { lastDigits } from '#src/rules/reachable-phone.ts'
import type { SendingMeans } from './share.form.ts'

/** `p…@example.com`, `number ending 982`. */
export function shownAddress(means: SendingMeans, recipient: string): string {
  if (means === 'text') return `number ending ${lastDigits(recipient)}`
  const at = recipient.lastIndexOf('@')
  return `${[...recipient][0] ?? ''}…${recipient.slice(at)}`
}

/** Equal for the same mailbox or number, however it was typed; says nothing to whoever lacks the pepper. */
export function addressHash(means: SendingMeans, recipient: string, pepper: string): string {
  const key = means === 'text' ? phoneKey(recipient) : recipient.toLowerCase()
  return createHmac('sha256', pepper).update(`patient ${key}`).digest('base64url').slice(0, 22)
}
