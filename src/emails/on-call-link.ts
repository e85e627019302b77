/** Where a pharmacy closes without signing in, sent to its shared mailbox during a call. Text: on-call-link.njk */
import { type NamedPharmacy, pharmacyWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type OnCallLink = {
  readonly kind: 'on-call-link'
  readonly callId: number
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
}

const render = emailText<{ pharmacy: string; toolAddress: string; contactAddress: string }>('emails/on-call-link.njk')

/** Writes the email: once for each call. */
export const writeOnCallLink = ({ callId, recipient, pharmacy }: OnCallLink, baseUrl: string): Email => ({
  event: `on-call-link ${callId}`,
  recipient,
  subject: oneLine(`Say that ${pharmacyWords(pharmacy)} is closed`),
  text: render({
    pharmacy: pharmacyWords(pharmacy),
    toolAddress: `${baseUrl}/closed-now`,
    contactAddress: `${baseUrl}/contact`,
  }),
})
