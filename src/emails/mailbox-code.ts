/** A code and a link with which whoever reads a pharmacy's shared mailbox lets somebody in. Text: mailbox-code.njk */
import { type AskedAccess, type AskedWords, askedWords } from './access-request.ts'
import { pharmacyWords } from './access-words.ts'
import type { Email, EmailSecrets } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type MailboxCode = AskedAccess & {
  readonly kind: 'mailbox-code'
  readonly recipient: string
  /** The code and the link are made from it when the email is written. */
  readonly codeId: string
}

const render = emailText<AskedWords & { code: string; decideAddress: string; contactAddress: string }>(
  'emails/mailbox-code.njk',
)

/** Writes the email. Each code is an email of its own. */
export function writeMailboxCode(facts: MailboxCode, baseUrl: string, secrets: EmailSecrets): Email {
  const code = secrets.codeOf(facts.codeId)
  const linkKey = secrets.linkKeyOf(facts.codeId)
  return {
    event: `mailbox-code ${facts.codeId}`,
    recipient: facts.recipient,
    subject: oneLine(`${facts.asker.email} asks for access to ${pharmacyWords(facts.pharmacy)}: a code`),
    text: render({
      ...askedWords(facts),
      code,
      decideAddress: `${baseUrl}/confirm-access/${facts.requestId}/${linkKey}`,
      contactAddress: `${baseUrl}/contact`,
    }),
    secretWords: [code, linkKey],
  }
}
