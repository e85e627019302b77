/** "Somebody says that a contact is wrong": to the leads of the area, else the desk. Text: contact-wrong.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ContactWrong = {
  readonly kind: 'contact-wrong'
  readonly recipient: string
  readonly correctionId: number
  /** The area's name and code. */
  readonly area: string
  readonly areaCode: string
}

const render = emailText<{ area: string; address: string }>('emails/contact-wrong.njk')

/** Writes the email: one for each correction. What it says, and any number, stays on the page. */
export function writeContactWrong({ recipient, correctionId, area, areaCode }: ContactWrong, baseUrl: string): Email {
  const named = oneLine(`${area} (${areaCode})`)
  return {
    event: `contact-wrong ${correctionId}`,
    recipient,
    subject: `The contact for ${named} may be wrong`,
    text: render({ area: named, address: `${baseUrl}/workspace/contact-corrections/${correctionId}` }),
  }
}
