/** Time to look again at what was done for a pharmacy: to whoever is on call now. Text: on-call-review.njk */
import { type NamedPharmacy, pharmacyWords, quotedLine } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type OnCallReview = {
  readonly kind: 'on-call-review'
  readonly callId: number
  /** UTC ISO text: when it was to be looked at. */
  readonly reviewAt: string
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  /** In the words of whoever acted. */
  readonly reason: string
  /** Whether the first on call has not answered. */
  readonly isEscalation: boolean
}

const render = emailText<{ pharmacy: string; reason: string; isEscalation: boolean; callAddress: string }>(
  'emails/on-call-review.njk',
)

/** Writes the email: once for each time of review, and once more when nobody has answered. */
export function writeOnCallReview(facts: OnCallReview, baseUrl: string): Email {
  const { callId, reviewAt, recipient, pharmacy, reason, isEscalation } = facts
  return {
    event: `on-call-review ${callId} ${reviewAt}${isEscalation ? ' escalated' : ''}`,
    recipient,
    subject: oneLine(`Look again: ${pharmacyWords(pharmacy)}`),
    text: render({
      pharmacy: pharmacyWords(pharmacy),
      reason: quotedLine(reason),
      isEscalation,
      callAddress: `${baseUrl}/on-call/calls/${callId}`,
    }),
  }
}
