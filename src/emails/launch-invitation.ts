/** "Look after your pharmacy's profile here": to a pharmacy's shared mailbox, once. Text: launch-invitation.njk */
import { type NamedPharmacy, pharmacyWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type LaunchInvitation = {
  readonly kind: 'launch-invitation'
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
}

const render = emailText<{
  pharmacy: string
  odsCode: string
  signInAddress: string
  publicAddress: string
  contactAddress: string
}>('emails/launch-invitation.njk')

/** Writes the email. One a pharmacy, for ever. */
export function writeLaunchInvitation({ recipient, pharmacy }: LaunchInvitation, baseUrl: string): Email {
  return {
    event: `launch-invitation ${pharmacy.odsCode}`,
    recipient,
    subject: oneLine(`Look after the NHS profile of ${pharmacyWords(pharmacy)}`),
    text: render({
      pharmacy: pharmacyWords(pharmacy),
      odsCode: pharmacy.odsCode,
      signInAddress: `${baseUrl}/manage/access`,
      publicAddress: `${baseUrl}/pharmacies/${pharmacy.odsCode}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
