/** The public details of a service, to a patient whose professional asked for it. Text: patient-share.njk */
import type { Email } from './email.ts'
import { emailText } from './plain-text-email.ts'

/** What a patient is sent of a service: public facts in words, as the sender saw them. */
export type SharedDetails = {
  readonly name: string
  /** What a patient must know before all else, such as that it is closed; empty for nothing. */
  readonly warnings: readonly string[]
  readonly blocks: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  /** The last words about the facts, such as "Check before you travel". */
  readonly advice: string
  /** The page of the service that everybody may open; null when it has none. */
  readonly pageUrl: string | null
  /** `Sunday 22 November 2026`. */
  readonly asOf: string
}

/** It is not queued as other emails are: a queued email carries its recipient, and is kept for longer than a patient's may be. */
export type PatientShare = {
  readonly shareId: string
  readonly recipient: string
  /** What stands in the place of the recipient in what is kept. */
  readonly keptAs: string
  readonly details: SharedDetails
}

type View = SharedDetails & { readonly reference: string; readonly contactAddress: string }
const render = emailText<View>('emails/patient-share.njk')

/** What begins the event of every such email, so that they can be forgotten together. */
export const SHARE_EVENTS = 'patient-share '

/** `S-1B2C3D4E`: by which a patient and the audit name one sending. */
export const shareReference = (shareId: string): string => `S-${shareId.slice(0, 8).toUpperCase()}`

/** Writes the email. One sending, one email. Nothing in it was typed by whoever sends it. */
export function writePatientShare({ shareId, recipient, keptAs, details }: PatientShare, baseUrl: string): Email {
  return {
    event: `${SHARE_EVENTS}${shareId}`,
    recipient,
    keptAs,
    // Neutral: what kind of service it is must not be read on a locked screen.
    subject: 'Details of an NHS service, as agreed',
    text: render({ ...details, reference: shareReference(shareId), contactAddress: `${baseUrl}/contact` }),
  }
}
