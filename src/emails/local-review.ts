/** "Look at this local service again": to whoever answers for it, on the day of its review. Text: local-review.njk */
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type LocalReview = {
  readonly kind: 'local-review'
  readonly recipient: string
  readonly uid: number
  readonly service: string
  /** Who answers for it. */
  readonly owner: string
  /** The London day from which it is due. */
  readonly dueOn: LocalDate
}

const render = emailText<{ owner: string; service: string; due: string; address: string }>('emails/local-review.njk')

/** Writes the email: one for each review. */
export function writeLocalReview({ recipient, uid, service, owner, dueOn }: LocalReview, baseUrl: string): Email {
  const named = oneLine(`${service} (${uid})`)
  return {
    event: `local-review ${uid} ${dueOn}`,
    recipient,
    subject: `Review due: ${named}`,
    text: render({
      owner: oneLine(owner),
      service: named,
      due: formatDateShort(dueOn),
      address: `${baseUrl}/workspace/local-services/${uid}`,
    }),
  }
}
