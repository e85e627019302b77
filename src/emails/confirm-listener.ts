/** "Do you want to be told?": to an address that somebody gave for emails about closures. Text: confirm-listener.njk */
import { listenerKeyId } from './closure-nearby.ts'
import type { Email, EmailSecrets } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ConfirmListener = {
  readonly kind: 'confirm-listener'
  readonly recipient: string
  readonly listenerId: number
  readonly name: string
  /** `when Hill & Sons, M33 7AB (FX123) closes or reopens`. */
  readonly what: string
  /** Who gave the address: a name. */
  readonly addedBy: string
}

const render = emailText<{ name: string; what: string; addedBy: string; address: string; contactAddress: string }>(
  'emails/confirm-listener.njk',
)

/** Writes the email. One for each address that was added. */
export function writeConfirmListener(facts: ConfirmListener, baseUrl: string, secrets: EmailSecrets): Email {
  const key = secrets.linkKeyOf(listenerKeyId(facts.listenerId))
  return {
    event: `confirm-listener ${facts.listenerId}`,
    recipient: facts.recipient,
    subject: oneLine(`Do you want an email ${facts.what}?`),
    text: render({
      name: oneLine(facts.name),
      what: oneLine(facts.what),
      addedBy: oneLine(facts.addedBy),
      address: `${baseUrl}/closure-emails/${facts.listenerId}/${key}`,
      contactAddress: `${baseUrl}/contact`,
    }),
    secretWords: key === '' ? [] : [key],
  }
}
