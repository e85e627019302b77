/** "Is this closure still right?": every week while a long closure lasts. Opening the link changes nothing. Text: closure-confirm.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'
import { type ClosureAsked, type ClosureLines, closureLines } from './reopen-prompt.ts'

export type ClosureConfirm = ClosureAsked & { readonly kind: 'closure-confirm' }

const render = emailText<ClosureLines>('emails/closure-confirm.njk')

/** Writes the email. One week, one email. */
export function writeClosureConfirm(facts: ClosureConfirm, baseUrl: string): Email {
  return {
    event: `closure-confirm ${facts.closureId} ${facts.askedAt}`,
    recipient: facts.recipient,
    subject: oneLine(
      facts.services === null
        ? `Is ${facts.pharmacy} still closed?`
        : `Are services of ${facts.pharmacy} still closed?`,
    ),
    text: render(closureLines(facts, baseUrl)),
  }
}
