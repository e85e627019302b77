/** A code with which a pharmacy is closed or reopened without signing in: to its shared mailbox. Text: closure-code.njk */
import { type NamedPharmacy, pharmacyWords } from './access-words.ts'
import type { Email, EmailSecrets } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ClosureCode = {
  readonly kind: 'closure-code'
  /** The digits are made from it when the email is written. */
  readonly codeId: string
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  /** UTC ISO text; after it the code is good for nothing. */
  readonly expiresAt: string
}

const render = emailText<{ pharmacy: string; code: string; contactAddress: string }>('emails/closure-code.njk')

/** Writes the email. One code, one email. */
export function writeClosureCode(facts: ClosureCode, baseUrl: string, { codeOf }: Pick<EmailSecrets, 'codeOf'>): Email {
  const code = codeOf(facts.codeId)
  const pharmacy = pharmacyWords(facts.pharmacy)
  return {
    event: `closure-code ${facts.codeId}`,
    recipient: facts.recipient,
    subject: oneLine(`A code to close ${pharmacy}`),
    text: render({ pharmacy, code, contactAddress: `${baseUrl}/contact` }),
    secretWords: [code],
    uselessAfter: facts.expiresAt,
  }
}
