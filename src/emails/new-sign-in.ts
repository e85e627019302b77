/** "New sign-in": to somebody who signed in on a device that we do not know from them. Text: new-sign-in.njk */
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type NewSignIn = {
  readonly kind: 'new-sign-in'
  /** Names the sign-in and nothing else; opens nothing. */
  readonly signInRef: string
  readonly recipient: string
  readonly name: string
  /** In plain words, such as `Chrome on Windows`; null when the browser did not say. */
  readonly device: string | null
  /** UTC ISO text. */
  readonly signedInAt: string
}

const render = emailText<{
  name: string
  email: string
  device: string
  signedInOn: string
  accountAddress: string
  contactAddress: string
}>('emails/new-sign-in.njk')

/** Writes the email. One sign-in, one email. */
export function writeNewSignIn(facts: NewSignIn, baseUrl: string): Email {
  const { day, minute } = toLondon(new Date(facts.signedInAt))
  return {
    event: `new-sign-in ${facts.signInRef}`,
    recipient: facts.recipient,
    subject: 'New sign-in to your Signpost account',
    text: render({
      name: oneLine(facts.name),
      email: facts.recipient,
      device: facts.device ?? 'A browser that did not say what it is',
      signedInOn: `${formatDate(dateOf(day))} at ${formatTime(minute)}`,
      accountAddress: `${baseUrl}/account`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
