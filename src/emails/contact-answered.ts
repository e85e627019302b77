/** "We have answered": to whoever said that a contact is wrong. Text: contact-answered.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ContactAnswered = {
  readonly kind: 'contact-answered'
  readonly recipient: string
  readonly correctionId: number
  /** The area's name and code. */
  readonly area: string
  readonly areaCode: string
}

const render = emailText<{ area: string; address: string }>('emails/contact-answered.njk')

/** Writes the email: one for each correction. The answer, and any number, stays on the page. */
export function writeContactAnswered(facts: ContactAnswered, baseUrl: string): Email {
  const named = oneLine(`${facts.area} (${facts.areaCode})`)
  return {
    event: `contact-answered ${facts.correctionId}`,
    recipient: facts.recipient,
    subject: `An answer about the contact for ${named}`,
    text: render({ area: named, address: `${baseUrl}/workspace/contacts/${facts.areaCode}` }),
  }
}
