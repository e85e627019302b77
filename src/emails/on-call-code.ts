/** A code by which a caller shows the emergency desk that they read the shared mailbox. Text: on-call-code.njk */
import { type NamedPharmacy, pharmacyWords } from './access-words.ts'
import type { Email, EmailSecrets } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type OnCallCode = {
  readonly kind: 'on-call-code'
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  /** The code is made from it when the email is written. */
  readonly codeId: string
}

const render = emailText<{ pharmacy: string; code: string; contactAddress: string }>('emails/on-call-code.njk')

/** Writes the email. Each code is an email of its own. */
export function writeOnCallCode(
  { codeId, recipient, pharmacy }: OnCallCode,
  baseUrl: string,
  secrets: EmailSecrets,
): Email {
  const code = secrets.codeOf(codeId)
  return {
    event: `on-call-code ${codeId}`,
    recipient,
    subject: oneLine(`A code for your call about ${pharmacyWords(pharmacy)}`),
    text: render({ pharmacy: pharmacyWords(pharmacy), code, contactAddress: `${baseUrl}/contact` }),
    secretWords: [code],
  }
}
