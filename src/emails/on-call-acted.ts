/** The emergency desk acted for a pharmacy: to its owners, the local team and the service desk. Text: on-call-acted.njk */
import { type NamedPharmacy, pharmacyWords, quotedLine } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ToldParty = 'owner' | 'local-team' | 'service-desk'

export type OnCallActed = {
  readonly kind: 'on-call-acted'
  readonly noticeId: number
  readonly recipient: string
  readonly party: ToldParty
  readonly pharmacy: NamedPharmacy
  /** What was done, in sentences. */
  readonly done: string
  /** In the words of whoever did it. */
  readonly reason: string
  readonly by: string
  readonly isReminder: boolean
}

const WHY: Readonly<Record<ToldParty, string>> = {
  owner: 'You get this email because you own the profile of this pharmacy.',
  'local-team': 'You get this email because you lead the Directory of Services where this pharmacy is.',
  'service-desk': 'You get this email because you are on the service desk.',
}

const render = emailText<{
  pharmacy: string
  done: string
  reason: string
  by: string
  why: string
  isReminder: boolean
  noticeAddress: string
}>('emails/on-call-acted.njk')

/** Writes the email: once for each notice, and once more as a reminder. */
export function writeOnCallActed(facts: OnCallActed, baseUrl: string): Email {
  const { noticeId, recipient, pharmacy, isReminder } = facts
  const subject = `The emergency desk acted for ${pharmacyWords(pharmacy)}`
  return {
    event: `on-call-acted ${noticeId}${isReminder ? ' reminder' : ''}`,
    recipient,
    subject: oneLine(isReminder ? `Reminder: ${subject}` : subject),
    text: render({
      pharmacy: pharmacyWords(pharmacy),
      done: oneLine(facts.done),
      reason: quotedLine(facts.reason),
      by: oneLine(facts.by),
      why: WHY[facts.party],
      isReminder,
      noticeAddress: `${baseUrl}/on-call/notices/${noticeId}`,
    }),
  }
}
