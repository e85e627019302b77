/** "You are invited to look after a pharmacy": to somebody who may never have signed in. Text: access-invitation.njk */
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { type NamedPharmacy, pharmacyWords, roleWords, untilWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type AccessInvitation = {
  readonly kind: 'access-invitation'
  readonly invitationId: number
  /** 1 for the first; each sending again is an email of its own. */
  readonly timesSent: number
  readonly recipient: string
  readonly pharmacy: NamedPharmacy
  readonly role: PharmacyRole
  readonly lastDay: LocalDate | null
  /** Who invites, as they are shown to others. */
  readonly by: string
  /** UTC ISO text: accepting is possible until then. */
  readonly openUntil: string
}

const render = emailText<{
  pharmacy: string
  by: string
  email: string
  role: string
  until: string
  openUntil: string
  acceptAddress: string
  contactAddress: string
}>('emails/access-invitation.njk')

/** Writes the email. */
export function writeAccessInvitation(facts: AccessInvitation, baseUrl: string): Email {
  return {
    event: `access-invitation ${facts.invitationId} ${facts.timesSent}`,
    recipient: facts.recipient,
    subject: oneLine(`You are invited to look after ${pharmacyWords(facts.pharmacy)}`),
    text: render({
      pharmacy: pharmacyWords(facts.pharmacy),
      by: oneLine(facts.by),
      email: facts.recipient,
      role: roleWords(facts.role),
      until: untilWords(facts.lastDay),
      openUntil: formatDateShort(dateOf(toLondon(new Date(facts.openUntil)).day)),
      acceptAddress: `${baseUrl}/manage/invitations/${facts.invitationId}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
