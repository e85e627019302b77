/** "Your code to sign in": to whoever gave this address on the sign-in page. Text: sign-in-code.njk */
import type { Email, EmailSecrets } from './email.ts'
import { emailText } from './plain-text-email.ts'

/** The digits are not among the facts: whoever reads the outbox or its copy learns none. */
export type SignInCode = {
  readonly kind: 'sign-in-code'
  readonly codeId: string
  readonly recipient: string
  /** UTC ISO text; after it the code is good for nothing. */
  readonly expiresAt: string
}

const render = emailText<{ code: string; codeAddress: string; contactAddress: string }>('emails/sign-in-code.njk')

/** Writes the email. One code, one email. */
export function writeSignInCode(facts: SignInCode, baseUrl: string, { codeOf }: Pick<EmailSecrets, 'codeOf'>): Email {
  const code = codeOf(facts.codeId)
  return {
    event: `sign-in-code ${facts.codeId}`,
    recipient: facts.recipient,
    subject: 'Your code to sign in to Signpost',
    text: render({ code, codeAddress: `${baseUrl}/sign-in/email/code`, contactAddress: `${baseUrl}/contact` }),
    secretWords: [code],
    uselessAfter: facts.expiresAt,
  }
}
